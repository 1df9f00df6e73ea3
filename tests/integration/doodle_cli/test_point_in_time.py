"""Point-in-time recovery as docs/backups.md tells it: a copy of the cluster, its log since, and a moment."""

import re
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shutil import rmtree

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from doodle_cli.database import make_database
from doodle_cli.postgres import PostgresCluster, free_port, run_program, start_server
from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import BackupPlace
from doodle_db.backups.versions import check_version
from doodle_db.deletions import delete_version
from doodle_db.doodles import store_doodles
from doodle_db.engine import connect_to
from doodle_db.migrate import is_migrated, migrate
from doodle_db.model_registry import deploy, find_live, register_version
from doodle_db.training_counts import count_for_training
from doodle_testing.backups import save
from doodle_testing.builders import doodle, ids_of_split
from doodle_testing.stack import wait_until
from doodle_testing.staged_versions import build_version

PAGE = Path(__file__).parents[3] / "docs" / "backups.md"
VERSIONS = FIRST, SECOND, THIRD = ("111111111111", "222222222222", "333333333333")
TRAIN = ids_of_split("train", 6)
PASSWORD = "only-for-tests"
ARCHIVE_SECONDS = 60


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder PostgreSQL's own user can get to, which pytest's is not everywhere."""
    made = Path(tempfile.mkdtemp(prefix="doodle-recovery-"))
    yield made
    rmtree(made)


@contextmanager
def running(cluster: PostgresCluster, log: Path) -> Iterator[None]:
    """Run a cluster until the block ends."""
    process = start_server(cluster, log)
    try:
        await_connection(cluster, process, log)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def await_connection(cluster: PostgresCluster, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until it takes connections and has ended its recovery."""

    def is_up() -> bool:
        assert process.poll() is None, log.read_text()
        try:
            return execute(cluster, "SELECT NOT pg_is_in_recovery()") is True
        except OSError:
            return False

    wait_until(is_up, ARCHIVE_SECONDS)


def execute(cluster: PostgresCluster, *statements: str) -> object:
    """Run statements outside a transaction; give what the last one says, if anything."""
    engine = create_engine(cluster.url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        connection = engine.connect()
    except Exception as refused:
        raise OSError(str(refused)) from refused
    with connection:
        results = [connection.execute(text(statement)) for statement in statements]
        return results[-1].scalar() if results[-1].returns_rows else None


def store(engine: Engine, start: int, end: int) -> datetime:
    """Store some of the doodles; give a moment after that."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each) for each in TRAIN[start:end]])
    with engine.connect() as connection:
        moment: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment


def num_new(engine: Engine) -> int:
    with engine.connect() as connection:
        return count_for_training(connection, at_most=100).num_new


def name_live(engine: Engine) -> str | None:
    with engine.connect() as connection:
        live = find_live(connection)
    return live.version if live else None


def make_live(engine: Engine, artifacts: ArtifactStore, folder: Path, version: str) -> None:
    """Store a version of its own, and deploy it."""
    made = build_version(folder / version, version.encode(), version=version)
    artifacts.store_version(folder / version, made)
    expected_live = name_live(engine)
    with engine.begin() as connection:
        register_version(connection, made)
        deploy(connection, version, kind="deploy", actor="ada", reason="a test", expected_live=expected_live)


def follow_the_page(backups: str, artifacts: str) -> None:
    """Copy files of versions back, by the command that the page gives."""
    ((source, target),) = re.findall(r"`(cp -R /mnt/backups\S*) (\.doodle/artifacts\S*)`", PAGE.read_text())
    command = f"{source.replace('/mnt/backups', backups)} {target.replace('.doodle/artifacts', artifacts)}"
    subprocess.run(shlex.split(command), check=True)


def test_what_was_dropped_and_deleted_comes_back(folder: Path) -> None:
    """Recovered to just before the mistakes: what was stored after the copy is there, too, and counts as it did."""
    archive, copy = folder / "archive", folder / "copy"
    archive.mkdir()
    artifacts, backups = ArtifactStore(str(folder / "artifacts")), BackupPlace(str(folder / "backups"))
    cluster = PostgresCluster(folder / "postgres", free_port(), PASSWORD)
    cluster.create()
    with running(cluster, folder / "log"):
        make_database(cluster)
        execute(
            cluster,
            "ALTER SYSTEM SET archive_mode = on",
            f"ALTER SYSTEM SET archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f.part "
            f"&& mv {archive}/%f.part {archive}/%f'",
        )
    with running(cluster, folder / "log"):
        engine = connect_to(cluster.url())
        migrate(engine)
        make_live(engine, artifacts, folder, FIRST)
        store(engine, 0, 2)
        save(engine, artifacts, backups)
        address = f"host=127.0.0.1 port={cluster.port} user=doodle password={PASSWORD}"
        run_program(["pg_basebackup", f"--dbname={address}", f"--pgdata={copy}", "--checkpoint=fast"], folder / "copy")
        moment = store(engine, 2, 5)
        before = num_new(engine)
        for version in (SECOND, THIRD):
            make_live(engine, artifacts, folder, version)
        with engine.begin() as connection:
            delete_version(connection, FIRST, actor="ada", reason="a test")
            connection.execute(text("DROP TABLE doodles CASCADE"))
        artifacts.remove_version(FIRST)
        engine.dispose()
        last = str(execute(cluster, "SELECT pg_walfile_name(pg_switch_wal())"))
        wait_until((archive / last).is_file, ARCHIVE_SECONDS)

    with (copy / "postgresql.auto.conf").open("a") as settings:
        settings.write(
            f"restore_command = 'cp {archive}/%f %p'\nrecovery_target_time = '{moment.isoformat()}'\n"
            "recovery_target_action = 'promote'\nhot_standby = off\narchive_mode = off\n"
        )
    (copy / "recovery.signal").touch()
    copy.chmod(0o700)
    follow_the_page(backups.url, artifacts.url)
    recovered = PostgresCluster(copy, free_port(), PASSWORD)
    with running(recovered, folder / "recovered.log"):
        engine = connect_to(recovered.url())
        with engine.connect() as connection:
            assert is_migrated(connection)
            assert connection.execute(text("SELECT count(*) FROM doodles")).scalar_one() == 5
        assert num_new(engine) == before == 5
        store(engine, 5, 6)
        assert num_new(engine) == 6
        assert name_live(engine) == FIRST
        engine.dispose()
    for version in VERSIONS:
        check_version(artifacts, version)
