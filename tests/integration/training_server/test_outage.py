"""PostgreSQL dies in the middle of a run and comes back: the worker lives on, and the run ends."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from doodle_cli.postgres import PostgresCluster, free_port, start_server
from doodle_db.engine import connect_to
from doodle_db.migrate import migrate
from doodle_testing.training_server import make_live, order, read_run, running_worker, wait_for_state, wait_until
from training_server.queue import TrainingQueue
from training_server.queue_schema import migrate_queue


class MortalPostgres:
    """A server of the test's own that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        """Create a cluster in a folder that everybody may enter, and start it."""
        self.folder = folder
        self.cluster = PostgresCluster(folder / "postgres", free_port(), "only-for-tests")
        self.cluster.create()
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it takes connections; after a crash it recovers first."""
        self.process = start_server(self.cluster, self.folder / "log")
        wait_until(self._answers, "PostgreSQL")
        return self.process

    def crash(self) -> None:
        """Stop without a checkpoint or a farewell to anybody."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=30)

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.cluster.url("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True


@pytest.fixture
def mortal() -> Iterator[MortalPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="doodle-tests-"))
    server = MortalPostgres(folder)
    yield server
    if server.process.poll() is None:
        server.crash()
    shutil.rmtree(folder)


@pytest.fixture
def mortal_engine(mortal: MortalPostgres) -> Iterator[Engine]:
    engine = connect_to(mortal.cluster.url("postgres"))
    migrate(engine)
    migrate_queue(engine)
    yield engine
    engine.dispose()


def steps_done(engine: Engine, key: object) -> int:
    try:
        return int((read_run(engine, key).progress or {}).get("step", 0))  # type: ignore[arg-type]
    except SQLAlchemyError:
        return 0


def test_a_run_outlives_a_restart_of_the_database(
    mortal: MortalPostgres, mortal_engine: Engine, tmp_path: Path
) -> None:
    """The same attempt goes on, its progress is written again, it ends, and the worker takes the next run."""
    make_live(mortal_engine)
    queue = TrainingQueue(mortal_engine)
    key = order(mortal_engine, queue, behaviour="wait", until=str(tmp_path / "enough"))
    with running_worker(mortal.cluster.url("postgres"), tmp_path / "worker.log") as worker:
        wait_until(lambda: steps_done(mortal_engine, key) > 0, "progress")
        mortal.crash()
        mortal.start()
        before = steps_done(mortal_engine, key)
        wait_until(lambda: steps_done(mortal_engine, key) > before, "progress after the restart")

        (tmp_path / "enough").touch()
        run = wait_for_state(mortal_engine, key, "finished")
        following = wait_for_state(mortal_engine, order(mortal_engine, queue), "finished")

        assert worker.process.poll() is None
        assert (run.attempt, following.attempt) == (1, 1)


def test_a_worker_ends_while_the_database_is_away(
    mortal: MortalPostgres, mortal_engine: Engine, tmp_path: Path
) -> None:
    """SIGTERM is heeded without the database; the run is found later as one whose worker is gone."""
    make_live(mortal_engine)
    key = order(mortal_engine, TrainingQueue(mortal_engine), behaviour="wait")
    url = mortal.cluster.url("postgres")
    with running_worker(url, tmp_path / "worker.log") as worker:
        wait_for_state(mortal_engine, key, "running")
        mortal.crash()

        assert worker.terminate() == 0

    mortal.start()
    with running_worker(url, tmp_path / "worker.log"):
        wait_until(lambda: read_run(mortal_engine, key).attempt == 2, "a second attempt")
