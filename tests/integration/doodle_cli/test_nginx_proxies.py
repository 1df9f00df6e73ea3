"""The proxy, for real, behind others: whom it believes who asks, and how."""

from collections.abc import Iterator

import httpx
import pytest

from doodle_cli.config import FrontSettings
from doodle_testing.echo_site import Site, running_site
from doodle_testing.raw_http import exchange


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """nginx that trusts this machine and one network, and lets an address write once."""
    front = FrontSettings(writes_per_second=1, writes_burst=1, trusted_proxies=("127.0.0.1", "10.0.0.0/8", "fd00::/8"))
    with running_site(tmp_path_factory.mktemp("site"), front) as running:
        yield running


@pytest.mark.parametrize(
    ("forwarded_for", "client"),
    [
        (["203.0.113.9"], "203.0.113.9"),
        (["203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        (["198.51.100.1, 203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        (["10.9.9.9, 203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        (["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        (["2001:db8::7"], "2001:db8::7"),
        (["2001:db8::7, fd00::1"], "2001:db8::7"),
        (["203.0.113.9:4711"], "203.0.113.9"),
        (["[2001:db8::7]:4711"], "2001:db8::7"),
        (["nonsense"], "127.0.0.1"),
        (["<script>, 203.0.113.9"], "203.0.113.9"),
        ([], "127.0.0.1"),
    ],
)
def test_the_client_is_the_last_that_no_proxy_of_ours_can_be(site: Site, forwarded_for: list[str], client: str) -> None:
    """What stands further left, the client may have written itself; services are told one address, whatever came."""
    headers = [("X-Forwarded-For", each) for each in forwarded_for]

    seen = httpx.get(f"{site.url}/api/v1/stats", headers=headers).json()["headers"]

    assert seen["x-forwarded-for"] == client


@pytest.mark.parametrize(
    ("proto", "scheme"),
    [("https", "https"), ("http", "http"), ("wss", "http"), ("https, http", "http"), ("", "http"), ("HTTPS", "https")],
)
def test_a_trusted_proxy_may_say_that_the_client_came_by_tls(site: Site, proto: str, scheme: str) -> None:
    """Then cookies are marked and HSTS is sent, although this last stretch is plain."""
    answer = httpx.get(f"{site.url}/api/v1/stats", headers={"X-Forwarded-Proto": proto, "Host": "doodles.example"})

    assert answer.json()["headers"]["x-forwarded-proto"] == scheme
    assert ("Strict-Transport-Security" in answer.headers) == (scheme == "https")


def test_clients_behind_a_proxy_are_limited_one_by_one(site: Site) -> None:
    """One that sends too much does not silence the others."""
    url = f"{site.url}/api/v1/doodles"
    first, second = ({"X-Forwarded-For": address} for address in ("203.0.113.50", "203.0.113.51"))

    assert [httpx.post(url, headers=first).status_code for _ in range(3)] == [200, 200, 429]
    assert httpx.post(url, headers=second).status_code == 200


def test_a_stranger_is_not_believed(tmp_path_factory: pytest.TempPathFactory) -> None:
    """From outside the trusted networks a client is who it is, whatever it writes."""
    front = FrontSettings(writes_per_second=1, writes_burst=1, trusted_proxies=("10.0.0.0/8",))
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "Host": "doodles.example"}
    with running_site(tmp_path_factory.mktemp("site"), front) as site:
        answer = httpx.get(f"{site.url}/api/v1/stats", headers=forged)
        statuses = [
            httpx.post(f"{site.url}/api/v1/doodles", headers={"X-Forwarded-For": f"203.0.113.{i}"}).status_code
            for i in range(3)
        ]

    seen = answer.json()["headers"]
    assert (seen["x-forwarded-for"], seen["x-forwarded-proto"]) == ("127.0.0.1", "http")
    assert "Strict-Transport-Security" not in answer.headers
    assert statuses == [200, 200, 429]


def test_the_protocol_of_proxies_is_not_spoken(site: Site) -> None:
    """PROXY lines are for load balancers that were told to send them; here they are noise."""
    answer = exchange(site.port, b"PROXY TCP4 203.0.113.9 127.0.0.1 1 2\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert answer.statuses == [400]
