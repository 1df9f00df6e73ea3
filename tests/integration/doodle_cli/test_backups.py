"""backup, backups and restore, as they are typed where DATABASE_URL names the database."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from doodle_cli.main import cli
from doodle_db.artifacts import ArtifactStore
from doodle_testing.kept import fill_installation

KEY, ANOTHER_KEY = "ab" * 32, "cd" * 32


@pytest.fixture
def place(tmp_path: Path) -> str:
    """A folder for backups."""
    return str(tmp_path / "place")


@pytest.fixture
def saved(engine: Engine, database_url: str, tmp_path: Path, place: str) -> Result:
    """A backup of an installation with some of everything."""
    store = ArtifactStore(str(tmp_path / "artifacts"))
    fill_installation(engine, store, tmp_path / "made", datetime.now(UTC) - timedelta(minutes=1))
    return run(["backup", place, "--verify"], tmp_path, DATABASE_URL=database_url, CONTRIBUTOR_KEY=KEY)


def run(arguments: list[str], folder: Path, **environment: str) -> Result:
    """Type a command; versions lie in `artifacts`, or in `restored` after a restore."""
    where = {"DOODLE_HOME": str(folder / "home"), "ARTIFACT_URL": str(folder / "artifacts")}
    return CliRunner().invoke(cli, arguments, env={**where, **environment})


def restore(place: str, database_url: str, folder: Path, *arguments: str, key: str | None = KEY) -> Result:
    known = {"CONTRIBUTOR_KEY": key} if key else {}
    restored = {"DATABASE_URL": database_url, "ARTIFACT_URL": str(folder / "restored"), **known}
    return run(["restore", place, *arguments], folder, **restored)


def test_what_is_saved_is_said_and_listed(saved: Result, place: str, tmp_path: Path) -> None:
    """How much of what, and what has to be kept beside it; never the key itself."""
    listed = json.loads(run(["backups", place, "--json"], tmp_path).output)

    assert saved.exit_code == 0, saved.output
    assert "11 doodles, 3 runs, 2 deployments, 2 versions" in saved.output
    assert "and read back" in saved.output
    assert "Keep the contributor key" in saved.output
    assert [each["versions"] for each in listed] == [["0123456789ab", "ba9876543210"]]
    assert KEY not in saved.output + str(listed)
    assert "11" in run(["backups", place], tmp_path).output


def test_it_comes_back(saved: Result, place: str, empty_database_url: str, tmp_path: Path) -> None:
    """Into an empty database, once; the second time it is in use."""
    first = restore(place, empty_database_url, tmp_path)
    second = restore(place, empty_database_url, tmp_path)

    assert first.exit_code == 0, first.output
    assert "restored in" in first.output
    assert ArtifactStore(str(tmp_path / "restored")).list_versions() == ["0123456789ab", "ba9876543210"]
    assert second.exit_code == 1
    assert "nothing has been changed" in second.output


def test_another_contributor_key_is_refused(saved: Result, place: str, empty_database_url: str, tmp_path: Path) -> None:
    """Contributors would be strangers; whoever has lost the key says so."""
    refused = restore(place, empty_database_url, tmp_path, key=ANOTHER_KEY)
    accepted = restore(place, empty_database_url, tmp_path, "--new-contributor-key", key=ANOTHER_KEY)

    assert refused.exit_code == 1
    assert "CONTRIBUTOR_KEY is another one than the contributor key" in refused.output
    assert accepted.exit_code == 0, accepted.output


def test_where_the_key_is_not_known_it_is_said(
    saved: Result, place: str, empty_database_url: str, tmp_path: Path
) -> None:
    """A database by its address is somebody else's to look after."""
    restored = restore(place, empty_database_url, tmp_path, key=None)

    assert restored.exit_code == 0, restored.output
    assert "It cannot be checked here" in restored.output


def test_a_backup_is_checked_without_a_database(saved: Result, place: str, tmp_path: Path) -> None:
    """Whole, it says so; damaged, it ends with 1 and names the file."""
    whole = run(["restore", place, "--check"], tmp_path)
    (part,) = Path(place).rglob("runs-00001.copy.gz")
    part.write_bytes(b"damaged")
    damaged = run(["restore", place, "--check"], tmp_path)

    assert (whole.exit_code, damaged.exit_code) == (0, 1)
    assert "every file is as it was written" in whole.output
    assert "runs-00001.copy.gz" in damaged.output


def test_a_home_without_a_database_is_not_made_one_by_a_backup(place: str, tmp_path: Path) -> None:
    """A wrong --home is a mistake, and leaves nothing behind."""
    refused = run(["backup", place], tmp_path)

    assert refused.exit_code == 1
    assert "There is no database in" in refused.output
    assert not (tmp_path / "home").exists()


def test_a_key_that_is_none_is_refused_without_being_shown(place: str, tmp_path: Path) -> None:
    """As every setting that is wrong: before anything is begun."""
    refused = run(["backup", place], tmp_path, CONTRIBUTOR_KEY="no hex at all")

    assert refused.exit_code == 1
    assert "CONTRIBUTOR_KEY is no key" in refused.output
    assert "no hex at all" not in refused.output


def test_a_database_without_its_versions_is_half(place: str, database_url: str, tmp_path: Path) -> None:
    """Where the versions lie has to be said, too."""
    refused = run(["backup", place], tmp_path, DATABASE_URL=database_url, ARTIFACT_URL="")

    assert refused.exit_code == 1
    assert "ARTIFACT_URL is not" in refused.output
