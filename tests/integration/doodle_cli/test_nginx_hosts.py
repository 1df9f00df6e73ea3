"""The proxy, for real: a request has one host, it is a plain name, and where we are given names it is one of ours."""

import json
from collections.abc import Iterator

import pytest

from doodle_cli.config import FrontSettings
from doodle_testing.echo_site import Site, running_site
from doodle_testing.raw_http import exchange, get


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(get(b"/api/v1/stats"), id="none"),
        pytest.param(get(b"/api/v1/stats", b"localhost", b"localhost"), id="twice"),
        pytest.param(get(b"/api/v1/stats", b"localhost", b"evil.example"), id="two"),
        pytest.param(get(b"http://localhost/api/v1/stats", b"evil.example"), id="another in the address"),
        pytest.param(get(b"http://evil.example/api/v1/stats", b"localhost"), id="another in the header"),
        pytest.param(get(b"/api/v1/stats", b"local host"), id="space"),
        pytest.param(get(b"/api/v1/stats", b"localhost/path"), id="slash"),
        pytest.param(get(b"/api/v1/stats", b"user@localhost"), id="user"),
        pytest.param(get(b"/api/v1/stats", b"localhost:80:80"), id="two ports"),
        pytest.param(get(b"/api/v1/stats", b"localhost:evil"), id="port that is none"),
        pytest.param(get(b"/api/v1/stats", b'localhost"><script>'), id="markup"),
        pytest.param(get(b"/api/v1/stats", b"localhost,evil.example"), id="list"),
        pytest.param(get(b"/api/v1/stats", b"localhost#"), id="fragment"),
        pytest.param(get(b"/api/v1/stats", b"localhost\\evil"), id="backslash"),
        pytest.param(get(b"/api/v1/stats", b"localh\xc3\xb6st"), id="no ASCII"),
        pytest.param(get(b"/api/v1/stats", b"[::1"), id="open bracket"),
        pytest.param(get(b"/api/v1/stats", b"localhost\x00.evil"), id="NUL"),
        pytest.param(get(b"/api/v1/stats", b"../etc"), id="path"),
        pytest.param(get(b"//localhost@evil.example/api/v1/stats", b"localhost"), id="user in the address"),
    ],
)
def test_a_host_that_is_no_plain_name_reaches_no_service(site: Site, request_bytes: bytes) -> None:
    """Where a cookie's request came from is compared with the host, so there is one, and it is one for everybody."""
    seen_before = len(site.model_server.seen)

    answer = exchange(site.port, request_bytes)

    assert [status in {400, 404, 421} for status in answer.statuses] == [True]
    assert b"application/problem+json" in answer.content
    assert site.model_server.seen[seen_before:] == []


@pytest.mark.parametrize(
    ("target", "host"),
    [
        (b"/api/v1/stats", b"localhost"),
        (b"/api/v1/stats", b"LocalHost:3030"),
        (b"/api/v1/stats", b"localhost."),
        (b"/api/v1/stats", b"10.0.0.7:8080"),
        (b"/api/v1/stats", b"[::1]:3030"),
        (b"/api/v1/stats", b"xn--zeichnen-n4a.example"),
        (b"/api/v1/stats", b"my_host"),
        (b"http://localhost:3030/api/v1/stats", b"localhost:3030"),
    ],
)
def test_the_service_is_told_the_host_the_browser_meant(site: Site, target: bytes, host: bytes) -> None:
    """With its port: that is what `Origin` is compared with."""
    answer = exchange(site.port, get(target, host))

    got = json.loads(answer.content.partition(b"\r\n\r\n")[2])
    assert (got["headers"]["host"].encode(), got["path"]) == (host, "/api/v1/stats")


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_a_very_old_client_is_answered(site: Site, version: bytes) -> None:
    """HTTP/1.0 knows no host; it is no reason to fall silent."""
    hosts = () if version == b"1.0" else (b"localhost",)

    assert exchange(site.port, get(b"/api/v1/stats", *hosts, version=version)).statuses == [200]


@pytest.fixture(scope="module")
def named_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """nginx that goes by some names only."""
    front = FrontSettings(hosts=("doodles.example", "*.draw.example"))
    with running_site(tmp_path_factory.mktemp("named"), front) as running:
        yield running


@pytest.mark.parametrize(
    "host",
    [
        "doodles.example",
        "DOODLES.example:3030",
        "doodles.example.",
        "a.draw.example",
        "localhost:1",
        "127.0.0.1",
        "[::1]:8",
    ],
)
def test_it_answers_under_its_names(named_site: Site, host: str) -> None:
    """Those it was given, and this machine's own."""
    assert exchange(named_site.port, get(b"/", host.encode())).statuses == [200]


@pytest.mark.parametrize(
    "host", ["evil.example", "xdoodles.example", "doodles.example.evil", "draw.example", "10.0.0.7", "127.0.0.2"]
)
def test_it_answers_under_no_other_name(named_site: Site, host: str) -> None:
    """A page whose name somebody has pointed at this machine (DNS rebinding) gets neither pages nor API."""
    seen_before = len(named_site.model_server.seen)

    for path in (b"/", b"/api/v1/stats", b"/api/v1/events", b"/models/0123456789ab/model.json", b"/nothing"):
        answer = exchange(named_site.port, get(path, host.encode()))

        assert answer.statuses == [421]
        assert json.loads(answer.content.partition(b"\r\n\r\n")[2])["status"] == 421
    assert named_site.model_server.seen[seen_before:] == []


def test_health_is_told_under_any_name(named_site: Site) -> None:
    """A load balancer asks by address."""
    for path in (b"/healthz", b"/readyz"):
        assert exchange(named_site.port, get(path, b"10.0.0.7")).statuses == [200]
