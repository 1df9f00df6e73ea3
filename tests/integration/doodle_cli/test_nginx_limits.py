"""The proxy, for real: what one client may take, and that being slow takes nothing from anybody."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from doodle_cli.config import FrontSettings
from doodle_testing.echo_site import VERSION, Site, running_site
from doodle_testing.raw_http import RawAnswer, collect

CLIENT_SECONDS = 2
PATIENCE_SECONDS = 12.0
"""What is over after CLIENT_SECONDS is noticed within this, on the busiest machine."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """nginx that waits two seconds for its clients, and lets one have three requests and two streams at once."""
    front = FrontSettings(
        writes_per_second=1000,
        writes_burst=1000,
        requests_at_once=3,
        streams_at_once=2,
        client_seconds=CLIENT_SECONDS,
        error_log="info",
    )
    with running_site(tmp_path_factory.mktemp("site"), front) as running:
        yield running


@contextmanager
def connected(site: Site, request: bytes) -> Iterator[socket.socket]:
    """Send the beginning of something, and keep the connection."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(request)
        yield connection


def drip(connection: socket.socket, piece: Callable[[int], bytes]) -> RawAnswer:
    """Send a little again and again, faster than nginx loses its patience with silence, until it does with the rest."""
    connection.settimeout(CLIENT_SECONDS / 5)
    began = time.monotonic()
    for count in range(1_000_000):
        assert time.monotonic() - began < PATIENCE_SECONDS, "nginx waits for ever"
        try:
            connection.sendall(piece(count))
        except (BrokenPipeError, ConnectionResetError):
            return RawAnswer(b"", is_closed=True)
        answer = collect(connection)
        if answer.is_closed:
            return answer
    raise AssertionError


def test_headers_that_never_end_are_not_waited_for(site: Site) -> None:
    """One header a moment keeps nobody busy: all of them have one time together (slowloris)."""
    with connected(site, b"GET / HTTP/1.1\r\nHost: localhost\r\n") as connection:
        answer = drip(connection, lambda count: b"X-%d: 1\r\n" % count)

    assert (answer.is_closed, answer.content) == (True, b"")


def test_a_silent_connection_is_closed(site: Site) -> None:
    """Whoever connects and says nothing does not keep the place."""
    with connected(site, b"") as connection:
        assert collect(connection) == RawAnswer(b"", is_closed=True)


def test_a_body_that_stops_is_not_waited_for(site: Site) -> None:
    """And the service never hears of it."""
    seen_before = len(site.model_server.seen)

    with connected(
        site, b"POST /api/v1/doodles HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nsome"
    ) as slow:
        answer = collect(slow)

    assert (answer.is_closed, answer.content) == (True, b"")
    assert site.model_server.seen[seen_before:] == []


def test_a_slow_body_keeps_no_service_waiting(site: Site) -> None:
    """A body is read to its end before a service hears of it: what is slow is a connection of nginx, and no worker."""
    seen_before = len(site.model_server.seen)
    start = b"POST /api/v1/doodles HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 6\r\n\r\n"

    with connected(site, start) as slow:
        for _ in range(5):
            slow.sendall(b"x")  # each piece has a time of its own
            assert httpx.get(f"{site.url}/api/v1/stats").status_code == 200
            assert [line for line in site.model_server.seen[seen_before:] if "POST" in line] == []
        slow.sendall(b"x")
        answer = collect(slow)

    assert answer.statuses == [200]
    assert json.loads(answer.content.partition(b"\r\n\r\n")[2])["length"] == 6


def test_who_does_not_take_an_answer_is_let_go(site: Site) -> None:
    """A client that asks for much and reads nothing is cut off, and nginx keeps no more of the answer than it said."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(PATIENCE_SECONDS)
        connection.connect(("127.0.0.1", site.port))
        connection.sendall(b"GET /api/v1/large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        began = time.monotonic()
        while '"path":"/api/v1/large"' not in site.log:
            assert time.monotonic() - began < PATIENCE_SECONDS, "nginx waits for ever"
            time.sleep(0.05)
        answer = collect(connection)

    assert answer.is_closed
    assert len(answer.content) < 20_000_000


def test_a_picture_may_be_large(site: Site) -> None:
    """20 MB for what is to be predicted, and not a byte more; nothing else may be that large."""
    size = 20 * 1024 * 1024

    taken = httpx.post(f"{site.url}/api/v1/predict", content=bytes(size), timeout=PATIENCE_SECONDS)
    assert (taken.status_code, taken.json()["length"]) == (200, size)
    for path in ("predict", "doodles", "labels"):
        head = f"POST /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size + 1}\r\n\r\n"
        with connected(site, head.encode()) as refused:
            assert collect(refused).statuses == [413]


@pytest.mark.parametrize(("path", "other"), [("predict", "doodles"), ("doodles", "predict")])
@pytest.mark.parametrize("length", [b"Content-Length: 600000", b"Transfer-Encoding: chunked"], ids=["told", "chunked"])
def test_few_large_bodies_are_taken_at_a_time(site: Site, path: str, other: str, length: bytes) -> None:
    """Two of one client; pictures and batches are counted apart, small ones and reading not at all."""
    start = b"POST /api/v1/%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n" % (path.encode(), length)
    url = f"{site.url}/api/v1/{path}"
    with connected(site, start), connected(site, start):
        statuses: set[int] = set()
        # Until nginx has read the others' heads.
        began = time.monotonic()
        while 429 not in statuses:
            assert time.monotonic() - began < CLIENT_SECONDS
            statuses.add(httpx.post(url, content=bytes(600_000)).status_code)
        small = httpx.post(url, content=bytes(1000)).status_code
        apart = httpx.post(f"{site.url}/api/v1/{other}", content=bytes(600_000)).status_code
        read = httpx.get(url).status_code

    assert (statuses <= {200, 429}, small, apart, read) == (True, 200, 200, 200)


@contextmanager
def held(site: Site, num: int, path: str = "/api/v1/held") -> Iterator[None]:
    """Have some requests under way; the service answers them when the block ends."""
    seen_before = len(site.model_server.seen)
    site.model_server.may_answer.clear()
    with ThreadPoolExecutor(num) as pool:
        waiting = [pool.submit(httpx.get, site.url + path, timeout=20) for _ in range(num)]
        try:
            began = time.monotonic()
            while len(site.model_server.seen) < seen_before + num:
                assert time.monotonic() - began < PATIENCE_SECONDS
                time.sleep(0.01)
            yield
        finally:
            site.model_server.may_answer.set()
        assert [each.result().status_code for each in waiting] == [200] * num


@pytest.mark.parametrize("path", ["/api/v1/stats", "/", "/nothing", f"/models/{VERSION}/model.json"])
def test_one_client_has_no_more_than_its_share_under_way(site: Site, path: str) -> None:
    """Whoever asks for more at once is told so in JSON, for every kind of thing, and is welcome again afterwards."""
    with held(site, 3):
        refused = httpx.get(site.url + path)

    assert (refused.status_code, refused.json()["status"], refused.headers["Retry-After"]) == (429, 429, "1")
    assert httpx.get(site.url + path).status_code != 429


def test_streams_are_counted_apart(site: Site) -> None:
    """A family with open pages behind one address can still draw; one page too many waits for its news."""
    url = f"{site.url}/api/v1/events"
    with ExitStack() as stack:
        streams = [stack.enter_context(httpx.stream("GET", url, timeout=5)).iter_raw() for _ in range(2)]
        assert [next(stream) for stream in streams] == [b"data: first\n\n"] * 2

        refused = httpx.get(url)
        with held(site, 2):
            assert httpx.get(f"{site.url}/api/v1/stats").status_code == 200

    assert (refused.status_code, refused.json()["status"]) == (429, 429)


def test_what_is_refused_is_logged_without_the_client(tmp_path: Path) -> None:
    """Unless somebody turns the error log up, no line of nginx's holds a client's address, whatever clients do."""
    front = FrontSettings(writes_per_second=1, writes_burst=1, trusted_proxies=("127.0.0.1",), client_seconds=1)
    with running_site(tmp_path, front, with_training_server=False) as site:
        headers = {"X-Forwarded-For": "203.0.113.9"}
        statuses = [
            httpx.post(f"{site.url}/api/v1/doodles", headers=headers).status_code,
            httpx.post(f"{site.url}/api/v1/doodles", headers=headers).status_code,
            httpx.post(f"{site.url}/api/v1/doodles", headers=headers).status_code,
            httpx.post(f"{site.url}/api/v1/train", headers=headers, content=bytes(99_999)).status_code,
            httpx.get(f"{site.url}/api/v1/train", headers=headers).status_code,
            httpx.get(f"{site.url}/nothing", headers=headers).status_code,
            httpx.get(f"{site.url}/api/v1/stats", headers={**headers, "X-Long": "a" * 9000}).status_code,
        ]
        with connected(site, b"GET / HTTP/1.1\r\nX-Forwarded-For: 203.0.113.9\r\n") as connection:
            collect(connection)

        assert statuses == [200, 200, 429, 413, 502, 404, 431]
        assert "203.0.113.9" not in site.log
        assert [line for line in site.log.splitlines() if not line.startswith("{")] == []
