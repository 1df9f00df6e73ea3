"""A run and its job are there together or not at all; nobody waits twice."""

from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text

from doodle_db.run_orders import RunOrder, enter_run
from training_server.queue import TrainingQueue

KEY = UUID(int=1)


@pytest.fixture(autouse=True)
def run(queue_engine: Engine) -> None:
    """A run that waits."""
    with queue_engine.begin() as connection:
        enter_run(connection, KEY, RunOrder("operator", "ada", priority=3))


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


def test_only_deltas_wait_for_each_other(queue_engine: Engine, queue: TrainingQueue) -> None:
    """A run from scratch has no lock, and every job its run's priority, also when that is changed."""
    other = UUID(int=2)
    with queue_engine.begin() as connection:
        enter_run(connection, other, RunOrder("operator", "ada", kind="scratch", dataset="base", priority=-2))
        for key in (KEY, other):
            queue.defer(connection, key)
        queue.prioritise(connection, other, 7)

    with queue_engine.connect() as connection:
        jobs = connection.execute(text("SELECT lock, priority FROM procrastinate_jobs ORDER BY id")).all()
    assert [tuple(job) for job in jobs] == [("delta", 2 * 3 + 1), (None, 2 * 7)]
