"""GET /models/<version>/<file>: a version's files, from whichever store they lie in."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_cli.postgres import free_port
from doodle_db.artifacts import ArtifactStore
from doodle_db.errors import UnknownVersionError
from doodle_db.manifest import Manifest
from doodle_db.model_registry import register_version
from doodle_testing.model_server import CONTRIBUTOR_KEY, Server, running_server
from doodle_testing.object_store import ObjectStore, aws_environment
from doodle_testing.staged_versions import REPORT, WEIGHTS, build_version
from model_server.app import create_app
from model_server.config import from_environment
from model_server.version_files import VersionFiles

VERSION = "0123456789ab"
FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(str(tmp_path / "artifacts"))


@pytest.fixture
def version(engine: Engine, store: ArtifactStore, tmp_path: Path) -> Manifest:
    """A version that is stored and registered."""
    made = build_version(tmp_path / "staged")
    store.store_version(tmp_path / "staged", made)
    with engine.begin() as connection:
        register_version(connection, made)
    return made


@pytest.fixture
def files(engine: Engine, store: ArtifactStore) -> VersionFiles:
    return VersionFiles(engine, store)


@pytest.fixture
def client(database_url: str, engine: Engine, store: ArtifactStore) -> FlaskClient:
    """The service, told where versions lie."""
    told = {"DATABASE_URL": database_url, "CONTRIBUTOR_KEY": CONTRIBUTOR_KEY, "ARTIFACT_URL": store.url}
    return create_app(from_environment(told), engine).test_client()


@pytest.mark.parametrize(
    ("path", "content", "kind"),
    [("weights.npz", WEIGHTS, "application/octet-stream"), ("report.json", REPORT, "application/json")],
)
def test_a_file_is_served(client: FlaskClient, version: Manifest, path: str, content: bytes, kind: str) -> None:
    """Byte for byte, with its type, for ever, and named by its hash."""
    answer = client.get(f"/models/{VERSION}/{path}")

    (listed,) = [file for file in version.files if file.path == path]
    assert (answer.status_code, answer.data) == (200, content)
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Cache-Control"] == FOREVER
    assert answer.headers["ETag"] == f'"{listed.sha256}"'


def test_the_manifest_is_served(client: FlaskClient, version: Manifest, tmp_path: Path) -> None:
    """As it was stored, byte for byte."""
    answer = client.get(f"/models/{VERSION}/manifest.json")

    assert (answer.status_code, answer.data) == (200, (tmp_path / "staged" / "manifest.json").read_bytes())


@pytest.mark.parametrize("form", ['"{}"', 'W/"{}"', '"another", "{}"', "*"])
def test_who_has_it_is_told_so(client: FlaskClient, version: Manifest, form: str) -> None:
    """304, without the content, however the name was kept on the way."""
    etag = form.format(version.file_of("report").sha256)

    answer = client.get(f"/models/{VERSION}/report.json", headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (304, b"", FOREVER)


def test_head_tells_all_but_the_content(client: FlaskClient, version: Manifest) -> None:
    """The same headers, the length too."""
    answer = client.head(f"/models/{VERSION}/weights.npz")

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(WEIGHTS))


@pytest.mark.parametrize(
    "target",
    [
        f"{VERSION}/nothing.bin",
        f"{VERSION}/../secret",
        f"{VERSION}/..%2fsecret",
        f"{VERSION}/%2e%2e",
        f"{VERSION}/..",
        f"{VERSION}/weights.npz%00",
        f"{VERSION}/WEIGHTS.NPZ",
        f"{VERSION}/",
        f"{VERSION.upper()}/weights.npz",
        "ffffffffffff/weights.npz",
        "..%2f..%2fetc/passwd",
        "%00/weights.npz",
        "0123456789abcdef/weights.npz",
    ],
)
def test_nothing_else_is_there(client: FlaskClient, version: Manifest, target: str) -> None:
    """Only what a registered version's manifest lists; everything else is a problem that nobody keeps."""
    answer = client.get(f"/models/{target}")

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert "Cache-Control" not in answer.headers


def test_it_can_only_be_read(client: FlaskClient, version: Manifest) -> None:
    """Nobody writes to the artifact store over HTTP."""
    assert client.put(f"/models/{VERSION}/weights.npz", data=b"mine").status_code == 405


def test_without_a_store_there_are_no_files(database_url: str, engine: Engine, version: Manifest) -> None:
    """Where nginx reads the folder by itself, the service is told nothing of it."""
    settings = from_environment({"DATABASE_URL": database_url, "CONTRIBUTOR_KEY": CONTRIBUTOR_KEY})

    assert create_app(settings, engine).test_client().get(f"/models/{VERSION}/weights.npz").status_code == 404


def test_what_is_not_registered_is_not_asked_of_the_store(files: VersionFiles, store: ArtifactStore) -> None:
    """Made-up versions cost a look into the database, not a request to S3."""
    store.read_file = store.read_manifest_file = pytest.fail  # type: ignore[method-assign,assignment]

    with pytest.raises(UnknownVersionError):
        files.read("f" * 12, "weights.npz")


@pytest.mark.parametrize("path", ["weights.npz", "manifest.json"])
def test_what_changed_in_the_store_is_not_served(
    client: FlaskClient, store: ArtifactStore, version: Manifest, path: str, tmp_path: Path
) -> None:
    """A page is never given other files than the ones that were published."""
    spoilt = build_version(tmp_path / "other", weights=b"other")
    folder = Path(store.url) / "versions" / VERSION
    (folder / path).write_bytes((tmp_path / "other" / path).read_bytes())

    answer = client.get(f"/models/{spoilt.version}/{path}")

    assert answer.status_code == 500


def test_a_file_is_fetched_once(files: VersionFiles, store: ArtifactStore, version: Manifest) -> None:
    """Whoever comes while it is being fetched waits for it, and whoever comes later is given what is kept."""
    fetched: list[str] = []
    read_file = store.read_file

    def read_slowly(manifest: Manifest, path: str) -> bytes:
        fetched.append(path)
        time.sleep(0.05)  # so that the others come while it is under way
        return read_file(manifest, path)

    store.read_file = read_slowly  # type: ignore[method-assign]
    with ThreadPoolExecutor(8) as pool:
        contents = list(pool.map(lambda _: files.read(VERSION, "weights.npz").content, range(20)))

    assert contents == [WEIGHTS] * 20
    assert fetched == ["weights.npz"]


def test_what_is_kept_is_bounded(engine: Engine, store: ArtifactStore, version: Manifest) -> None:
    """The one not asked for the longest goes first; what is larger than all room is served all the same."""
    files = VersionFiles(engine, store, max_kept_bytes=len(REPORT) + 1)

    assert files.read(VERSION, "report.json").content == REPORT
    assert files.read(VERSION, "weights.npz").content == WEIGHTS
    assert sum(len(kept.content) for kept in files._kept.values()) <= len(REPORT) + 1
    assert files.read(VERSION, "report.json").content == REPORT


@pytest.fixture
def server(database_url: str, object_store: ObjectStore, tmp_path: Path) -> Iterator[tuple[Server, ArtifactStore]]:
    """gunicorn with one process, as in an installation whose versions lie on S3; and that store."""
    url = f"s3://{object_store.make_bucket()}"
    told = {**object_store.environment, "ARTIFACT_URL": url, "MODEL_SERVER_PROCESSES": "1"}
    with pytest.MonkeyPatch.context() as patch, running_server(database_url, tmp_path / "log", **told) as running:
        for name, value in object_store.environment.items():
            patch.setenv(name, value)
        yield running, ArtifactStore(url)


def test_gevent_and_the_store_get_along(
    server: tuple[Server, ArtifactStore], engine: Engine, version: Manifest, tmp_path: Path
) -> None:
    """Under gunicorn: many at once are given a file from S3, and the process goes on answering meanwhile."""
    running, store = server
    store.store_version(tmp_path / "staged", version)

    with running.client() as client, ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: client.get(f"/models/{VERSION}/weights.npz"), range(64)))

    assert {(answer.status_code, answer.content) for answer in answers} == {(200, WEIGHTS)}


class SilentServer:
    """Takes connections and never says a word, until it is closed."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.asked = Event()
        Thread(target=self._take, daemon=True).start()

    def close(self) -> None:
        """Hang up; nobody is taken any more."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._connections:
            connection.close()

    def _take(self) -> None:
        while True:
            try:
                self._connections.append(self._socket.accept()[0])
            except OSError:
                return
            self.asked.set()


def test_a_store_that_is_silent_holds_nobody_else_up(
    database_url: str, engine: Engine, version: Manifest, tmp_path: Path
) -> None:
    """While S3 keeps a request waiting, the one process answers everybody else."""
    silent = SilentServer()
    told = {**aws_environment(silent.url), "ARTIFACT_URL": "s3://doodles", "MODEL_SERVER_PROCESSES": "1"}
    with running_server(database_url, tmp_path / "log", **told) as server, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(httpx.get, f"{server.url}/models/{VERSION}/weights.npz", timeout=60)
        assert silent.asked.wait(10)
        with server.client() as client:
            statuses = [client.get("/healthz").status_code for _ in range(10)]
        still_waiting = not waiting.done()
        silent.close()

        assert (statuses, still_waiting) == ([200] * 10, True)
        assert waiting.result().status_code == 503


def test_a_store_that_is_away_is_said_without_its_name(
    database_url: str, engine: Engine, version: Manifest, tmp_path: Path
) -> None:
    """503 and when to come back; which store it is, the log says."""
    told = {**aws_environment(f"http://127.0.0.1:{free_port()}"), "ARTIFACT_URL": "s3://our-bucket"}
    with running_server(database_url, tmp_path / "log", **told) as server:
        answer = httpx.get(f"{server.url}/models/{VERSION}/weights.npz", timeout=60)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "our-bucket" not in answer.text
    assert "The bucket our-bucket cannot be used: it does not answer" in (tmp_path / "log").read_text()
