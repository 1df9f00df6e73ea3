"""The contract of ArtifactStore as a test suite: a kind of store is a subclass that says where it lies."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from doodle_db.artifacts import ArtifactStore
from doodle_db.errors import ArtifactError, UnknownVersionError, VersionConflictError
from doodle_testing.staged_versions import NUM_WRITES, REPORT, WEIGHTS, build_version
from doodle_testing.store_accidents import KilledError, before, die, die_at_write


class ArtifactContract:
    """What every artifact store promises. A subclass gives `url`, of an empty store, and `spoil`."""

    @pytest.fixture
    def url(self) -> str:
        """The address of an empty store."""
        raise NotImplementedError

    def spoil(self, url: str, name: str, content: bytes) -> None:
        """Write over a file of a store without any of its own code."""
        raise NotImplementedError

    @pytest.fixture
    def store(self, url: str) -> ArtifactStore:
        return ArtifactStore(url)

    @pytest.fixture
    def staged(self, tmp_path: Path) -> Path:
        return tmp_path / "staged"

    def test_what_is_stored_is_read(self, store: ArtifactStore, staged: Path) -> None:
        """Manifest and files come back byte for byte."""
        made = build_version(staged)

        store.store_version(staged, made)

        assert store.has_version(made.version)
        assert store.list_versions() == [made.version]
        assert store.read_manifest(made.version) == made
        assert store.read_manifest_file(made.version) == (staged / "manifest.json").read_bytes()
        assert store.read_file(made, "weights.npz") == WEIGHTS

    def test_an_empty_store_has_nothing(self, store: ArtifactStore) -> None:
        """A store begins by being empty, whether its folder is there or not."""
        assert store.list_versions() == []
        assert not store.has_version("0123456789ab")
        with pytest.raises(UnknownVersionError):
            store.read_manifest("0123456789ab")

    def test_versions_are_listed_in_order(self, store: ArtifactStore, tmp_path: Path) -> None:
        """All that are whole, and nothing else that lies there."""
        for version in ("b" * 12, "a" * 12):
            store.store_version(tmp_path / version, build_version(tmp_path / version, version=version))
        store._files.create("versions/notes.txt", b"somebody's notes")
        store._files.create("versions/old/manifest.json", b"{}")

        assert store.list_versions() == ["a" * 12, "b" * 12]

    def test_storing_again_changes_nothing(self, store: ArtifactStore, staged: Path) -> None:
        """A publish that is repeated after a crash finds its work done."""
        made = build_version(staged)
        store.store_version(staged, made)

        store.store_version(staged, made)

        assert store.list_versions() == [made.version]

    def test_a_version_never_changes(self, store: ArtifactStore, staged: Path, tmp_path: Path) -> None:
        """Other weights under a name that is taken are refused, and the stored ones stay."""
        made = build_version(staged)
        store.store_version(staged, made)
        other = build_version(tmp_path / "other", weights=b"other")

        with pytest.raises(VersionConflictError):
            store.store_version(tmp_path / "other", other)

        assert store.read_file(made, "weights.npz") == WEIGHTS

    def test_another_report_changes_nothing(self, store: ArtifactStore, staged: Path, tmp_path: Path) -> None:
        """The same weights trained again, with another report: the version is there, and stays as it is."""
        made = build_version(staged)
        store.store_version(staged, made)
        again = build_version(tmp_path / "again", report=b'{"seconds": 2}')

        store.store_version(tmp_path / "again", again)

        assert store.read_manifest(made.version) == made
        assert store.read_file(made, "report.json") == REPORT

    @pytest.mark.parametrize("content", [b"{ }", b"[]", b""])
    def test_a_file_that_is_not_what_the_manifest_says_is_not_stored(
        self, store: ArtifactStore, staged: Path, content: bytes
    ) -> None:
        """Half a file, or another one of the same size, never gets a manifest."""
        made = build_version(staged)
        (staged / "report.json").write_bytes(content)

        with pytest.raises(ArtifactError, match=r"report\.json"):
            store.store_version(staged, made)

        assert not store.has_version(made.version)
        assert store.list_versions() == []

    def test_a_file_spoilt_on_its_way_gets_no_manifest(self, store: ArtifactStore, url: str, staged: Path) -> None:
        """What has arrived is looked at before the version exists; storing it again mends it."""
        made = build_version(staged)
        before(store, "_holds", lambda: self.spoil(url, f"versions/{made.version}/report.json", b"??"))
        with pytest.raises(ArtifactError, match="did not arrive"):
            store.store_version(staged, made)
        assert store.list_versions() == []

        ArtifactStore(url).store_version(staged, made)

        assert store.read_file(made, "report.json") == REPORT

    @pytest.mark.parametrize("survive", range(NUM_WRITES))
    def test_a_killed_publish_leaves_no_version_and_can_be_repeated(self, url: str, staged: Path, survive: int) -> None:
        """Killed before any of its writes: there is nothing to be seen; the next try completes it."""
        made = build_version(staged)
        killed = ArtifactStore(url)
        die_at_write(killed, survive)
        with pytest.raises(KilledError):
            killed.store_version(staged, made)
        store = ArtifactStore(url)
        assert store.list_versions() == []
        with pytest.raises(UnknownVersionError):
            store.read_manifest(made.version)

        store.store_version(staged, made)

        assert store.read_file(made, "report.json") == REPORT

    def test_what_a_killed_publish_left_gives_way(self, url: str, staged: Path, tmp_path: Path) -> None:
        """The next try may come with another report: it is not stopped by files that no manifest names."""
        killed = ArtifactStore(url)
        die_at_write(killed, NUM_WRITES - 1)
        with pytest.raises(KilledError):
            killed.store_version(tmp_path / "first", build_version(tmp_path / "first", report=b'{"try": 1}'))
        made = build_version(staged)

        store = ArtifactStore(url)
        store.store_version(staged, made)

        assert store.read_file(made, "report.json") == REPORT

    def test_many_store_the_same_version_at_once(self, url: str, staged: Path) -> None:
        """All of them find it stored, and it is stored once."""
        made = build_version(staged)
        start = Barrier(6)

        def store_it(_: int) -> None:
            store = ArtifactStore(url)
            start.wait()
            store.store_version(staged, made)

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(store_it, range(6)))

        store = ArtifactStore(url)
        assert store.list_versions() == [made.version]
        assert [store.read_file(made, file.path) for file in made.files] == [WEIGHTS, REPORT]

    @pytest.mark.parametrize("step", ["_write", "_holds", "_write_manifest"])
    def test_of_two_at_once_one_has_stored_it(self, url: str, tmp_path: Path, step: str) -> None:
        """Whenever the other one comes in between: one's manifest with one's files, and both are content."""
        ours = build_version(tmp_path / "ours", report=b"ours")
        theirs = build_version(tmp_path / "theirs", report=b"theirs")
        store = ArtifactStore(url)
        before(store, step, lambda: ArtifactStore(url).store_version(tmp_path / "theirs", theirs))

        store.store_version(tmp_path / "ours", ours)

        kept = store.read_manifest(ours.version)
        assert kept == theirs
        assert store.read_file(kept, "report.json") == b"theirs"

    def test_whose_manifest_it_is_has_the_last_word(self, store: ArtifactStore, url: str, staged: Path) -> None:
        """A second writer who had not seen our manifest yet spoils nothing for longer than a moment."""
        made = build_version(staged)
        name = f"versions/{made.version}/report.json"
        before(store, "_have_the_last_word", lambda: self.spoil(url, name, b"theirs"))

        store.store_version(staged, made)

        assert store.read_file(made, "report.json") == REPORT

    @pytest.mark.parametrize("content", [b"bit rot", b"WEIGHTS" * 1_000, b""])
    def test_a_file_that_changed_in_the_store_is_noticed(
        self, store: ArtifactStore, url: str, staged: Path, content: bytes
    ) -> None:
        """A model is never built from weights that are not the published ones."""
        made = build_version(staged)
        store.store_version(staged, made)
        self.spoil(url, f"versions/{made.version}/weights.npz", content)

        with pytest.raises(ArtifactError, match="has changed"):
            store.read_file(made, "weights.npz")

    @pytest.mark.parametrize("path", ["../secret", "manifest.json", "/etc/passwd", "weights.npz/..", "", ".", ".."])
    def test_only_listed_files_are_read(self, store: ArtifactStore, staged: Path, path: str) -> None:
        """No path is ever built from something a client sent."""
        made = build_version(staged)
        store.store_version(staged, made)

        with pytest.raises(UnknownVersionError):
            store.read_file(made, path)

    def test_a_removed_version_is_gone_and_may_come_again(
        self, store: ArtifactStore, staged: Path, tmp_path: Path
    ) -> None:
        """Nothing of it is left, the others stay, and removing it once more does nothing."""
        made = build_version(staged)
        other = build_version(tmp_path / "other", weights=b"others", version="b" * 12)
        for folder, each in ((staged, made), (tmp_path / "other", other)):
            store.store_version(folder, each)

        store.remove_version(made.version)
        store.remove_version(made.version)

        assert store.list_versions() == [other.version]
        assert store._files.list_names(f"versions/{made.version}") == []
        with pytest.raises(UnknownVersionError):
            store.read_manifest(made.version)
        store.store_version(staged, made)
        assert store.read_file(made, "weights.npz") == WEIGHTS

    def test_a_removal_cut_short_leaves_no_version(self, store: ArtifactStore, staged: Path) -> None:
        """The manifest goes first: what is left is no version, and goes with the next try."""
        made = build_version(staged)
        store.store_version(staged, made)
        files: Any = store._files
        list_names = files.list_names
        files.list_names = die

        with pytest.raises(KilledError):
            store.remove_version(made.version)

        assert not store.has_version(made.version)
        files.list_names = list_names
        store.remove_version(made.version)
        assert files.list_names("versions") == []

    @pytest.mark.parametrize("version", ["../../etc", "0123456789AB", "", "0123456789ab/..", "0123456789abc"])
    def test_only_versions_are_names(self, store: ArtifactStore, version: str) -> None:
        """A version's name is 12 hex digits, or it is nothing."""
        with pytest.raises(UnknownVersionError):
            store.read_manifest(version)
