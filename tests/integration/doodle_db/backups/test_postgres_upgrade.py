"""Another major release of PostgreSQL is a backup from the one, restored into the other."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from doodle_cli.postgres import free_port
from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import BackupPlace, make_backup, restore_backup
from doodle_db.engine import connect_to
from doodle_db.migrate import migrate
from doodle_testing.kept import fill_installation, read_kept
from doodle_testing.stack import wait_until

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
START_SECONDS = 60
SYSTEM = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu put the programs of each major release."""


def find_older() -> Path | None:
    """Find the programs of the oldest PostgreSQL of this system that we run on, 15 or later."""
    found = sorted(path for path in SYSTEM.glob("*/bin/initdb") if int(path.parts[-3]) >= 15)
    return found[0].parent if found else None


@pytest.fixture
def older() -> Iterator[Engine]:
    """A database on the system's own PostgreSQL."""
    programs = find_older()
    if programs is None:
        pytest.skip(f"needs another PostgreSQL in {SYSTEM}: apt-get install postgresql")
    folder, port = Path(tempfile.mkdtemp(prefix="doodle-older-")), free_port()
    data = folder / "data"
    data.mkdir(mode=0o700)
    unprivileged = [sys.executable, "-m", "doodle_cli.unprivileged", str(data)]
    initdb = [programs / "initdb", "-D", data, "-U", "doodle", "-A", "trust", "-E", "UTF8", "--locale=C"]
    subprocess.run([*unprivileged, *map(str, initdb)], check=True, capture_output=True)
    address = ["-h", "127.0.0.1", "-p", str(port), "-c", "unix_socket_directories=", "-c", "fsync=off"]
    with (folder / "log").open("wb") as log:
        server = [*unprivileged, str(programs / "postgres"), "-D", str(data), *address]
        process = subprocess.Popen(server, stdout=log, stderr=log)
    engine = connect_to(f"postgresql://doodle@127.0.0.1:{port}/postgres")
    try:
        wait_until(lambda: answers(engine), START_SECONDS)
        yield engine
    finally:
        engine.dispose()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        rmtree(folder)


def answers(engine: Engine) -> bool:
    """Tell whether a server takes connections."""
    try:
        engine.connect().close()
    except OperationalError:
        return False
    return True


def major_release(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000


@pytest.mark.parametrize("is_upgrade", [True, False], ids=["up", "down"])
def test_rows_move_between_major_releases(
    older: Engine, empty_database_url: str, tmp_path: Path, is_upgrade: bool
) -> None:
    """Both ways: what is in a backup does not depend on the server it comes from."""
    newer = connect_to(empty_database_url)
    source, target = (older, newer) if is_upgrade else (newer, older)
    store, place = ArtifactStore(str(tmp_path / "artifacts")), BackupPlace(str(tmp_path / "place"))
    migrate(source)
    fill_installation(source, store, tmp_path / "made", NOW)

    record = make_backup(source, store, place, now=NOW, contributor_key_check=None)
    restore_backup(target, store, place, record)

    assert major_release(older) < major_release(newer)
    with source.connect() as before, target.connect() as after:
        assert read_kept(after) == read_kept(before)
    newer.dispose()
