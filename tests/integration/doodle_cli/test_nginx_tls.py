"""The proxy, for real, over TLS: which versions, which way there, and the same behind it as without."""

import os
import signal
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, ResponseReceived, StreamReset

from doodle_cli.config import FrontSettings
from doodle_testing.certificates import make_certificate
from doodle_testing.echo_site import VERSION, Site, running_site
from doodle_testing.raw_http import exchange


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """nginx with a certificate for doodles.example and 127.0.0.1."""
    folder = tmp_path_factory.mktemp("site")
    tls = make_certificate(folder / "tls", "doodles.example")
    with running_site(folder, FrontSettings(writes_per_second=1000, writes_burst=1000, tls=tls)) as running:
        yield running


def context_of(site: Site) -> ssl.SSLContext:
    """Trust the site's certificate, and no other."""
    return ssl.create_default_context(cafile=site.folder / "tls" / "certificate.pem")


def client_of(site: Site, *, http2: bool) -> httpx.Client:
    """Give a client over TLS."""
    context = context_of(site)
    return httpx.Client(
        base_url=f"https://127.0.0.1:{site.tls_port}", verify=context, http2=http2, trust_env=False, timeout=10
    )


def _handshake(site: Site, context: ssl.SSLContext) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", site.tls_port), timeout=10)
    return context.wrap_socket(plain, server_hostname="127.0.0.1")


def _signal(site: Site, number: signal.Signals) -> None:
    os.kill(int((site.folder / "nginx" / "nginx.pid").read_text()), number)


def _ask_over_http2(site: Site, header: tuple[str, str]) -> int:
    """Ask with one header too many; give the status, 0 where there was no answer."""
    context = context_of(site)
    context.set_alpn_protocols(["h2"])
    # The library checks what it sends, unless it is told not to.
    config = H2Configuration(validate_outbound_headers=False, normalize_outbound_headers=False)
    http2 = H2Connection(config)
    http2.initiate_connection()
    names = [(":method", "GET"), (":scheme", "https"), (":authority", "doodles.example"), (":path", "/api/v1/stats")]
    http2.send_headers(1, [*names, header], end_stream=True)
    with _handshake(site, context) as connection:
        assert connection.selected_alpn_protocol() == "h2"
        connection.sendall(http2.data_to_send())
        while received := connection.recv(65536):
            for event in http2.receive_data(received):
                if isinstance(event, ResponseReceived):
                    return int(dict(event.headers)[b":status"])
                if isinstance(event, StreamReset | ConnectionTerminated):
                    return 0
    return 0


@pytest.mark.parametrize(("http2", "version"), [(True, "HTTP/2"), (False, "HTTP/1.1")])
@pytest.mark.parametrize("path", ["/", "/assets/main-a1b2c3.js", f"/models/{VERSION}/weights.bin", "/api/v1/stats"])
def test_everything_is_served_over_both_versions_of_http(site: Site, http2: bool, version: str, path: str) -> None:
    """HTTP/2 is agreed upon in the handshake; who does not know it gets HTTP/1.1."""
    with client_of(site, http2=http2) as client:
        answer = client.get(path)

    assert (answer.status_code, answer.http_version) == (200, version)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_services_learn_of_tls_and_of_the_host(site: Site) -> None:
    """On the first depends whether a cookie is marked, on the second whether a request came from our own pages."""
    for http2 in (False, True):
        with client_of(site, http2=http2) as client:
            seen = client.get("/api/v1/stats", headers={"X-Forwarded-Proto": "http"}).json()["headers"]

        assert (seen["x-forwarded-proto"], seen["x-forwarded-for"]) == ("https", "127.0.0.1")
        assert seen["host"] == f"127.0.0.1:{site.tls_port}"


def test_events_arrive_when_they_happen_over_http2_too(site: Site) -> None:
    """No layer keeps a piece of a stream back."""
    with client_of(site, http2=True) as client, client.stream("GET", "/api/v1/events", timeout=5) as answer:
        pieces = answer.iter_raw()
        assert next(pieces) == b"data: first\n\n"
        assert answer.http_version == "HTTP/2"
        # The connection is shared: while a stream is open, everything else goes on over it.
        assert client.get("/api/v1/stats").status_code == 200


def test_a_body_arrives_whole_over_http2(site: Site) -> None:
    """Larger than any window of HTTP/2, and larger than what nginx keeps in memory."""
    with client_of(site, http2=True) as client:
        assert client.post("/api/v1/doodles", content=bytes(1_500_000)).json()["length"] == 1_500_000


@pytest.mark.parametrize("header", [("transfer-encoding", "chunked"), ("connection", "close"), ("upgrade", "h2c")])
def test_headers_of_another_version_are_no_way_around(site: Site, header: tuple[str, str]) -> None:
    """What HTTP/2 forbids is refused or dropped, and never becomes a header of the request to a service."""
    seen_before = len(site.model_server.seen)
    answer = _ask_over_http2(site, header)

    if answer == 200:
        assert site.model_server.seen[seen_before:] == ["GET /api/v1/stats HTTP/1.1"]
    else:
        assert (answer in {0, 400}, site.model_server.seen[seen_before:]) == (True, [])


@pytest.mark.parametrize(
    "header",
    [("host", "evil.example"), (":authority", "evil.example"), (":path", "/metrics"), ("Host", "evil.example")],
)
def test_over_http2_too_a_request_names_its_host_once(site: Site, header: tuple[str, str]) -> None:
    """`:authority` and `host` are two headers for one thing."""
    seen_before = len(site.model_server.seen)

    assert _ask_over_http2(site, header) in {0, 400, 421}
    assert site.model_server.seen[seen_before:] == []


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_that_is_sound_is_spoken(site: Site, version: ssl.TLSVersion) -> None:
    """1.2 only with a key of its own for each connection."""
    context = context_of(site)
    context.minimum_version = context.maximum_version = version

    with _handshake(site, context) as connection:
        name, _, _ = connection.cipher() or ("", "", 0)
        assert connection.version() == version.name.replace("_", ".")
    assert name.startswith(("TLS_", "ECDHE-"))


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_tls_that_is_broken_is_not_spoken(site: Site, version: ssl.TLSVersion) -> None:
    """1.0 and 1.1 are given up by every browser (RFC 8996)."""
    context = context_of(site)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version

    with pytest.raises(ssl.SSLError, match=r"PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|UNEXPECTED_EOF"):
        _handshake(site, context)


@pytest.mark.parametrize(
    "cipher", ["AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES256-SHA384"]
)
def test_a_weak_cipher_is_refused(site: Site, cipher: str) -> None:
    """Without forward secrecy, or with a mode that has been broken, nothing is said at all."""
    context = context_of(site)
    context.set_ciphers(f"{cipher}:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    with pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"):
        _handshake(site, context)


def test_a_session_is_not_resumed_by_a_ticket(site: Site) -> None:
    """A ticket's key would open all that was recorded while nginx ran."""
    context = context_of(site)
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    with _handshake(site, context) as connection:
        session = connection.session
    assert session is not None
    assert not session.has_ticket


@pytest.mark.parametrize("path", ["/", "/console.html?a=b%2fc", "/api/v1/stats", "/nothing/at/all"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_plain_port_leads_to_the_other(site: Site, method: str, path: str) -> None:
    """With method and query, under the name it was asked by, and without touching a service."""
    seen_before = len(site.model_server.seen)

    answer = httpx.request(method, site.url + path, headers={"Host": f"doodles.example:{site.port}"})

    assert answer.status_code == 308
    assert answer.headers["Location"] == f"https://doodles.example:{site.tls_port}{path}"
    assert "Strict-Transport-Security" not in answer.headers
    assert site.model_server.seen[seen_before:] == []


def test_plain_http_at_the_port_of_tls_is_led_back(site: Site) -> None:
    """Who types http:// with the right port gets there."""
    answer = httpx.get(f"http://127.0.0.1:{site.tls_port}/console.html")

    assert (answer.status_code, answer.headers["Location"]) == (308, f"https://127.0.0.1:{site.tls_port}/console.html")


@pytest.mark.parametrize("host", [b"evil.example/x", b'a"b', b"a b", b"a@b", b"a\\b"])
def test_the_way_there_is_not_bent_by_a_strange_host(site: Site, host: bytes) -> None:
    """A Location holds a name and nothing else."""
    for port in (site.port, site.tls_port):
        answer = exchange(port, b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")

        assert answer.statuses in ([400], [421], [308])
        assert (answer.statuses == [308]) == (b"Location: https://invalid/\r\n" in answer.content)


def test_commands_of_this_machine_need_no_certificate(site: Site) -> None:
    """The inner port serves the same, without TLS and without a promise of it."""
    answer = httpx.get(f"http://127.0.0.1:{site.inner_port}/api/v1/stats")

    assert (answer.status_code, answer.json()["headers"]["x-forwarded-proto"]) == (200, "http")
    assert "Strict-Transport-Security" not in answer.headers


def test_localhost_is_promised_nothing(site: Site) -> None:
    """HSTS would hold for all that a developer runs under that name."""
    with client_of(site, http2=False) as client:
        assert "Strict-Transport-Security" not in client.get("/", headers={"Host": "localhost:3443"}).headers


def test_only_its_names_are_served_over_tls_too(tmp_path: Path) -> None:
    """Nor does the plain port lead anybody to another name."""
    tls = make_certificate(tmp_path / "tls", "doodles.example")
    with running_site(tmp_path, FrontSettings(tls=tls, hosts=("doodles.example",))) as site:
        evil = {"Host": "evil.example"}
        plain = httpx.get(site.url, headers=evil)
        with client_of(site, http2=True) as client:
            statuses = [client.get("/", headers=evil).status_code, client.get("/").status_code]

    assert (plain.status_code, statuses) == (421, [421, 200])


def test_a_renewed_certificate_is_taken_up(tmp_path: Path) -> None:
    """SIGHUP, and no request is lost meanwhile."""
    tls = make_certificate(tmp_path / "tls", "doodles.example")
    with running_site(tmp_path, FrontSettings(tls=tls)) as site:
        before = ssl.get_server_certificate(("127.0.0.1", site.tls_port))
        renewed = make_certificate(tmp_path / "renewed", "doodles.example")
        renewed.certificate.replace(tls.certificate)
        renewed.key.replace(tls.key)
        _signal(site, signal.SIGHUP)
        deadline = time.monotonic() + 10
        while (now := ssl.get_server_certificate(("127.0.0.1", site.tls_port))) == before:
            assert time.monotonic() < deadline, site.log
            assert httpx.get(f"http://127.0.0.1:{site.inner_port}/api/v1/stats").status_code == 200

    assert now.strip() == tls.certificate.read_text().strip()


def test_a_renewal_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    """A key of another certificate is refused, and what was served goes on being served."""
    tls = make_certificate(tmp_path / "tls", "doodles.example")
    with running_site(tmp_path, FrontSettings(tls=tls)) as site:
        before = ssl.get_server_certificate(("127.0.0.1", site.tls_port))
        make_certificate(tmp_path / "other", "doodles.example").key.replace(tls.key)
        _signal(site, signal.SIGHUP)
        deadline = time.monotonic() + 10
        while "key values mismatch" not in site.log:
            assert time.monotonic() < deadline, site.log
            time.sleep(0.05)

        assert ssl.get_server_certificate(("127.0.0.1", site.tls_port)) == before
