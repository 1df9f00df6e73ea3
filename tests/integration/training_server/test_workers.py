"""Workers that live: two of a name, a run for one of them, asked to end, killed, ending when nothing waits."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.run_orders import RunOrder
from doodle_db.runs import cancel_run
from doodle_testing.training_api import ask, list_workers, read
from doodle_testing.training_server import (
    claim_for_test,
    jobs,
    make_silent,
    order,
    read_run,
    running_worker,
    store_new,
    wait_for_state,
    wait_for_worker,
    wait_until,
    worker_states,
)
from training_server.clock import read_time
from training_server.farewell import ASKED_STATUS, is_anything_left
from training_server.queue import TrainingQueue, queue_of
from training_server.trigger import ask_for_training, queue_run

pytestmark = pytest.mark.usefixtures("live_engine")


@pytest.fixture
def send(queue_engine: Engine, queue: TrainingQueue) -> Callable[..., UUID]:
    """Queue a run for one worker."""

    def send_to(worker: str | None, **arguments: Any) -> UUID:
        request = RunOrder("operator", "ada", "a test", arguments, sent_to=worker)
        with queue_engine.begin() as connection:
            return queue_run(connection, queue, uuid4(), request).key

    return send_to


def test_two_of_a_name_on_two_machines(queue_engine: Engine, queue_url: str, log: Path, client: FlaskClient) -> None:
    """The second is called by a number; both are there, and the log says why."""
    with running_worker(queue_url, log, name="colab", PAPER_HOST="here"):
        wait_for_worker(queue_engine, "colab")
        with running_worker(queue_url, log, name="colab", PAPER_HOST="there"):
            wait_for_worker(queue_engine, "colab-2")

            listed = list_workers(client)

    assert {name: worker["host"] for name, worker in listed.items()} == {"colab": "here", "colab-2": "there"}
    assert '"taken": "colab"' in log.read_text()


def test_many_that_start_at_once_get_names_of_their_own(queue_engine: Engine, queue_url: str, log: Path) -> None:
    """Also on one machine, and at the same moment."""
    with ExitStack() as workers:
        for _ in range(3):
            workers.enter_context(running_worker(queue_url, log, name="w"))
        wait_until(lambda: len(worker_states(queue_engine)) == 3, "three workers")

        assert set(worker_states(queue_engine)) == {"w", "w-2", "w-3"}


def test_a_worker_says_what_it_is(queue_engine: Engine, queue_url: str, log: Path, client: FlaskClient) -> None:
    """Machine, device, cores, version, since when, and that nobody asked anything of it."""
    with running_worker(queue_url, log):
        wait_for_worker(queue_engine, "first")

        worker = list_workers(client)["first"]

    assert worker["version"]
    assert worker["host"]
    assert (worker["device"], worker["gpu"], worker["state"], worker["run"]) == ("paper", None, "idle", None)
    assert (worker["asked_to"], worker["num_sent"], worker["progress"]) == (None, 0, None)
    assert 0 <= worker["silent_seconds"] < 5


def test_a_run_goes_to_the_worker_it_is_sent_to(
    queue_engine: Engine, queue_url: str, log: Path, send: Callable[..., UUID]
) -> None:
    """However many others are idle, and first in line."""
    with running_worker(queue_url, log, name="first"), running_worker(queue_url, log, name="second"):
        wait_for_worker(queue_engine, "first")
        wait_for_worker(queue_engine, "second")
        for name in ("second", "first", "second"):
            run = wait_for_state(queue_engine, send(name), "finished")

            assert (run.worker, run.sent_to) == (name, name)


def test_one_run_at_a_time_on_one_machine(
    queue_engine: Engine, queue_url: str, log: Path, send: Callable[..., UUID], tmp_path: Path
) -> None:
    """Two idle workers, two runs that wait one after the other: never are two of them worked on at once."""
    until = tmp_path / "until"
    with running_worker(queue_url, log, name="first"), running_worker(queue_url, log, name="second"):
        wait_for_worker(queue_engine, "first")
        wait_for_worker(queue_engine, "second")
        busy = send("first", behaviour="wait", until=str(until))
        wait_for_state(queue_engine, busy, "running")
        other = send("second")
        wait_until(lambda: (queue_of("second"), str(other)) in jobs(queue_engine), "a job for the second")
        until.touch()
        later = wait_for_state(queue_engine, other, "finished", seconds=15)

    assert later.worker == "second"
    assert later.started_at >= read_run(queue_engine, busy).finished_at


def test_a_drained_worker_finishes_its_run(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, log: Path, client: FlaskClient, tmp_path: Path
) -> None:
    """It takes no other, ends by itself, and says by its status that it was asked."""
    until = tmp_path / "until"
    busy = order(queue_engine, queue, behaviour="wait", until=str(until))
    with running_worker(queue_url, log) as worker:
        wait_for_state(queue_engine, busy, "running")
        answer = ask(client, "first", "drain")
        wait_until(lambda: "worker_ending" in log.read_text(), "the worker's ear", seconds=5)
        later = order(queue_engine, queue)
        until.touch()
        status = worker.process.wait(timeout=20)

    assert (answer.status_code, answer.json["asked_to"], answer.json["asked_by"]) == (202, "drain", "ada")
    assert status == ASKED_STATUS
    assert read_run(queue_engine, busy).state == "finished"
    assert read_run(queue_engine, later).state == "waiting"
    assert worker_states(queue_engine) == {"first": "stopped"}


@pytest.mark.parametrize("wishes", [["stop"], ["drain", "stop"]])
def test_a_stopped_worker_gives_its_run_back_once(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, log: Path, client: FlaskClient, wishes: list[str]
) -> None:
    """The run waits with one job and all its attempts; the next worker takes it. `stop` outdoes `drain`."""
    busy = order(queue_engine, queue, behaviour="wait")
    with running_worker(queue_url, log) as worker:
        wait_for_state(queue_engine, busy, "running")
        for wish in wishes:
            assert ask(client, "first", wish).json["asked_to"] == wish
        status = worker.process.wait(timeout=20)

    run = read_run(queue_engine, busy)
    assert status == ASKED_STATUS
    assert (run.state, run.attempt, run.worker) == ("waiting", 0, None)
    assert jobs(queue_engine) == [("training", str(busy))]
    with running_worker(queue_url, log, name="second"):
        assert wait_for_state(queue_engine, busy, "running", seconds=15).attempt == 1


def test_killed_with_a_run_that_was_sent_to_it(
    queue_engine: Engine, queue_url: str, log: Path, send: Callable[..., UUID], client: FlaskClient
) -> None:
    """kill -9: the run waits for this worker and says so, others go on with theirs, and it takes the run up again."""
    mine = send("first", behaviour="wait")
    with running_worker(queue_url, log) as first:
        wait_for_state(queue_engine, mine, "running")
        first.kill()
    make_silent(queue_engine, "runs.heartbeat_at", "workers.heartbeat_at", "procrastinate_workers.last_heartbeat")
    with running_worker(queue_url, log, name="second") as second:
        run = wait_for_state(queue_engine, mine, "waiting", seconds=15)
        shown = read(client, f"train/{mine}")
        assert (run.attempt, run.worker, run.sent_to) == (1, None, "first")
        assert shown["note"] == "first is lost: the run waits until it comes back, or is cancelled."
        assert list_workers(client)["first"]["num_sent"] == 1
        wait_until(lambda: jobs(queue_engine) == [], "an empty queue", seconds=15)
        second.terminate()

    with running_worker(queue_url, log):
        wait_until(lambda: read_run(queue_engine, mine).attempt == 2, "the second attempt", seconds=15)
        assert read_run(queue_engine, mine).worker == "first"


def test_a_run_for_a_lost_worker_can_be_cancelled(
    queue_engine: Engine, queue_url: str, log: Path, send: Callable[..., UUID]
) -> None:
    """Also while it still counts as running; whatever it left in the queue holds nobody up."""
    mine = send("first", behaviour="wait")
    with running_worker(queue_url, log) as first:
        wait_for_state(queue_engine, mine, "running")
        first.kill()
    make_silent(queue_engine, "runs.heartbeat_at", "workers.heartbeat_at", "procrastinate_workers.last_heartbeat")
    with queue_engine.begin() as connection:
        assert cancel_run(connection, mine, read_time(connection)) == "cancelled"

    with running_worker(queue_url, log, name="second"):
        assert wait_for_state(queue_engine, send(None), "finished", seconds=20).worker == "second"


def test_a_lost_worker_does_not_end_the_learning(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, log: Path, send: Callable[..., UUID]
) -> None:
    """When enough doodles wait, any worker may take the run that waits for one that is not there."""
    mine = send("first", behaviour="wait")
    with running_worker(queue_url, log):
        wait_for_state(queue_engine, mine, "running")
    make_silent(queue_engine, "runs.heartbeat_at", "workers.heartbeat_at", "procrastinate_workers.last_heartbeat")
    with running_worker(queue_url, log, name="second"):
        wait_for_state(queue_engine, mine, "waiting", seconds=15)
        assert ask_for_training(queue_engine, queue, 5, uuid4()).decision == "not_enough"
        store_new(queue_engine, 5)

        answer = ask_for_training(queue_engine, queue, 5, uuid4())

        assert (answer.decision, answer.key) == ("queued", mine)
        assert wait_for_state(queue_engine, mine, "running", seconds=15).worker == "second"


def test_until_idle(queue_engine: Engine, queue_url: str, log: Path, send: Callable[..., UUID], tmp_path: Path) -> None:
    """It does what waits, leaves what was sent to others, and ends with status 0."""
    until = tmp_path / "until"
    first = send(None, behaviour="wait", until=str(until))
    with running_worker(queue_url, log, name="rented", WORKER_UNTIL_IDLE="yes") as worker:
        wait_for_state(queue_engine, first, "running")
        other = send("elsewhere")
        until.touch()
        status = worker.process.wait(timeout=30)

    assert status == 0
    assert (read_run(queue_engine, first).state, read_run(queue_engine, other).state) == ("finished", "waiting")
    assert worker_states(queue_engine) == {"rented": "stopped"}


def test_what_is_left_to_do(queue_engine: Engine, queue: TrainingQueue, send: Callable[..., UUID]) -> None:
    """Not what was sent to others; what waits for any or for this one; and what it works on itself."""

    def is_left_to(*names: str) -> list[bool]:
        with queue_engine.connect() as connection:
            return [is_anything_left(connection, name) for name in names]

    assert is_left_to("first", "second") == [False, False]
    key = send("first")
    assert is_left_to("first", "second") == [True, False]
    claim_for_test(queue_engine, key, "first")
    assert is_left_to("first", "second") == [True, False]
    send(None)
    assert is_left_to("first", "second") == [True, True]
