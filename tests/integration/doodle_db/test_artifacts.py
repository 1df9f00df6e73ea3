"""One contract for every artifact store, held to in a folder, in memory and on S3; and what is each one's own."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit
from uuid import uuid4

import fsspec
import pytest

from doodle_cli.postgres import free_port
from doodle_db import s3_files
from doodle_db.artifacts import ArtifactStore
from doodle_db.errors import ArtifactStoreError
from doodle_testing.artifact_contract import ArtifactContract
from doodle_testing.object_store import SECRET, ObjectStore, aws_environment
from doodle_testing.staged_versions import NUM_WRITES, REPORT, WEIGHTS, build_version

VERSION = "0123456789ab"


class TestFolder(ArtifactContract):
    """Versions in a folder."""

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return str(tmp_path / "artifacts")

    def spoil(self, url: str, name: str, content: bytes) -> None:
        (Path(url) / name).write_bytes(content)

    def test_nothing_half_written_stays(self, store: ArtifactStore, url: str, staged: Path) -> None:
        """Files are written under another name first; those names go."""
        store.store_version(staged, build_version(staged))

        names = sorted(path.name for path in Path(url).rglob("*") if path.is_file())
        assert names == ["manifest.json", "report.json", "weights.npz"]

    def test_a_file_system_without_hard_links_does(
        self, store: ArtifactStore, staged: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Some network mounts have none: there we look first, and then rename."""
        made = build_version(staged)
        monkeypatch.setattr(os, "link", refuse_link)

        store.store_version(staged, made)

        assert store.read_file(made, "report.json") == REPORT
        with pytest.raises(FileExistsError):
            store._files.create(f"versions/{VERSION}/report.json", b"another")

    def test_a_folder_that_cannot_be_used_says_so(self, tmp_path: Path, staged: Path) -> None:
        """The message names the folder and what to look at."""
        (tmp_path / "file").write_text("no folder")
        store = ArtifactStore(str(tmp_path / "file"))

        with pytest.raises(ArtifactStoreError, match=r"file cannot be used: Not a directory\. Look at"):
            store.store_version(staged, build_version(staged))


def refuse_link(*_: object) -> None:
    """Answer as a file system without hard links does."""
    raise PermissionError(1, "Operation not permitted")


class TestFileAddress(TestFolder):
    """The same folder, by an address."""

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return (tmp_path / "artifacts").as_uri()

    def spoil(self, url: str, name: str, content: bytes) -> None:
        (Path(urlsplit(url).path) / name).write_bytes(content)

    test_nothing_half_written_stays = None  # type: ignore[assignment]  # it is the same folder


class TestMemory(ArtifactContract):
    """Versions in the memory of a process, for tests of what uses a store."""

    @pytest.fixture
    def url(self) -> Iterator[str]:
        root = f"memory://{uuid4().hex}"
        yield root
        memory = fsspec.filesystem("memory")
        if memory.exists(root):
            memory.rm(root, recursive=True)

    def spoil(self, url: str, name: str, content: bytes) -> None:
        fsspec.filesystem("memory").pipe_file(f"{url}/{name}", content)


@pytest.fixture
def aws(object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    """The object store, with this process told about it and about no other."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in object_store.environment.items():
        monkeypatch.setenv(name, value)
    return object_store


class TestS3(ArtifactContract):
    """Versions in a bucket, below a prefix."""

    @pytest.fixture
    def url(self, aws: ObjectStore) -> str:
        return f"s3://{aws.make_bucket()}/some/prefix"

    def spoil(self, url: str, name: str, content: bytes) -> None:
        parts = urlsplit(url)
        endpoint = os.environ["AWS_ENDPOINT_URL_S3"]
        ObjectStore(endpoint).write(parts.netloc, f"{parts.path[1:]}/{name}", content)

    def test_objects_lie_where_the_docs_say(
        self, store: ArtifactStore, url: str, staged: Path, aws: ObjectStore
    ) -> None:
        """A CDN before the bucket finds `<prefix>/versions/<version>/<file>`, and what type it is."""
        store.store_version(staged, build_version(staged))

        folder = f"some/prefix/versions/{VERSION}"
        weights, report = (aws.get(urlsplit(url).netloc, f"{folder}/{name}") for name in ("weights.npz", "report.json"))
        assert (weights.content, weights.headers["Content-Type"]) == (WEIGHTS, "application/octet-stream")
        assert (report.content, report.headers["Content-Type"]) == (REPORT, "application/json")

    def test_a_store_without_conditional_writes_does(
        self, url: str, staged: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With AWS_CONDITIONAL_PUT=disabled we look first, and then write."""
        monkeypatch.setenv("AWS_CONDITIONAL_PUT", "disabled")
        store = ArtifactStore(url)
        made = build_version(staged)

        store.store_version(staged, made)

        assert store.read_file(made, "report.json") == REPORT
        with pytest.raises(FileExistsError):
            store._files.create(f"versions/{VERSION}/report.json", b"another")

    def test_the_root_of_a_bucket_does(self, aws: ObjectStore, staged: Path) -> None:
        """A prefix is not needed."""
        bucket = aws.make_bucket()
        made = build_version(staged)

        ArtifactStore(f"s3://{bucket}").store_version(staged, made)

        assert ArtifactStore(f"s3://{bucket}/").list_versions() == [VERSION]
        assert aws.get(bucket, f"versions/{VERSION}/report.json").content == REPORT


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_kill_9_between_any_two_writes_leaves_no_version(kind: str, aws: ObjectStore, tmp_path: Path) -> None:
    """The process dies by SIGKILL before each write in turn: never is half a version visible; then it completes."""
    staged = tmp_path / "staged"
    made = build_version(staged)
    script = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from doodle_db.artifacts import ArtifactStore
        from doodle_db.manifest import parse_manifest
        url, staged, survive = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
        store = ArtifactStore(url)
        owner, name = (os, "link") if "://" not in url else (store._files, "create")
        complete = getattr(owner, name)
        def complete_or_die(*arguments):
            global survive
            if survive == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            survive -= 1
            complete(*arguments)
        setattr(owner, name, complete_or_die)
        store.store_version(staged, parse_manifest((staged / "manifest.json").read_bytes()))
    """)
    url = f"s3://{aws.make_bucket()}/models" if kind == "s3" else str(tmp_path / "artifacts")
    store = ArtifactStore(url)
    for survived in range(NUM_WRITES):
        done = subprocess.run([sys.executable, "-c", script, url, str(staged), str(survived)], check=False)
        assert done.returncode == -9
        assert store.list_versions() == []

    store.store_version(staged, made)

    assert store.list_versions() == [made.version]
    assert store.read_file(made, "weights.npz") == WEIGHTS


def refused(url: str) -> str:
    """Give the message of a store that cannot be used, and make sure that it tells no secret."""
    with pytest.raises(ArtifactStoreError) as refusal:
        ArtifactStore(url).list_versions()
    shown = "".join(str(each) for each in (refusal.value, refusal.value.__cause__))
    assert SECRET not in shown
    assert "only-for-tests" not in shown
    return str(refusal.value)


def test_a_bucket_that_is_not_there_is_named(aws: ObjectStore, tmp_path: Path) -> None:
    """Whoever misspelt it reads what they wrote, however they come to it."""
    url = "s3://there-is-no-such-bucket/models"

    assert "There is no bucket there-is-no-such-bucket: make it" in refused(url)
    with pytest.raises(ArtifactStoreError, match="There is no bucket"):
        ArtifactStore(url).store_version(tmp_path, build_version(tmp_path))


@pytest.fixture
def shortly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a tenth of a second where it is half a minute otherwise."""
    monkeypatch.setattr(s3_files, "READING", {**s3_files.READING, "timeout": "100ms", "connect_timeout": "100ms"})
    monkeypatch.setattr(s3_files, "RETRIES", {**s3_files.RETRIES, "max_retries": 1})


class RefusingHandler(BaseHTTPRequestHandler):
    """Answers as S3 does when it refuses; never at all where the code is Silence."""

    server: "RefusingServer"

    def do_GET(self) -> None:
        if self.server.code == "Silence":
            self.server.never.wait()
            return
        body = f"<Error><Code>{self.server.code}</Code><AWSAccessKeyId>only-for-tests</AWSAccessKeyId></Error>".encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class RefusingServer(ThreadingHTTPServer):
    """A store that refuses everything."""

    daemon_threads = True

    def __init__(self, status: int, code: str) -> None:
        super().__init__(("127.0.0.1", 0), RefusingHandler)
        self.status, self.code = status, code
        self.never = Event()
        Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, "AccessDenied", "s3:GetObject and s3:PutObject"),
        (403, "InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"),
        (403, "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"),
        (400, "ExpiredToken", "have expired"),
        (301, "PermanentRedirect", "set AWS_REGION"),
        (400, "AuthorizationHeaderMalformed", "set AWS_REGION"),
        (503, "SlowDown", "it says 503"),
        (200, "Silence", "does not answer"),
    ],
)
def test_a_refusal_says_what_to_do(
    aws: ObjectStore, shortly: None, monkeypatch: pytest.MonkeyPatch, status: int, code: str, words: str
) -> None:
    """Nobody on call has to know S3's codes by heart; and nobody waits for ever."""
    server = RefusingServer(status, code)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")

    message = refused("s3://doodles/models")

    server.never.set()
    server.shutdown()
    server.server_close()
    assert "The bucket doodles cannot be used: " in message
    assert words in message


def test_a_store_that_is_not_there_is_named(aws: ObjectStore, shortly: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens: the message leads to the network and the address."""
    for name, value in aws_environment(f"http://127.0.0.1:{free_port()}").items():
        monkeypatch.setenv(name, value)

    assert "does not answer: look at the network, AWS_REGION and AWS_ENDPOINT_URL" in refused("s3://doodles")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("s3://", "names no bucket"),
        ("s3:///models", "names no bucket"),
        (f"s3://only-for-tests:{SECRET}@doodles/models", "holds no password"),
        ("no-such-store://doodles", "no address that can be used here"),
    ],
)
def test_an_address_that_means_nothing_is_refused(url: str, words: str) -> None:
    """At once, and a password in it is not shown."""
    assert words in refused(url)
