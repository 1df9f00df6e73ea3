"""
The queue of training jobs: Procrastinate, in the same PostgreSQL as everything else.

A job is only a run's vehicle: it carries the run's key and is deleted when it has arrived. What happened to the run
stands in its row (doodle_db.runs), and training_server.recovery gives a run a new job whenever its own was lost.
"""

import hashlib
from collections.abc import Callable
from uuid import UUID

from procrastinate import App, PsycopgConnector
from procrastinate.contrib.sqlalchemy import SQLAlchemyPsycopg2Connector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer
from sqlalchemy import Connection, Engine, text

from doodle_db.engine import SILENCE
from doodle_db.queue import DELTA_LOCK, TRAINING_QUEUE
from doodle_db.run_orders import Kind
from doodle_db.runs import get_run

TASK = "train"

_PRIORITISE = """
    UPDATE procrastinate_jobs SET priority = :priority
    WHERE queueing_lock = :key AND status = 'todo'
"""

CONNECT_SECONDS = 3.0
"""How long the queue waits for a connection: a worker that is to end while the database is away waits twice that."""


class TrainingQueue:
    """
    Gives runs their jobs, inside the caller's transaction: the row and its job are there together or not at all.

    Any number of threads may share one.
    """

    def __init__(self, engine: Engine) -> None:
        """
        Args:
            engine: of the database the runs are in; nothing is connected yet.
        """
        self._app = App(connector=SQLAlchemyPsycopg2Connector())
        self._app.open(engine)

    def defer(self, connection: Connection, key: UUID, queue: str = TRAINING_QUEUE) -> bool:
        """
        Put a job for a run into the queue, with the run's priority.

        Args:
            connection: with an open transaction; the job is visible to workers at its commit.
            key: the run's.
            queue: that of all workers, or of one; see queue_of.

        Returns:
            False if a job for it waits already.
        """
        try:
            with connection.begin_nested():
                run = get_run(connection, key)
                lock = DELTA_LOCK if run.kind == "delta" else None
                job_for(self._app, key, connection, queue, lock, place_of(run.kind, run.priority)).defer(
                    run_key=str(key)
                )
        except AlreadyEnqueued:
            return False
        return True

    def prioritise(self, connection: Connection, key: UUID, priority: int) -> None:
        """Let a run's job that waits come sooner or later; where there is none, a later one will."""
        told = {"priority": place_of(get_run(connection, key).kind, priority), "key": str(key)}
        connection.execute(text(_PRIORITISE), told)


def queue_of(worker: str | None) -> str:
    """
    Name the queue in which a run's job belongs.

    Args:
        worker: to whom the run was sent; None: to any. A digest stands for its name: PostgreSQL notifies by the
            queue's name, in 63 bytes together with Procrastinate's own words.

    >>> queue_of(None), queue_of("colab-1")
    ('training', 'worker:6c72c47da05d746d')
    """
    return TRAINING_QUEUE if worker is None else f"worker:{hashlib.sha256(worker.encode()).hexdigest()[:16]}"


def place_of(kind: Kind, priority: int) -> int:
    """
    Give a job's priority in the queue: a delta goes before other runs of its priority, so that the loop waits for none.

    >>> place_of("delta", 0) > place_of("scratch", 0), place_of("scratch", 1) > place_of("delta", 0)
    (True, True)
    """
    return 2 * priority + (kind == "delta")


def job_for(
    app: App,
    key: UUID,
    connection: Connection | None = None,
    queue: str = TRAINING_QUEUE,
    lock: str | None = DELTA_LOCK,
    priority: int = 0,
) -> JobDeferrer:
    """Describe the job of a run: one waits per run, and one of all under a lock is worked on at a time."""
    return app.configure_task(
        TASK, queue=queue, lock=lock, queueing_lock=str(key), connection=connection, priority=priority
    )


def make_worker_app(database_url: str, train: Callable[[UUID], None]) -> App:
    """
    Make the worker's side of the queue; nothing is connected before it is opened.

    Args:
        database_url: postgresql://user:password@host:port/name
        train: works on the run of this key until its end; called in a thread of its own.
    """
    connector = PsycopgConnector(
        conninfo=database_url,
        kwargs=dict(SILENCE),
        min_size=1,
        max_size=4,
        timeout=CONNECT_SECONDS,
        name="training-queue",
    )
    app = App(connector=connector)

    @app.task(name=TASK, queue=TRAINING_QUEUE)
    def work_on(run_key: str) -> None:
        train(UUID(run_key))

    return app
