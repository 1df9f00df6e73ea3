"""However many ask, however they race: the same doodles start one run."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from doodle_db.doodles import store_doodles
from doodle_db.run_orders import RunOrder
from doodle_db.runs import end_run
from doodle_testing.builders import LABEL_SET, doodle, ids_of_split
from doodle_testing.training_server import claim_for_test, make_live, order, read_run, store, store_new
from training_server.claims import ClaimedRun
from training_server.clock import read_time
from training_server.errors import NothingToTrainOnError
from training_server.label_plan import keep_labels
from training_server.material import read_material
from training_server.queue import TrainingQueue
from training_server.trigger import ask_for_scheduled_training, ask_for_training, order_training

NUM_ASKING = 12
BY_HAND = RunOrder("operator", "ada", "a test")


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def ask_at_once(ask: Callable[[], object]) -> list[object]:
    start = threading.Barrier(NUM_ASKING)

    def wait_and_ask(_: int) -> object:
        start.wait()
        return ask()

    with ThreadPoolExecutor(NUM_ASKING) as processes:
        return list(processes.map(wait_and_ask, range(NUM_ASKING)))


def test_enough_doodles_queue_one_run(queue_engine: Engine, queue: TrainingQueue) -> None:
    """A dozen processes see enough doodles at once: one run, one job."""
    make_live(queue_engine)
    store_new(queue_engine, 20)

    answers = ask_at_once(lambda: ask_for_training(queue_engine, queue, 20, uuid4()).decision)

    assert sorted(map(str, answers)) == ["already_waiting"] * (NUM_ASKING - 1) + ["queued"]
    assert (count(queue_engine, "runs"), count(queue_engine, "procrastinate_jobs")) == (1, 1)


def test_operators_order_one_run(queue_engine: Engine, queue: TrainingQueue) -> None:
    """A dozen clicks: one run, whose key all of them learn."""
    make_live(queue_engine)
    store_new(queue_engine, 1)

    keys = ask_at_once(lambda: order_training(queue_engine, queue, uuid4(), BY_HAND).key)

    assert len(set(keys)) == 1
    assert (count(queue_engine, "runs"), count(queue_engine, "procrastinate_jobs")) == (1, 1)


def test_asking_while_the_run_is_claimed_queues_no_second_one(queue_engine: Engine, queue: TrainingQueue) -> None:
    """Between waiting and running, the run's doodles are never free for another run."""
    make_live(queue_engine)
    store_new(queue_engine, 20)
    key = ask_for_training(queue_engine, queue, 20, uuid4()).key
    assert key is not None

    def claim_or_ask() -> object:
        if threading.current_thread().name.endswith("_0"):
            return claim_for_test(queue_engine, key)
        return ask_for_training(queue_engine, queue, 20, uuid4()).decision

    answers = ask_at_once(claim_or_ask)

    assert {answer for answer in answers if isinstance(answer, str)} <= {"already_waiting", "not_enough"}
    assert count(queue_engine, "runs") == 1


def test_too_few_doodles_wait(queue_engine: Engine, queue: TrainingQueue) -> None:
    """One less than enough is not enough; nothing is queued."""
    make_live(queue_engine)
    store_new(queue_engine, 19)

    answer = ask_for_training(queue_engine, queue, 20, uuid4())

    assert (answer.decision, answer.num_new, answer.key) == ("not_enough", 19, None)
    assert count(queue_engine, "runs") == 0


def test_without_a_live_version_no_run_starts_by_itself(queue_engine: Engine, queue: TrainingQueue) -> None:
    """There would be nothing to begin from."""
    store_new(queue_engine, 20)

    assert ask_for_training(queue_engine, queue, 20, uuid4()).decision == "not_enough"
    with pytest.raises(NothingToTrainOnError):
        order_training(queue_engine, queue, uuid4(), BY_HAND)


def test_an_order_needs_one_new_doodle(queue_engine: Engine, queue: TrainingQueue) -> None:
    """A run on nothing would come to nothing; the operator is told so."""
    make_live(queue_engine)

    with pytest.raises(NothingToTrainOnError):
        order_training(queue_engine, queue, uuid4(), BY_HAND)

    store_new(queue_engine, 1)
    assert order_training(queue_engine, queue, uuid4(), BY_HAND).is_new


@pytest.mark.parametrize(("days_ago", "decision"), [(2, "queued"), (0, "not_enough")])
def test_the_schedule_counts_from_the_last_look(
    queue_engine: Engine, queue: TrainingQueue, days_ago: int, decision: str
) -> None:
    """One doodle waits: a run is queued when the last one looked a day ago, not before."""
    make_live(queue_engine)
    store_new(queue_engine, 1)
    key = order(queue_engine, queue)
    claim_for_test(queue_engine, key)
    with queue_engine.begin() as connection:
        end_run(connection, key, "failed", now=read_time(connection), error="a test")
        connection.execute(
            text("UPDATE runs SET started_at = now() - make_interval(days => :days)"), {"days": days_ago}
        )
    store_new(queue_engine, 1, start=10_000)

    answer = ask_for_scheduled_training(queue_engine, queue, 24, uuid4())

    assert answer.decision == decision


def read_new(engine: Engine, run: ClaimedRun) -> int:
    with engine.connect() as connection:
        return len(read_material(connection, keep_labels(LABEL_SET), run, seed=0).new)


def end(engine: Engine, key: UUID) -> None:
    with engine.begin() as connection:
        end_run(connection, key, "failed", now=read_time(connection), error="a test")


def test_a_doodle_still_in_flight_is_the_next_runs(queue_engine: Engine, queue: TrainingQueue) -> None:
    """A doodle whose transaction is open while a run reads is neither lost nor trained on twice."""
    make_live(queue_engine)
    before, early, late, after = ids_of_split("train", 4)
    store(queue_engine, [doodle(before)])
    with queue_engine.connect() as slow:
        store_doodles(slow, [doodle(late)])
        store(queue_engine, [doodle(after)])
        first = claim_for_test(queue_engine, order(queue_engine, queue))
        num_first = read_new(queue_engine, first)
        slow.commit()
    end(queue_engine, first.key)
    store(queue_engine, [doodle(early)])

    # What the live version has learnt moves on as if the first run had been published.
    make_live(queue_engine, "1" * 12, before="0" * 12, watermark=first.watermark_to)
    second = claim_for_test(queue_engine, order(queue_engine, queue))

    assert second.watermark_from == first.watermark_to
    assert (num_first, read_new(queue_engine, second)) == (1, 3)


def test_rejected_doodles_are_tried_again_with_new_ones(queue_engine: Engine, queue: TrainingQueue) -> None:
    """A run reads from the live version's watermark, not from where a rejected one stopped."""
    make_live(queue_engine)
    store_new(queue_engine, 3)
    first = claim_for_test(queue_engine, order(queue_engine, queue))
    assert read_new(queue_engine, first) == 3
    end(queue_engine, first.key)
    store_new(queue_engine, 2, start=10_000)

    second = claim_for_test(queue_engine, order(queue_engine, queue))

    assert read_new(queue_engine, second) == 5
    assert read_run(queue_engine, second.key).parent_version == "0" * 12
