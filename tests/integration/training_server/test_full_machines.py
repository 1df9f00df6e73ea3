"""One machine trains one run at a time; what it cannot take, others can, in the order of priority."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from doodle_db.run_orders import RunOrder
from doodle_testing.training_server import (
    make_live,
    order_run,
    read_run,
    running_worker,
    wait_for_state,
    wait_until,
    worker_states,
)
from training_server.queue import TrainingQueue


@pytest.fixture(autouse=True)
def live(queue_engine: Engine) -> None:
    """Something is live to judge by."""
    make_live(queue_engine)


def order_scratch(engine: Engine, queue: TrainingQueue, priority: int = 0, **arguments: Any) -> UUID:
    told = RunOrder(
        "operator", "ada", arguments=arguments, kind="scratch", dataset="base", network="mlp", priority=priority
    )
    return order_run(engine, queue, told)


def order_waiting(engine: Engine, queue: TrainingQueue, until: Path) -> UUID:
    """Order a run that goes on until a file is there."""
    return order_scratch(engine, queue, behaviour="wait", until=str(until))


def test_a_full_machine_leaves_runs_to_others(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, tmp_path: Path
) -> None:
    """Of two workers of a machine the second stands by, and a worker elsewhere takes the other run."""
    keys = [order_waiting(queue_engine, queue, tmp_path / "end") for _ in range(2)]
    first, second, elsewhere = (tmp_path / name for name in ("first", "second", "elsewhere"))
    with running_worker(queue_url, first, name="first", PAPER_HOST="here"):
        wait_until(lambda: running(queue_engine, keys) == {"first"}, "one run by the first")
        with running_worker(queue_url, second, name="second", PAPER_HOST="here"):
            wait_until(lambda: "full" in second.read_text(), "a second worker that stands by")
            assert running(queue_engine, keys) == {"first"}
            with running_worker(queue_url, elsewhere, name="elsewhere", PAPER_HOST="there"):
                wait_until(lambda: running(queue_engine, keys) == {"first", "elsewhere"}, "a run elsewhere")

                (tmp_path / "end").touch()

                for key in keys:
                    wait_for_state(queue_engine, key, "finished")
    assert {read_run(queue_engine, key).attempt for key in keys} == {1}


def test_a_worker_that_stands_by_goes_on(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, tmp_path: Path
) -> None:
    """When its machine's other worker is gone, it takes the run that waits; asked to end, it ends."""
    keys = [order_waiting(queue_engine, queue, tmp_path / "end") for _ in range(2)]
    with running_worker(queue_url, tmp_path / "first", name="first", PAPER_HOST="here") as first:
        wait_until(lambda: running(queue_engine, keys) == {"first"}, "one run by the first")
        with running_worker(queue_url, tmp_path / "second", name="second", PAPER_HOST="here") as second:
            wait_until(lambda: "full" in (tmp_path / "second").read_text(), "a second worker that stands by")
            assert first.terminate() == 0
            wait_until(lambda: running(queue_engine, keys) == {"second"}, "a run by the second")
            assert second.terminate() == 0
    assert worker_states(queue_engine) == {"first": "stopped", "second": "stopped"}
    assert {read_run(queue_engine, key).state for key in keys} == {"waiting"}


def test_more_runs_on_one_machine_where_that_is_wanted(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, tmp_path: Path
) -> None:
    """RUNS_PER_MACHINE: two workers, two runs."""
    keys = [order_waiting(queue_engine, queue, tmp_path / "end") for _ in range(2)]
    told = {"PAPER_HOST": "here", "RUNS_PER_MACHINE": "2"}
    with (
        running_worker(queue_url, tmp_path / "first", name="first", **told),
        running_worker(queue_url, tmp_path / "second", name="second", **told),
    ):
        wait_until(lambda: running(queue_engine, keys) == {"first", "second"}, "two runs")


def test_the_higher_priority_comes_first(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, tmp_path: Path
) -> None:
    """Then age; a priority that is changed while the run waits counts."""
    low, plain, high, raised = (order_scratch(queue_engine, queue, priority) for priority in (-5, 0, 5, -10))
    with queue_engine.begin() as connection:
        queue.prioritise(connection, raised, 10)

    with running_worker(queue_url, tmp_path / "first"):
        for key in (low, plain, high, raised):
            wait_for_state(queue_engine, key, "finished")

    with queue_engine.connect() as connection:
        in_order = connection.execute(text("SELECT key FROM runs ORDER BY started_at")).scalars().all()
    assert in_order == [raised, high, plain, low]


def running(engine: Engine, keys: list[UUID]) -> set[str]:
    """Name the workers that are at these runs."""
    rows = [read_run(engine, key) for key in keys]
    return {row.worker for row in rows if row.state == "running"}
