"""The proxy, for real: requests that two readers could read in two ways, or that are too long, reach no service."""

import json

import pytest

from doodle_testing.echo_site import Site
from doodle_testing.raw_http import exchange, get

HIDDEN = b"GET /api/v1/hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"


CHUNKED_HIDDEN = b"0\r\n\r\n" + HIDDEN


def post(*headers: bytes, body: bytes = b"", version: bytes = b"1.1") -> bytes:
    """Write a POST of doodles, the route whose connections to the service are kept."""
    start = b"POST /api/v1/doodles HTTP/" + version + b"\r\nHost: localhost\r\n"
    return start + b"".join(header + b"\r\n" for header in headers) + b"\r\n" + body


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(
            post(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=CHUNKED_HIDDEN), id="length and chunked"
        ),
        pytest.param(
            post(b"Transfer-Encoding: chunked", b"Content-Length: 60", body=CHUNKED_HIDDEN), id="chunked and length"
        ),
        pytest.param(post(b"Content-Length: 0", b"Content-Length: 50", body=HIDDEN), id="two lengths"),
        pytest.param(post(b"Content-Length: 50", b"Content-Length: 0", body=HIDDEN), id="two lengths, other way"),
        pytest.param(post(b"Content-Length: 0, 50", body=HIDDEN), id="list of lengths"),
        pytest.param(post(b"Content-Length: +5", body=b"hello"), id="signed length"),
        pytest.param(post(b"Content-Length: 0x5", body=b"hello"), id="hexadecimal length"),
        pytest.param(post(b"Content-Length: -1", body=HIDDEN), id="negative length"),
        pytest.param(post(b"Content-Length : 5", body=b"hello"), id="space before the colon"),
        pytest.param(post(b"Transfer-Encoding : chunked", body=CHUNKED_HIDDEN), id="chunked, space before the colon"),
        pytest.param(post(b"Transfer-Encoding: chunked, identity", body=CHUNKED_HIDDEN), id="two codings"),
        pytest.param(post(b"Transfer-Encoding: xchunked", body=CHUNKED_HIDDEN), id="unknown coding"),
        pytest.param(post(b"Transfer-Encoding: gzip, chunked", body=CHUNKED_HIDDEN), id="compressed chunks"),
        pytest.param(
            post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", body=CHUNKED_HIDDEN), id="coded twice"
        ),
        pytest.param(
            post(b"Transfer-Encoding: chunked", body=CHUNKED_HIDDEN, version=b"1.0"), id="chunked in HTTP/1.0"
        ),
        pytest.param(post(b"Transfer-Encoding: chunked", body=b"zz\r\n\r\n" + HIDDEN), id="chunk without a size"),
        pytest.param(post(b"Transfer-Encoding: chunked", body=b"-1\r\n\r\n" + HIDDEN), id="negative chunk"),
        pytest.param(
            post(b"Transfer-Encoding: chunked", body=b"ffffffffffffffff1\r\n\r\n" + HIDDEN), id="chunk past counting"
        ),
        pytest.param(post(b"X-One: 1", b" Content-Length: 50", body=HIDDEN), id="folded header"),
        pytest.param(post(b"Transfer-Encoding:", b" chunked", body=CHUNKED_HIDDEN), id="folded coding"),
        pytest.param(post(b"Content-Length: 5\x00", body=b"hello"), id="NUL in a header"),
        pytest.param(b"POST /api/v1/doodles\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n", id="NUL in the address"),
        pytest.param(b"GET /api/v1/stats HTTP/2.0\r\nHost: localhost\r\n\r\n", id="HTTP/2 by name"),
        pytest.param(b"GET /api/v1/stats HTTP/1.1 x\r\nHost: localhost\r\n\r\n", id="more after the version"),
        pytest.param(b"G{T /api/v1/stats HTTP/1.1\r\nHost: localhost\r\n\r\n", id="no method"),
        pytest.param(b"CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n", id="CONNECT"),
        pytest.param(b"TRACE /api/v1/stats HTTP/1.1\r\nHost: localhost\r\n\r\n", id="TRACE"),
    ],
)
def test_a_request_with_two_readings_reaches_no_service(site: Site, request_bytes: bytes) -> None:
    """Where one request ends and the next begins is never a matter of opinion."""
    seen_before = len(site.model_server.seen)

    answer = exchange(site.port, request_bytes)

    assert answer.is_closed
    assert [status for status in answer.statuses if status not in {400, 405, 501, 505}] == []
    assert site.model_server.seen[seen_before:] == []


@pytest.mark.parametrize(
    ("request_bytes", "length"),
    [
        pytest.param(
            post(b"Transfer-Encoding: chunked", b"Connection: close", body=b"5\r\nhello\r\n0\r\n\r\n"), 5, id="chunked"
        ),
        pytest.param(
            post(b"Transfer-Encoding: ChUnKeD", b"Connection: close", body=b"5\r\nhello\r\n0\r\n\r\n"), 5, id="case"
        ),
        pytest.param(
            post(b"Transfer-Encoding: chunked", b"Connection: close", body=b"5;a=b\r\nhello\r\n0\r\n\r\n"),
            5,
            id="extension of a chunk",
        ),
        pytest.param(
            post(b"Transfer-Encoding: chunked", b"Connection: close", body=b"5\r\nhello\r\n0\r\nX-Later: 1\r\n\r\n"),
            5,
            id="trailer",
        ),
        pytest.param(
            post(b"Content-Length: 5", b"Connection: close", body=b"hello").replace(b"\r\n", b"\n"), 5, id="bare LF"
        ),
        pytest.param(
            post(b"Content_Length: 90", b"Content-Length: 5", b"Connection: close", body=b"hello"), 5, id="underscore"
        ),
        pytest.param(
            post(b"Content-Length: 5", b"Upgrade: h2c", b"HTTP2-Settings: AAMA", b"Connection: close", body=b"hello"),
            5,
            id="upgrade to HTTP/2",
        ),
    ],
)
def test_what_can_be_read_in_one_way_is_passed_on_in_it(site: Site, request_bytes: bytes, length: int) -> None:
    """However a body came, the service gets one request with its length, and no word about how it was sent."""
    seen_before = len(site.model_server.seen)

    answer = exchange(site.port, request_bytes)

    assert answer.statuses == [200]
    got = json.loads(answer.content.partition(b"\r\n\r\n")[2])
    assert (got["length"], got["headers"]["content-length"]) == (length, str(length))
    refused = {"transfer-encoding", "upgrade", "content_length", "trailer"}
    assert refused & set(got["headers"]) == set()
    assert site.model_server.seen[seen_before:] == ["POST /api/v1/doodles HTTP/1.1"]


def test_requests_in_a_row_are_answered_in_their_order(site: Site) -> None:
    """Pipelining works, and each answer belongs to its request."""
    one = b"GET /api/v1/%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"

    answer = exchange(site.port, one % (b"first", b"") + one % (b"second", b"Connection: close\r\n"))

    assert answer.statuses == [200, 200]
    assert answer.content.index(b"/api/v1/first") < answer.content.index(b"/api/v1/second")


@pytest.mark.parametrize(
    "header",
    [
        b"X_Forwarded_For: 203.0.113.9",
        b"X-Forwarded_For: 203.0.113.9",
        b"X Forwarded For: 203.0.113.9",
        b"X.Forwarded.Proto: https",
        b"X-Request_Id: 0123456789abcdef",
    ],
)
def test_no_other_spelling_of_a_header_gets_through(site: Site, header: bytes) -> None:
    """Python's servers read an underscore as a dash: what is overwritten under one name comes in under no other."""
    answer = exchange(
        site.port, b"GET /api/v1/stats HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + b"\r\n\r\n"
    )

    assert b"203.0.113.9" not in answer.content
    assert b"0123456789abcdef" not in answer.content
    if answer.statuses == [200]:
        headers = json.loads(answer.content.partition(b"\r\n\r\n")[2])["headers"]
        assert [name for name in headers if "_" in name or "." in name or " " in name] == []


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (get(b"/" + b"a" * 9000, b"localhost"), 414),
        (get(b"/api/v1/stats?" + b"a" * 9000, b"localhost"), 414),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (
            b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X-%d: %s\r\n" % (i, b"a" * 7000) for i in range(9)),
            431,
        ),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + b"a" * 9000 + b"\r\n\r\n", 431),
    ],
    ids=["path", "query", "header", "headers", "cookie"],
)
def test_what_is_too_long_is_a_problem(site: Site, request_bytes: bytes, status: int) -> None:
    """Nobody fills our memory with an address or with headers, and who tries is told in JSON."""
    answer = exchange(site.port, request_bytes)

    assert (answer.statuses, json.loads(answer.content.partition(b"\r\n\r\n")[2])["status"]) == ([status], status)
    assert b"Content-Security-Policy" in answer.content


def test_broken_requests_cannot_ask_for_their_own_answer(site: Site) -> None:
    """The place where those problems come from is no page."""
    assert exchange(site.port, get(b"/.problem", b"localhost")).statuses == [404]
