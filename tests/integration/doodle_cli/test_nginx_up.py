"""`doodle up` with a certificate: the whole stack over TLS, signed in to, and a certificate that is renewed."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from doodle_cli.config import TlsSettings
from doodle_cli.errors import NotInstalledError
from doodle_cli.project import find_project
from doodle_testing.certificates import make_certificate
from doodle_testing.missing import skip_or_fail
from doodle_testing.stack import Stack, running_stack, wait_until

pytestmark = pytest.mark.timeout(240)


@dataclass(frozen=True)
class TlsStack:
    """A running `doodle up`, and its certificate."""

    stack: Stack
    tls: TlsSettings

    @property
    def client(self) -> httpx.Client:
        """A client over TLS that trusts the certificate of the start."""
        context = ssl.create_default_context(cafile=self.tls.certificate)
        return httpx.Client(base_url=f"https://localhost:{self.tls.port}", verify=context, http2=True, timeout=20)


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsStack]:
    """A stack with a certificate for localhost."""
    try:
        find_project().check()
    except NotInstalledError as missing:
        skip_or_fail(str(missing))
    folder = tmp_path_factory.mktemp("secure")
    tls = make_certificate(folder / "tls", "localhost")
    settings = {"TLS_CERTIFICATE": str(tls.certificate), "TLS_KEY": str(tls.key), "TLS_PORT": str(tls.port)}
    with running_stack(folder / "home", DOODLE_HOSTS="localhost", DOODLE_DATA_DIR="", **settings) as running:
        yield TlsStack(running, tls)


def test_signing_in_over_tls_gives_a_cookie_for_tls_only(secure: TlsStack) -> None:
    """The link leads to TLS, and what it gives never travels in the open."""
    link = secure.stack.sign_in_link()
    address, _, code = link.partition("/console.html#sign-in=")
    with secure.client as client:
        answer = client.post("/api/v1/session", json={"code": code})
        session = client.get("/api/v1/session")
        signed_out = client.delete("/api/v1/session", headers={"Origin": address})

    assert address == f"https://localhost:{secure.tls.port}"
    assert (answer.status_code, answer.http_version) == (204, "HTTP/2")
    assert {"Secure", "HttpOnly", "SameSite=Strict"} <= set(answer.headers["Set-Cookie"].split("; "))
    assert (session.status_code, signed_out.status_code) == (200, 204)


def test_the_plain_port_leads_to_tls(secure: TlsStack) -> None:
    """Whoever has the old address in a bookmark gets there."""
    answer = httpx.get(f"{secure.stack.url}/console.html")

    assert (answer.status_code, answer.headers["Location"]) == (
        308,
        f"https://localhost:{secure.tls.port}/console.html",
    )


def test_a_renewed_certificate_is_noticed(secure: TlsStack) -> None:
    """Nobody has to signal anything. (It comes last: clients made before trust the old one.)"""
    before = ssl.get_server_certificate(("127.0.0.1", secure.tls.port))
    renewed = make_certificate(Path(secure.tls.certificate).parent / "renewed", "localhost")
    renewed.certificate.replace(secure.tls.certificate)
    renewed.key.replace(secure.tls.key)

    wait_until(lambda: ssl.get_server_certificate(("127.0.0.1", secure.tls.port)) != before, 60, secure.stack)

    with secure.client as client:
        assert client.get("/readyz").status_code == 200
