"""From a client's address to a contributor: enough to cap what one may weigh, nothing that tells who it is."""

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address, ip_network

CONTRIBUTOR_BYTES = 16
SUBSCRIBER_PREFIX = 64
"""An IPv6 subscriber has a /64 or more and changes addresses within it (RFC 8981)."""


def hash_address(key: bytes, address: str | None) -> bytes:
    """
    Make a contributor of a client's address.

    There are only four billion IPv4 addresses, so it is the secret key that keeps them from being tried out.

    Args:
        key: the service's CONTRIBUTOR_KEY.
        address: as the outermost trusted proxy saw it; None behind a socket without one.

    Returns:
        16 bytes, HMAC-SHA256 cut short.

    >>> hash_address(b"key", "2001:db8::1") == hash_address(b"key", "2001:db8::ffff:2")
    True
    >>> hash_address(b"key", "192.0.2.1") == hash_address(b"key", "192.0.2.2")
    False
    """
    return hmac.digest(key, reduce_address(address or "").encode(), hashlib.sha256)[:CONTRIBUTOR_BYTES]


def reduce_address(address: str) -> str:
    """
    Reduce an address to what stays the same for one subscriber.

    >>> reduce_address("2001:db8:0:1:2:3:4:5"), reduce_address("::ffff:192.0.2.1"), reduce_address("192.0.2.1")
    ('2001:db8:0:1::', '192.0.2.1', '192.0.2.1')
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((int(parsed), SUBSCRIBER_PREFIX), strict=False).network_address)
