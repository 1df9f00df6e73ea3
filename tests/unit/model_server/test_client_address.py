"""A contributor stands for a client's address and tells nothing of it."""

import pytest

from model_server.client_address import hash_address, reduce_address

KEY = bytes(range(16))


@pytest.mark.parametrize(
    ("address", "reduced"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2::", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::"),
        ("", "unknown"),
        ("192.0.2.1, 10.0.0.1", "unknown"),
    ],
)
def test_an_address_is_reduced_to_its_subscriber(address: str, reduced: str) -> None:
    """Who has a /64 has 2^64 addresses, and still weighs as one."""
    assert reduce_address(address) == reduced


def test_a_contributor_depends_on_the_key() -> None:
    """Without the key nobody can try out all addresses."""
    assert len(hash_address(KEY, "192.0.2.1")) == 16
    assert hash_address(KEY, "192.0.2.1") == hash_address(KEY, "192.0.2.1")
    assert hash_address(KEY, "192.0.2.1") != hash_address(KEY[::-1], "192.0.2.1")
    assert hash_address(KEY, None) == hash_address(KEY, "")
