"""The proxy, for real: what every answer carries, how long it is kept, and what is too much."""

import gzip
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from doodle_cli.config import FrontSettings
from doodle_testing.echo_site import TEMPLATE, VERSION, Site, running_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """nginx in front of two echoing services, with generous limits."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


def test_a_versions_file_never_changes(site: Site) -> None:
    """A version is named by its content, so its files are kept for a year."""
    answer = httpx.get(f"{site.url}/models/{VERSION}/weights.bin")

    assert (site.folder / "artifacts/versions" / VERSION / "weights.bin").read_bytes() == answer.content
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "application/octet-stream"


def test_a_missing_file_of_a_version_is_a_problem_nobody_caches(site: Site) -> None:
    """A file that is not there yet may be there a moment later."""
    answer = httpx.get(f"{site.url}/models/{VERSION}/nothing.bin")

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert "Cache-Control" not in answer.headers


def test_a_versions_file_is_read_only(site: Site) -> None:
    """Nobody writes to the artifact store over HTTP."""
    answer = httpx.put(f"{site.url}/models/{VERSION}/model.json", content=b"{}")

    assert (answer.status_code, answer.json()["status"]) == (405, 405)


@pytest.mark.parametrize(
    ("path", "caching", "kind"),
    [
        ("/", "no-cache", "text/html; charset=utf-8"),
        ("/console.html", "no-cache", "text/html; charset=utf-8"),
        ("/sw.js", "no-cache", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "no-cache", "application/manifest+json"),
        ("/assets/main-a1b2c3.js", "public, max-age=31536000, immutable", "text/javascript; charset=utf-8"),
        ("/assets/kernels-a1b2c3.wasm", "public, max-age=31536000, immutable", "application/wasm"),
    ],
)
def test_pages_are_fresh_and_hashed_assets_kept(site: Site, path: str, caching: str, kind: str) -> None:
    """A page is asked for again each time; what has a hash in its name is not."""
    answer = httpx.get(site.url + path)

    assert (200, caching, kind) == (answer.status_code, answer.headers["Cache-Control"], answer.headers["Content-Type"])


@pytest.mark.parametrize("path", ["/", "/assets/main-a1b2c3.js", "/assets/kernels-a1b2c3.wasm", "/api/v1/stats"])
def test_text_and_wasm_travel_compressed(site: Site, path: str) -> None:
    """Pages, scripts, kernels and JSON are compressed for whoever understands it."""
    with httpx.stream("GET", site.url + path, headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())

    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert len(packed) < len(gzip.decompress(packed)) / 2


@pytest.mark.parametrize(
    "path",
    ["/", "/console.html", "/assets/main-a1b2c3.js", "/assets/kernels-a1b2c3.wasm", f"/models/{VERSION}/model.json"],
)
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_who_has_it_already_is_not_sent_it_again(site: Site, path: str, encoding: str) -> None:
    """Every file has an ETag, compressed or not, and 304 answers who shows it; another one gets the file."""
    accepts = {"Accept-Encoding": encoding}
    tag = httpx.get(site.url + path, headers=accepts).headers["ETag"]

    again = httpx.get(site.url + path, headers={**accepts, "If-None-Match": tag})
    other = httpx.get(site.url + path, headers={**accepts, "If-None-Match": '"another"'})

    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)
    assert again.headers["Cache-Control"] == other.headers["Cache-Control"]
    assert again.headers["X-Content-Type-Options"] == "nosniff"


def test_weights_are_compressed_and_can_be_had_in_parts(site: Site) -> None:
    """Of 8 bits each they lose a fifth by it (docs/decisions/0047); a part of the file itself can be asked for."""
    weights = f"{site.url}/models/{VERSION}/weights.bin"
    whole = httpx.get(weights, headers={"Accept-Encoding": "gzip"})
    part = httpx.get(weights, headers={"Accept-Encoding": "identity", "Range": "bytes=10-19"})

    assert whole.headers["Content-Encoding"] == "gzip"
    assert (part.status_code, part.content) == (206, whole.content[10:20])


@pytest.mark.parametrize("path", ["/nothing", "/models/nothing", "/metrics", "/assets/gone-a1b2c3.js"])
def test_what_is_missing_is_not_kept(site: Site, path: str) -> None:
    """A page that was built a moment too late is found the next time."""
    status, _ = site.get_raw(path)
    headers = httpx.get(site.url + path).headers

    assert status == 404
    assert "immutable" not in headers.get("Cache-Control", "")


def test_services_decide_about_caching_where_they_care(site: Site) -> None:
    """The proxy's rule fills a gap, it does not contradict."""
    assert httpx.get(f"{site.url}/api/v1/private").headers.get_list("Cache-Control") == ["no-store"]
    assert httpx.get(f"{site.url}/api/v1/stats").headers.get_list("Cache-Control") == ["no-cache"]


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/v1/stats", "/internal", f"/models/{VERSION}/model.json"])
def test_every_answer_carries_the_security_headers_once(site: Site, path: str) -> None:
    """Good or bad, from a file or a service: the browser is told what it may not do."""
    headers = httpx.get(site.url + path).headers

    expected = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
        "Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
        "img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        "Server": "nginx",
    }
    assert {name: [value] for name, value in expected.items()} == {name: headers.get_list(name) for name in expected}


def test_a_request_has_one_id_from_proxy_to_service(site: Site) -> None:
    """The proxy makes the id; what a client says is not believed."""
    answer = httpx.get(f"{site.url}/api/v1/stats", headers={"X-Request-Id": "forged-by-a-client"})

    (given,) = answer.headers.get_list("X-Request-Id")
    assert re.fullmatch(r"[0-9a-f]{32}", given)
    assert answer.json()["headers"]["x-request-id"] == given


def test_the_services_learn_who_really_asks(site: Site) -> None:
    """A client cannot say it is somebody else: what it claims is replaced, not extended."""
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
        "X-Real-IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "traceparent": f"00-{'a' * 32}-{'b' * 16}-01",
    }
    seen = httpx.get(f"{site.url}/api/v1/stats", headers=forged).json()["headers"]

    assert {name.lower(): seen[name.lower()] for name in forged if name.lower() in seen} == {
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-proto": "http",
    }
    assert seen["host"] == site.url.removeprefix("http://")


@pytest.mark.parametrize(
    ("path", "num_bytes", "status"),
    [
        ("/api/v1/doodles", 2 * 1024 * 1024, 200),
        ("/api/v1/doodles", 2 * 1024 * 1024 + 1, 413),
        ("/api/v1/train", 64 * 1024, 200),
        ("/api/v1/train", 64 * 1024 + 1, 413),
    ],
)
def test_bodies_are_bounded(site: Site, path: str, num_bytes: int, status: int) -> None:
    """A batch of doodles may be large, nothing else; the refusal is a problem like every other."""
    answer = httpx.post(site.url + path, content=bytes(num_bytes))

    assert status == answer.status_code
    if status == 413:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["title"] == "Content Too Large"


def test_events_arrive_when_they_happen(site: Site) -> None:
    """A stream is not kept back until a buffer is full, nor compressed."""
    with httpx.stream("GET", f"{site.url}/api/v1/events", headers={"Accept-Encoding": "gzip"}, timeout=5) as answer:
        first = next(answer.iter_raw())

    assert first == b"data: first\n\n"
    assert "Content-Encoding" not in answer.headers


def test_a_service_that_is_busy_says_so_itself(site: Site) -> None:
    """What a service answers gets through as it is, its Retry-After too."""
    answer = httpx.get(f"{site.url}/api/v1/busy")

    assert (answer.status_code, answer.headers.get_list("Retry-After")) == (503, ["77"])
    assert answer.json()["service"] == "model_server"


def test_the_log_names_no_client_and_no_query(site: Site) -> None:
    """A line of the access log holds what helps the one on call, and nothing about who it was."""
    httpx.get(f"{site.url}/api/v1/stats?code=tell-nobody")
    httpx.get(f"{site.url}/models/{VERSION}/nothing.bin")

    access = [json.loads(line) for line in site.log.splitlines() if line.startswith("{")]
    assert {"/api/v1/stats", f"/models/{VERSION}/nothing.bin"} <= {line["path"] for line in access}
    assert "tell-nobody" not in site.log
    assert [line for line in access if "127.0.0.1" in str({**line, "upstream": ""})] == []
    assert {line["upstream"] for line in access if line["path"] == "/api/v1/stats"} == {site.model_server.address}


@pytest.fixture
def strict_site(tmp_path: Path) -> Iterator[Site]:
    """nginx with hardly any patience, in front of a training service that is not there."""
    with running_site(
        tmp_path, FrontSettings(writes_per_second=1, writes_burst=2), with_training_server=False
    ) as running:
        yield running


def test_one_client_cannot_write_without_end(strict_site: Site) -> None:
    """Past the burst, writing is refused with a problem that says when to come back; reading goes on."""
    answers = [httpx.post(f"{strict_site.url}/api/v1/doodles") for _ in range(5)]

    refused = answers[-1]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert (refused.headers.get_list("Retry-After"), refused.json()["status"]) == (["1"], 429)
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert [httpx.get(f"{strict_site.url}/api/v1/stats").status_code for _ in range(9)] == [200] * 9


def test_a_service_that_is_away_is_a_problem(strict_site: Site) -> None:
    """Nobody is shown nginx's own error page in place of JSON."""
    answer = httpx.get(f"{strict_site.url}/api/v1/train")

    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "application/problem+json")
    assert answer.json() == {
        "type": "about:blank",
        "title": "Bad Gateway",
        "status": 502,
        "detail": "The service does not answer; it is probably starting again. Try again in a moment.",
        "errors": [],
    }
    assert answer.headers["Retry-After"] == "2"


def test_every_problem_of_the_proxy_is_json() -> None:
    """The bodies written by hand in the template are JSON, and name their own status."""
    bodies = re.findall(r"^    (\d{3}|default) '(\{.*\})';$", TEMPLATE.read_text(), re.MULTILINE)

    expected = {400, 403, 404, 405, 413, 414, 421, 429, 431, 500, 501, 502, 504}
    assert {status for status, _ in bodies} == {"default", *map(str, expected)}
    assert [503 if status == "default" else int(status) for status, _ in bodies] == [
        json.loads(body)["status"] for _, body in bodies
    ]


def test_workers_run_as_whoever_started_nginx(site: Site) -> None:
    """Root's nginx does not become `nobody`: it could not read a home that is its owner's only."""
    master = (site.folder / "nginx" / "nginx.pid").read_text().strip()
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()

    assert len(workers) >= 2
    assert {os.geteuid()} == {Path(f"/proc/{worker}").stat().st_uid for worker in workers}
