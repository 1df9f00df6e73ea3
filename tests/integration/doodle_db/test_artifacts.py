"""One contract for every artifact store: a version is there as a whole or not at all, and never changes."""

import hashlib
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest

from doodle_db.artifacts import ArtifactStore
from doodle_db.errors import ArtifactError, UnknownVersionError, VersionConflictError
from doodle_db.manifest import Manifest, VersionFile
from doodle_testing.builders import manifest

WEIGHTS = b"weights" * 1_000
REPORT = b"{}"


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ArtifactStore]:
    """Each kind of store in turn, empty."""
    root = f"memory://{uuid4().hex}"
    yield ArtifactStore(str(tmp_path / "artifacts") if request.param == "folder" else root)
    if request.param == "memory":
        fsspec.filesystem("memory").rm(root, recursive=True) if fsspec.filesystem("memory").exists(root) else None


def build_version(folder: Path, weights: bytes = WEIGHTS, version: str = "0123456789ab") -> Manifest:
    """Write a version's folder as an export does."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for role, path, content in [("weights", "weights.npz", weights), ("report", "report.json", REPORT)]:
        (folder / path).write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        files.append(VersionFile(role=role, path=path, size_bytes=len(content), sha256=sha256))  # type: ignore[arg-type]
    made = manifest(version, files=[file.model_dump() for file in files])
    (folder / "manifest.json").write_text(made.model_dump_json())
    return made


def test_what_is_stored_is_read(store: ArtifactStore, tmp_path: Path) -> None:
    """Manifest and files come back byte for byte."""
    made = build_version(tmp_path / "staged")

    store.store_version(tmp_path / "staged", made)

    assert store.has_version(made.version)
    assert store.list_versions() == [made.version]
    assert store.read_manifest(made.version) == made
    assert store.read_file(made, "weights.npz") == WEIGHTS


def test_storing_again_changes_nothing(store: ArtifactStore, tmp_path: Path) -> None:
    """A publish that is repeated after a crash finds its work done."""
    made = build_version(tmp_path / "staged")
    store.store_version(tmp_path / "staged", made)

    store.store_version(tmp_path / "staged", made)

    assert store.list_versions() == [made.version]


def test_a_version_never_changes(store: ArtifactStore, tmp_path: Path) -> None:
    """Other weights under a name that is taken are refused, and the stored ones stay."""
    made = build_version(tmp_path / "staged")
    store.store_version(tmp_path / "staged", made)
    other = build_version(tmp_path / "other", weights=b"other")

    with pytest.raises(VersionConflictError):
        store.store_version(tmp_path / "other", other)

    assert store.read_file(made, "weights.npz") == WEIGHTS


def test_a_file_that_is_not_what_the_manifest_says_is_not_stored(store: ArtifactStore, tmp_path: Path) -> None:
    """Half a file, or another one, never gets a manifest."""
    made = build_version(tmp_path / "staged")
    (tmp_path / "staged" / "report.json").write_bytes(b"{ }")

    with pytest.raises(ArtifactError, match=r"report\.json"):
        store.store_version(tmp_path / "staged", made)

    assert not store.has_version(made.version)
    assert store.list_versions() == []


def test_a_killed_publish_leaves_no_version_and_can_be_repeated(store: ArtifactStore, tmp_path: Path) -> None:
    """Without the manifest, the last file written, there is nothing; the next try completes it."""
    made = build_version(tmp_path / "staged")
    (tmp_path / "staged" / "manifest.json").unlink()
    with pytest.raises(FileNotFoundError):
        store.store_version(tmp_path / "staged", made)
    assert store.list_versions() == []
    with pytest.raises(UnknownVersionError):
        store.read_manifest(made.version)
    (tmp_path / "staged" / "manifest.json").write_text(made.model_dump_json())

    store.store_version(tmp_path / "staged", made)

    assert store.read_file(made, "report.json") == REPORT


def test_a_file_that_changed_in_the_store_is_noticed(tmp_path: Path) -> None:
    """A model is never built from weights that are not the published ones."""
    store = ArtifactStore(str(tmp_path / "artifacts"))
    made = build_version(tmp_path / "staged")
    store.store_version(tmp_path / "staged", made)
    (tmp_path / "artifacts" / "versions" / made.version / "weights.npz").write_bytes(b"bit rot")

    with pytest.raises(ArtifactError):
        store.read_file(made, "weights.npz")


@pytest.mark.parametrize("path", ["../secret", "manifest.json", "/etc/passwd", "weights.npz/..", ""])
def test_only_listed_files_are_read(store: ArtifactStore, tmp_path: Path, path: str) -> None:
    """No path is ever built from something a client sent."""
    made = build_version(tmp_path / "staged")
    store.store_version(tmp_path / "staged", made)

    with pytest.raises(UnknownVersionError):
        store.read_file(made, path)


@pytest.mark.parametrize("version", ["../../etc", "0123456789AB", "", "0123456789ab/..", "0123456789abc"])
def test_only_versions_are_names(store: ArtifactStore, version: str) -> None:
    """A version's name is 12 hex digits, or it is nothing."""
    with pytest.raises(UnknownVersionError):
        store.read_manifest(version)


def test_kill_9_between_any_two_writes_leaves_no_version(tmp_path: Path) -> None:
    """The process dies by SIGKILL before each write in turn: never is half a version visible; then it completes."""
    made = build_version(tmp_path / "staged")
    script = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from doodle_db.artifacts import ArtifactStore
        from doodle_db.manifest import parse_manifest
        url, staged, survive = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
        store = ArtifactStore(url)
        rename = store._fs.mv
        def rename_or_die(*arguments):
            global survive
            if survive == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            survive -= 1
            rename(*arguments)
        store._fs.mv = rename_or_die
        store.store_version(staged, parse_manifest((staged / "manifest.json").read_bytes()))
    """)
    store = ArtifactStore(str(tmp_path / "artifacts"))
    num_writes = len(made.files) + 1
    for survived in range(num_writes):
        done = subprocess.run(
            [sys.executable, "-c", script, store.url, str(tmp_path / "staged"), str(survived)], check=False
        )
        assert done.returncode == -9
        assert store.list_versions() == []

    store.store_version(tmp_path / "staged", made)

    assert store.list_versions() == [made.version]
    assert store.read_file(made, "weights.npz") == WEIGHTS
