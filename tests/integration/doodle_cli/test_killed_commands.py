"""A command that is killed with SIGKILL leaves nothing half done that is taken for whole, and the next one goes on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from doodle_cli.home import Home
from doodle_cli.main import cli
from doodle_cli.password_change import NEXT
from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import BackupPlace, check_backup
from doodle_db.backups.record import NAME_FORMAT
from doodle_db.engine import connect_to
from doodle_db.migrate import find_differences, is_migrated, migrate
from doodle_db.partitions import list_months
from doodle_testing.first_release import FILL, register_then
from doodle_testing.homes import ask_database, used_home
from doodle_testing.kept import FIRST_VERSION, SECOND_VERSION, fill_installation, read_kept
from doodle_testing.killed_command import BACKUP, PRUNE, RESTORE, RESTORE_OF_OLD, ROTATE, ROTATE_PASSWORD
from doodle_testing.stack import wait_until
from doodle_testing.staged_versions import build_version
from training_server.upkeep import keep_in_order

TESTS = Path(__file__).parents[2]
KEY = "ab" * 32
OLD_MONTH = "2024-01"
NUM_OLD = 40
"""Doodles of the old month: a few pages of 8 KiB."""


def kill(point: str, *words: str, folder: Path, **environment: str) -> None:
    """Type a command that is killed at a point; what it leaves among its temporary files lies in the folder."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "doodle_testing.killed_command", point, *words],
        env={**os.environ, "PYTHONPATH": str(TESTS), "TMPDIR": str(folder), **settings_of(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr


def type_in(*words: str, folder: Path, **environment: str) -> Result:
    """Type a command that comes to its end."""
    return CliRunner().invoke(cli, list(words), env={**settings_of(folder), **environment})


def settings_of(folder: Path) -> dict[str, str]:
    """Give the settings of an installation whose versions lie in a folder's `artifacts`."""
    return {
        "DOODLE_HOME": str(folder / "home"),
        "ARTIFACT_URL": str(folder / "artifacts"),
        "CONTRIBUTOR_KEY": KEY,
    }


def read_rows(engine: Engine) -> dict[str, Any]:
    with engine.connect() as connection:
        return read_kept(connection)


def fill(engine: Engine, folder: Path) -> None:
    store = ArtifactStore(str(folder / "artifacts"))
    fill_installation(engine, store, folder / "made", datetime.now(UTC) - timedelta(minutes=1))


def fill_first_release(engine: Engine, folder: Path) -> None:
    """Make an installation of the first release: doodles, a version, its deployment."""
    migrate(engine, "0001")
    made = build_version(folder / "made", b"first" * 100, version=FIRST_VERSION)
    ArtifactStore(str(folder / "artifacts")).store_version(folder / "made", made)
    with engine.begin() as connection:
        connection.execute(text(FILL), {"first": 1, "last": 200})
        register_then(connection, made, is_live=True)


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    """A database nobody has started anything on."""
    engine = connect_to(empty_database_url)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("point", BACKUP)
def test_a_killed_backup_is_none(engine: Engine, database_url: str, tmp_path: Path, point: str) -> None:
    """Nothing is listed, nothing can be restored; the next one is made at the same place, and is whole."""
    fill(engine, tmp_path)
    place = BackupPlace(str(tmp_path / "place"))

    kill(point, "backup", place.url, folder=tmp_path, DATABASE_URL=database_url)

    assert place.list_backups() == []
    assert "there is none" in type_in("restore", place.url, "--check", folder=tmp_path).output
    # Backups are named after the second they are begun in.
    killed = [path.name for path in (tmp_path / "place" / "backups").glob("*")]
    wait_until(lambda: datetime.now(UTC).strftime(NAME_FORMAT) not in killed, 5)
    again = type_in("backup", place.url, folder=tmp_path, DATABASE_URL=database_url)
    assert again.exit_code == 0, again.output
    check_backup(place, place.read_record())
    assert place.read_record().versions == [FIRST_VERSION, SECOND_VERSION]


@pytest.mark.parametrize("point", RESTORE)
def test_a_killed_restore_is_done_again(
    engine: Engine, database_url: str, empty: Engine, empty_database_url: str, tmp_path: Path, point: str
) -> None:
    """Until its last rows are in, the new installation is empty; restoring again finds everything."""
    fill(engine, tmp_path)
    place, new = str(tmp_path / "place"), tmp_path / "new"
    type_in("backup", place, folder=tmp_path, DATABASE_URL=database_url)

    kill(point, "restore", place, folder=new, DATABASE_URL=empty_database_url)

    assert count_rows(empty) == 0
    again = type_in("restore", place, folder=new, DATABASE_URL=empty_database_url)
    assert again.exit_code == 0, again.output
    assert read_rows(empty) == read_rows(engine)
    assert ArtifactStore(str(new / "artifacts")).list_versions() == [FIRST_VERSION, SECOND_VERSION]
    assert_migrated(empty)


@pytest.mark.parametrize("point", RESTORE_OF_OLD)
def test_a_restore_that_is_killed_after_its_rows_is_finished_by_the_next_start(
    postgres: Any, empty: Engine, empty_database_url: str, tmp_path: Path, point: str
) -> None:
    """What is left is the migrations since the backup's release, as after any update; nothing is restored twice."""
    fill_first_release(empty, tmp_path)
    place, new = str(tmp_path / "place"), tmp_path / "new"
    type_in("backup", place, folder=tmp_path, DATABASE_URL=empty_database_url)
    url = postgres.create_database("template1")
    restored = connect_to(url)

    kill(point, "restore", place, folder=new, DATABASE_URL=url)

    again = type_in("restore", place, folder=new, DATABASE_URL=url)
    assert (again.exit_code, "is not empty" in again.output) == (1, True)
    migrate(restored)
    assert_migrated(restored)
    assert read_doodles(restored) == read_doodles(empty)
    with restored.connect() as connection:
        live = connection.execute(text("SELECT version FROM deployments")).scalars().all()
        assert connection.execute(text("SELECT count(*) FROM doodle_ids")).scalar_one() == 200
    assert live == ArtifactStore(str(new / "artifacts")).list_versions() == [FIRST_VERSION]
    restored.dispose()
    postgres.drop_database(url)


def count_rows(engine: Engine) -> int:
    """Count doodles, versions and deployments, in whatever schema there is."""
    with engine.connect() as connection:
        names = ("doodles", "models", "deployments")
        there = [name for name in names if connection.execute(text(f"SELECT to_regclass('{name}')")).scalar_one()]
        return sum(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in there)


def read_doodles(engine: Engine) -> list[tuple[Any, ...]]:
    columns = "id, label, bitmap, split, source, contributor, status, created_at"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM doodles ORDER BY id"))]


def assert_migrated(engine: Engine) -> None:
    with engine.connect() as connection:
        assert is_migrated(connection)
        assert find_differences(connection) == []


@pytest.mark.parametrize("point", PRUNE)
def test_a_killed_prune_is_finished_by_the_next_tick(
    engine: Engine, database_url: str, tmp_path: Path, point: str
) -> None:
    """A month is there with its counts and ids, or gone; what is left of one that is gone, any worker clears up."""
    fill(engine, tmp_path)
    before = read_rows(engine)
    make_old_month(engine)

    kill(point, "prune", "--before", "2025-01", "--yes", folder=tmp_path, DATABASE_URL=database_url)

    wait_until(lambda: not is_connected(engine, "doodle-prune"), 10)
    is_there = point == "before a month's commit"
    assert months_of(engine) == ([OLD_MONTH] if is_there else [])
    assert count_old(engine) == (NUM_OLD if is_there else 0)
    keep_in_order(engine)
    assert count_ids(engine) == len(before["doodles"]) + count_old(engine)
    again = type_in("prune", "--before", "2025-01", "--yes", folder=tmp_path, DATABASE_URL=database_url)
    assert again.exit_code == 0, again.output
    assert (months_of(engine), count_ids(engine), read_rows(engine)) == ([], len(before["doodles"]), before)


def make_old_month(engine: Engine) -> None:
    """Store doodles of long ago that every version has looked at."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE runs SET watermark_from = 100 WHERE watermark_from = 0"))
        connection.execute(text("SELECT make_doodle_month(CAST(:month AS date))"), {"month": f"{OLD_MONTH}-01"})
        connection.execute(
            text("""
                INSERT INTO doodles (id, label, bitmap, height, width, split, source, contributor, content_hash,
                    created_at, recorded_xid)
                SELECT gen_random_uuid(), 'cat', decode(repeat(md5(number::text), 49), 'hex'), 28, 28, 'train', 'user',
                    decode(md5('somebody'), 'hex'), sha256(number::text::bytea), CAST(:created_at AS timestamptz), 1
                FROM generate_series(1, :num) AS number
            """),
            {"num": NUM_OLD, "created_at": f"{OLD_MONTH}-15T00:00Z"},
        )


def months_of(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [f"{month:%Y-%m}" for month in list_months(connection) if month.year == 2024]


def count_old(engine: Engine) -> int:
    """Count the old month's doodles as statistics do; a month that is there has as many rows."""
    counted = """
        SELECT coalesce(sum(num_doodles), 0) FROM (
            SELECT month, num_doodles FROM doodle_counts UNION ALL SELECT month, num_doodles FROM doodle_count_changes
        ) AS every_change WHERE month = :month
    """
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT count(*) FROM doodles WHERE created_at < '2025-01-01'")).scalar_one()
        assert connection.execute(text(counted), {"month": f"{OLD_MONTH}-01"}).scalar_one() == rows
    return int(rows)


def count_ids(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM doodle_ids")).scalar_one())


def is_connected(engine: Engine, application_name: str) -> bool:
    """Tell whether a process that was killed still holds its locks: the server sees its end a moment later."""
    found = text("SELECT FROM pg_stat_activity WHERE application_name = :name AND datname = current_database()")
    with engine.connect() as connection:
        return connection.execute(found, {"name": application_name}).first() is not None


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that has been used: its database is there, and stopped."""
    return used_home(tmp_path_factory.mktemp("killed") / "home")


def read_secrets(home: Home) -> dict[str, str]:
    return {path.name: path.read_text() for path in home.secrets.iterdir() if path.suffix != ".new"}


@pytest.mark.parametrize(("point", "name"), list(zip(ROTATE, ["operator_token", "contributor_key"], strict=True)))
def test_a_killed_rotation_has_kept_the_old_secret_or_made_the_new_one(home: Home, point: str, name: str) -> None:
    """One of them is there, whole, and the change is simply made again."""
    before = read_secrets(home)

    kill(point, "rotate", name, "--home", str(home.folder), folder=home.folder)

    after = read_secrets(home)
    assert len(bytes.fromhex(after[name])) == 32
    assert {each for each in after if after[each] != before[each]} == ({name} if point == "after the file" else set())
    again = type_in("rotate", name, "--home", str(home.folder), folder=home.folder)
    assert again.exit_code == 0, again.output
    assert not list(home.secrets.glob("*.new"))


@pytest.mark.parametrize("point", ROTATE_PASSWORD)
def test_the_database_takes_the_homes_password_after_any_kill(home: Home, point: str) -> None:
    """The next start finds out which of two passwords it takes, keeps that one, and the change can be made again."""
    kill(f"password: {point}", "rotate", "postgres_password", "--home", str(home.folder), folder=home.folder)

    assert ask_database(home) == 7
    assert NEXT not in read_secrets(home)
    before = read_secrets(home)
    again = type_in("rotate", "postgres_password", "--home", str(home.folder), folder=home.folder)
    assert again.exit_code == 0, again.output
    assert read_secrets(home)["postgres_password"] != before["postgres_password"]
