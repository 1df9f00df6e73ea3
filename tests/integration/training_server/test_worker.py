"""A worker's life on a real queue: what is killed, stopped, cancelled or lost, and what becomes of its run."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from doodle_db.runs import cancel_run, queue_delta_run
from doodle_testing.training_server import (
    make_live,
    order,
    read_run,
    running_worker,
    store_new,
    wait_for_state,
    wait_until,
    worker_states,
)
from training_server.clock import read_time
from training_server.queue import TrainingQueue


@pytest.fixture(autouse=True)
def live(queue_engine: Engine) -> None:
    """Something is live to begin from."""
    make_live(queue_engine)


def num_jobs(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one())


def states(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT state FROM runs")).scalars())


def test_a_run_is_worked_on_and_its_job_goes(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, log: Path
) -> None:
    """The run's row says what happened; nothing is left in the queue."""
    key = order(queue_engine, queue)

    with running_worker(queue_url, log):
        run = wait_for_state(queue_engine, key, "finished")

        assert (run.worker, run.attempt, run.verdict["outcome"]) == ("first", 1, "rejected")
        wait_until(lambda: num_jobs(queue_engine) == 0, "an empty queue")


def test_a_broken_run_fails_and_the_worker_goes_on(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, log: Path
) -> None:
    """An error nobody foresaw ends one run, with its words in the row and the traceback in the log."""
    with running_worker(queue_url, log):
        broken = wait_for_state(queue_engine, order(queue_engine, queue, behaviour="break"), "failed")
        wait_for_state(queue_engine, order(queue_engine, queue), "finished")

    assert broken.error == "RuntimeError: it broke"
    assert "Traceback" in log.read_text()


def test_a_run_is_cancelled_within_a_step(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, log: Path
) -> None:
    """The heartbeat hears of it within a second, the training heeds it at its next step."""
    key = order(queue_engine, queue, behaviour="wait")
    with running_worker(queue_url, log):
        wait_until(lambda: read_run(queue_engine, key).progress, "progress")
        with queue_engine.begin() as connection:
            cancel_run(connection, key, read_time(connection))

        wait_for_state(queue_engine, key, "cancelled", seconds=5)


def test_a_worker_asked_to_end_hands_its_run_back(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, log: Path
) -> None:
    """SIGTERM: exit status 0 within seconds; the run waits with a job of its own, and has lost no attempt."""
    key = order(queue_engine, queue, behaviour="wait")
    with running_worker(queue_url, log) as first:
        wait_for_state(queue_engine, key, "running")
        status = first.terminate()

    assert status == 0
    run = read_run(queue_engine, key)
    assert (run.state, run.attempt, run.worker) == ("waiting", 0, None)
    assert worker_states(queue_engine) == {"first": "stopped"}
    with running_worker(queue_url, log, name="second"):
        assert wait_for_state(queue_engine, key, "running", seconds=10).worker == "second"


def test_a_killed_workers_run_is_taken_up_once(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, log: Path
) -> None:
    """kill -9, restart: the run goes on at once. Killed again: it has failed, and does not kill a third time."""
    key = order(queue_engine, queue, behaviour="wait")
    for attempt in (1, 2):
        with running_worker(queue_url, log) as worker:
            wait_until(lambda: read_run(queue_engine, key).attempt == attempt, f"attempt {attempt}", seconds=15)  # noqa: B023
            worker.kill()

    with running_worker(queue_url, log):
        run = wait_for_state(queue_engine, key, "failed", seconds=15)

    assert "lost 2 times" in run.error


def test_another_worker_takes_up_what_a_silent_one_left(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, log: Path
) -> None:
    """After 30 seconds without a heartbeat; the test turns the clock back instead of waiting."""
    key = order(queue_engine, queue, behaviour="wait")
    with running_worker(queue_url, log) as first:
        wait_for_state(queue_engine, key, "running")
        first.kill()
    with queue_engine.begin() as connection:
        connection.execute(text("UPDATE runs SET heartbeat_at = heartbeat_at - interval '1 minute'"))
        connection.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"))

    with running_worker(queue_url, log, name="second"):
        wait_until(lambda: read_run(queue_engine, key).worker == "second", "another worker", seconds=15)
        assert read_run(queue_engine, key).attempt == 2


def test_a_lost_job_is_made_up_for(queue_engine: Engine, queue: TrainingQueue, queue_url: str, log: Path) -> None:
    """A run that waits without a job gets one by the tick."""
    with running_worker(queue_url, log):
        wait_for_state(queue_engine, order(queue_engine, queue), "finished")
        with queue_engine.begin() as connection:
            key = queue_delta_run(connection, uuid4(), trigger="operator", requested_by="ada").key

        wait_for_state(queue_engine, key, "finished", seconds=15)


def test_a_lost_call_is_made_up_for(queue_engine: Engine, queue_url: str, log: Path) -> None:
    """Enough doodles wait and nobody called: the tick asks, once."""
    with running_worker(queue_url, log):
        store_new(queue_engine, 10)
        wait_until(lambda: states(queue_engine) == ["finished"], "a finished run", seconds=15)

    with queue_engine.connect() as connection:
        run = connection.execute(text("SELECT trigger, requested_by FROM runs")).one()
    assert tuple(run) == ("doodles", "trigger")
