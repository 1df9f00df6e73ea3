"""A page is served its model alike, wherever the versions lie: real nginx, real model_server, folder and S3."""

import hashlib
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from doodle_cli.nginx import NginxAddresses
from doodle_cli.postgres import free_port
from doodle_testing.echo_site import GENEROUS, run_nginx
from doodle_testing.model_server import running_server
from doodle_testing.object_store import ObjectStore

ROOT = Path(__file__).parents[3]
WAYS = ("nginx from a folder", "model_server from a folder", "model_server from S3")

ITS_OWN = {"date", "etag", "last-modified", "accept-ranges", "x-request-id"}
"""What an answer may say in its own words: when, and the name of what was sent. Nobody is promised ranges."""

TRAVERSALS = [
    "/models/../secret",
    "/models/{version}/../../secret",
    "/models/{version}/..%2f..%2fsecret",
    "/models/{version}/%2e%2e/%2e%2e/secret",
    "/models/{version}%2f..%2fsecret",
    "/models/{version}/..%5csecret",
    "/models/{version}/..%00/secret",
    "/models/{version}/.hidden",
    "/models/{version}/..",
    "/models/{version}/weights.npz.part",
    "/models/{version}/weights.npz/",
    "/models/{version}/Weights.npz",
    "/models/{version}/nothing.bin",
    "/models/{version}/",
    "/models/{version}",
    "/models/ffffffffffff/model.json",
    "/models/0123456789ABCDEF/model.json",
    "/models//{version}/nothing.bin",
    "/models/",
]


class Postgres(Protocol):
    """The tests' server, as far as it is needed here."""

    def create_database(self, template: str) -> str: ...

    def drop_database(self, url: str) -> None: ...


@dataclass(frozen=True)
class Served:
    """
    One way from a store to a page.

    Attributes:
        url: of nginx.
        log: what nginx says.
        model_server: host:port of the one behind it.
    """

    url: str
    log: Path
    model_server: str

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask without compression, unless told otherwise."""
        return httpx.get(self.url + path, headers={"Accept-Encoding": "identity", **headers}, trust_env=False)

    def get_raw(self, target: str) -> tuple[int, str | None, bytes]:
        """Send a request target as it is; give status, type and body."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=10)
        connection.putrequest("GET", target, skip_accept_encoding=True)
        connection.endheaders()
        response = connection.getresponse()
        answer = response.status, response.headers["Content-Type"], response.read()
        connection.close()
        return answer

    def asked_service(self, path: str) -> int:
        """Count how often nginx has asked model_server for a path."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return sum(1 for line in lines if line["path"] == path and line["upstream_seconds"])


@dataclass(frozen=True)
class Ways:
    """All ways, to the same version."""

    served: dict[str, Served]
    live: dict[str, Any]

    @property
    def version(self) -> str:
        return str(self.live["version"])

    @property
    def paths(self) -> list[str]:
        """Every file of the version."""
        listed = [file["path"] for file in self.live["manifest"]["files"]]
        return [f"{self.live['base_url']}{path}" for path in ("manifest.json", *listed)]


@pytest.fixture(scope="module")
def ways(postgres: Postgres, object_store: ObjectStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    """One database, the shipped version in two stores, and nginx before model_server in three ways."""
    folder = tmp_path_factory.mktemp("ways")
    for name in ("artifacts", "dist", "nothing"):
        (folder / name).mkdir()
    (folder / "artifacts" / "secret").write_text("secret")
    urls = {
        WAYS[0]: str(folder / "artifacts"),
        WAYS[1]: str(folder / "artifacts"),
        WAYS[2]: f"s3://{object_store.make_bucket()}/doodle-loop",
    }
    with ExitStack() as stack:
        database_url = postgres.create_database("template1")
        stack.callback(postgres.drop_database, database_url)
        for url in dict.fromkeys(urls.values()):
            bring_up_to_date({**object_store.environment, "DATABASE_URL": database_url, "ARTIFACT_URL": url})
        served = {}
        for number, (way, url) in enumerate(urls.items()):
            told = {**object_store.environment, "MODEL_SERVER_PROCESSES": "1"}
            if way != WAYS[0]:
                told["ARTIFACT_URL"] = url
            running = stack.enter_context(running_server(database_url, folder / f"log-{number}", **told))
            server = running.url.removeprefix("http://")
            seen = folder / ("artifacts" if way == WAYS[0] else "nothing")
            served[way] = stack.enter_context(front(folder / f"front-{number}", server, folder / "dist", seen))
        yield Ways(served, served[WAYS[0]].get("/api/v1/models/live").json())


def bring_up_to_date(told: dict[str, str]) -> None:
    """Run the migration as an installation does: schema, and the shipped version into the store."""
    command = [sys.executable, "-m", "training_server.migrate"]
    subprocess.run(command, env={**os.environ, **told, "BASE_MODELS": str(ROOT / "models")}, check=True)


@contextmanager
def front(folder: Path, model_server: str, pages: Path, artifacts: Path) -> Iterator[Served]:
    """Run nginx before a model_server until the block ends."""
    folder.mkdir()
    listen = f"127.0.0.1:{free_port()}"
    inner_listen = f"127.0.0.1:{free_port()}"
    addresses = NginxAddresses(listen, model_server, model_server, pages, artifacts, inner_listen=inner_listen)
    process = run_nginx(folder, addresses, GENEROUS)
    try:
        yield Served(f"http://{listen}", folder / "nginx.log", model_server)
    finally:
        process.terminate()
        process.wait(timeout=10)


def what_matters(answer: httpx.Response) -> dict[str, list[str]]:
    """Give the headers that must be the same."""
    return {name: answer.headers.get_list(name) for name in answer.headers if name not in ITS_OWN}


def test_every_file_is_the_same_from_everywhere(ways: Ways) -> None:
    """Status, body, type, caching, security headers: a page cannot tell where its model lies."""
    assert len(ways.paths) >= 5
    for path in ways.paths:
        first, *others = [served.get(path) for served in ways.served.values()]
        assert first.status_code == 200
        assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert first.headers["X-Content-Type-Options"] == "nosniff"
        for other in others:
            assert (other.status_code, other.content) == (first.status_code, first.content)
            assert what_matters(other) == what_matters(first)


@pytest.mark.parametrize("way", WAYS)
def test_a_page_finds_what_the_manifest_promises(ways: Ways, way: str) -> None:
    """As the page does it: what is live, its manifest, each file by its size and hash."""
    live = ways.served[way].get("/api/v1/models/live").json()

    for file in live["manifest"]["files"]:
        content = ways.served[way].get(live["base_url"] + file["path"]).content
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["size_bytes"], file["sha256"])


def test_files_are_compressed_alike(ways: Ways) -> None:
    """All of it travels as gzip, and the name of what was compressed says so."""
    for path in ways.paths:
        first, *others = [served.get(path, **{"Accept-Encoding": "gzip"}) for served in ways.served.values()]
        assert first.headers["Content-Encoding"] == "gzip"
        for other in others:
            assert other.content == first.content
            assert what_matters(other) == what_matters(first)
            assert other.headers["ETag"].startswith("W/") == first.headers["ETag"].startswith("W/")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_who_has_a_file_is_not_sent_it_again(ways: Ways, way: str, encoding: str) -> None:
    """304 for the name that came with it, compressed or not; all of it for another name."""
    for path in ways.paths:
        etag = ways.served[way].get(path, **{"Accept-Encoding": encoding}).headers["ETag"]

        again = ways.served[way].get(path, **{"Accept-Encoding": encoding, "If-None-Match": etag})
        other = ways.served[way].get(path, **{"Accept-Encoding": encoding, "If-None-Match": '"another"'})

        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert other.status_code == 200


@pytest.mark.parametrize("method", ["HEAD", "PUT", "POST", "DELETE"])
def test_other_methods_are_answered_alike(ways: Ways, method: str) -> None:
    """HEAD tells all but the content; nothing can be written."""
    for path in (*ways.paths, f"{ways.live['base_url']}nothing.bin"):
        first, *others = [httpx.request(method, served.url + path, trust_env=False) for served in ways.served.values()]
        assert [other.status_code for other in others] == [first.status_code] * 2
        assert [other.content for other in others] == [first.content] * 2
        assert [what_matters(other) for other in others] == [what_matters(first)] * 2


@pytest.mark.parametrize("target", TRAVERSALS)
def test_nothing_else_is_there_from_anywhere(ways: Ways, target: str) -> None:
    """However it is spelt: the same refusal, and nothing of what lies beside the versions."""
    first, *others = [served.get_raw(target.format(version=ways.version)) for served in ways.served.values()]

    assert first[0] in {400, 404}
    assert b"secret" not in first[2]
    assert others == [first] * 2


def test_a_missing_file_is_not_remembered(ways: Ways) -> None:
    """It may be there a moment later."""
    path = f"{ways.live['base_url']}nothing.bin"

    for served in ways.served.values():
        answers = [served.get(path) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert "Cache-Control" not in answers[0].headers
    assert ways.served[WAYS[2]].asked_service(path) >= 2


def test_a_crowd_costs_one_request(ways: Ways, tmp_path: Path) -> None:
    """When a version goes live every page wants it at once: nginx asks once and answers all, and keeps it."""
    (path,) = [path for path in ways.paths if path.endswith(".onnx")]
    model_server = ways.served[WAYS[2]].model_server

    with front(tmp_path / "front", model_server, tmp_path, tmp_path) as fresh, ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: fresh.get(path), range(40)))

        assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
        assert fresh.asked_service(path) == 1
