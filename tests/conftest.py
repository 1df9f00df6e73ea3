"""What every test may ask for: real drawings, drawings of our own, and a real PostgreSQL."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from doodle_cli.postgres import PostgresCluster, free_port, start_server
from doodle_db.engine import connect_to
from doodle_db.migrate import migrate
from doodle_testing.object_store import ObjectStore, running_object_store

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real drawings; a test that asks for it is skipped where there is none, except in CI."""
    folder = os.environ.get("DOODLE_DATA_DIR")
    if not folder:
        pytest.skip("needs real drawings: set DOODLE_DATA_DIR to a folder that holds quickdraw/ and strokes/")
    assert Path(folder).is_dir(), f"DOODLE_DATA_DIR={folder} is no folder"
    return Path(folder)


@dataclass(frozen=True)
class RunningPostgres:
    """A server of the tests' own, with a migrated database to copy from."""

    cluster: PostgresCluster
    process: subprocess.Popen[bytes]

    def execute(self, statement: str) -> None:
        """Run a statement that must stand outside a transaction."""
        engine = create_engine(self.cluster.url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))

    def create_database(self, template: str) -> str:
        """Copy a database under a new name and give its address."""
        name = f"test_{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.cluster.url(name)

    def drop_database(self, url: str) -> None:
        """Drop a database whoever is still connected to it."""
        self.execute(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres() -> Iterator[RunningPostgres]:
    """A PostgreSQL server for the whole session; not durable, because nobody needs its rows tomorrow."""
    folder = Path(tempfile.mkdtemp(prefix="doodle-tests-"))
    cluster = PostgresCluster(folder / "postgres", free_port(), "only-for-tests")
    cluster.create()
    process = start_server(cluster, folder / "log", "fsync=off", "synchronous_commit=off", "full_page_writes=off")
    try:
        wait_for_postgres(cluster.url("postgres"))
        server = RunningPostgres(cluster, process)
        server.execute("CREATE DATABASE migrated")
        engine = connect_to(cluster.url("migrated"))
        migrate(engine)
        engine.dispose()
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        shutil.rmtree(folder)


def wait_for_postgres(url: str, seconds: float = 30) -> None:
    """Wait until a server takes connections."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg2.connect(url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def database_url(postgres: RunningPostgres) -> Iterator[str]:
    """The address of a freshly migrated database of the test's own."""
    url = postgres.create_database("migrated")
    yield url
    postgres.drop_database(url)


@pytest.fixture
def empty_database_url(postgres: RunningPostgres) -> Iterator[str]:
    """The address of a database without a schema."""
    url = postgres.create_database("template1")
    yield url
    postgres.drop_database(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a freshly migrated database."""
    engine = connect_to(database_url, pool_size=20)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    """S3 on loopback for the whole session; every test makes a bucket of its own."""
    with running_object_store() as running:
        yield running
