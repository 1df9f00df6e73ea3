"""A run and its job are there together or not at all; nobody waits twice."""

from uuid import UUID

from sqlalchemy import Connection, Engine, text

from training_server.queue import TrainingQueue

KEY = UUID(int=1)


def jobs_in(connection: Connection) -> list[tuple[str, str]]:
    return [
        (row[0], row[1]) for row in connection.execute(text("SELECT args->>'run_key', lock FROM procrastinate_jobs"))
    ]


def test_a_run_gets_one_job(queue_engine: Engine, queue: TrainingQueue) -> None:
    """A second job for the same waiting run is a value, not an error, and leaves the transaction usable."""
    with queue_engine.begin() as connection:
        first = queue.defer(connection, KEY)
        second = queue.defer(connection, KEY)

    with queue_engine.connect() as connection:
        assert (first, second) == (True, False)
        assert jobs_in(connection) == [(str(KEY), "delta")]


def test_a_job_whose_transaction_failed_never_was(queue_engine: Engine, queue: TrainingQueue) -> None:
    """A job is visible only if everything done with it is."""
    with queue_engine.connect() as connection:
        queue.defer(connection, KEY)
        connection.rollback()

    with queue_engine.connect() as connection:
        assert jobs_in(connection) == []
