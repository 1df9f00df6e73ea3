"""The runs: one waits and one runs, whoever asks and whoever dies."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from doodle_db.doodles import store_doodles
from doodle_db.errors import RunEndedError, UnknownRunError
from doodle_db.model_registry import deploy, register_version
from doodle_db.run_progress import record_epoch, record_progress
from doodle_db.runs import (
    HEARTBEAT_TIMEOUT,
    beat,
    cancel_run,
    claim_run,
    end_run,
    find_lost_runs,
    finish_run,
    get_run,
    hand_back_run,
    queue_delta_run,
    record_plan,
)
from doodle_db.training_counts import count_for_training
from doodle_db.trigger import TrainingCounts
from doodle_testing.builders import SOME_TIME, doodle, ids_of_split, manifest

LATER = SOME_TIME + HEARTBEAT_TIMEOUT + timedelta(seconds=1)
VERDICT = {"outcome": "rejected", "summary": "a test", "checks": []}


def queue(connection: Connection) -> UUID:
    return queue_delta_run(connection, uuid4(), trigger="operator", requested_by="somebody").key


def running(engine: Engine, worker: str = "first") -> UUID:
    with engine.begin() as connection:
        key = queue(connection)
        assert claim_run(connection, key, worker=worker, now=SOME_TIME) == "claimed"
    return key


def state(engine: Engine, key: UUID) -> str:
    with engine.connect() as connection:
        return str(get_run(connection, key).state)


def test_however_many_ask_one_run_waits(engine: Engine) -> None:
    """Sixteen processes that see enough doodles at once queue one run and all learn its key."""
    start = threading.Barrier(16)

    def ask(_: int) -> tuple[UUID, bool]:
        start.wait()
        with engine.begin() as connection:
            queued = queue_delta_run(connection, uuid4(), trigger="doodles", requested_by="model_server")
        return queued.key, queued.is_new

    with ThreadPoolExecutor(16) as processes:
        answers = list(processes.map(ask, range(16)))

    assert len({key for key, _ in answers}) == 1
    assert sum(is_new for _, is_new in answers) == 1


def test_while_one_runs_one_may_wait(engine: Engine) -> None:
    """What comes in during a run is not forgotten; but two never run at once."""
    first = running(engine)
    with engine.begin() as connection:
        second = queue(connection)
        assert claim_run(connection, second, worker="second", now=SOME_TIME) == "busy"

    assert (state(engine, first), state(engine, second)) == ("running", "waiting")


def test_a_live_workers_run_cannot_be_taken(engine: Engine) -> None:
    """Two workers never train the same run."""
    key = running(engine)

    with engine.begin() as connection:
        assert claim_run(connection, key, worker="second", now=SOME_TIME + timedelta(seconds=5)) == "busy"


@pytest.mark.parametrize(("worker", "now"), [("first", SOME_TIME), ("second", LATER)])
def test_a_lost_run_is_taken_up_once(engine: Engine, worker: str, now: object) -> None:
    """By the worker that comes back under its name at once, by another when the heartbeat is old; not for ever."""
    key = running(engine)

    with engine.begin() as connection:
        assert claim_run(connection, key, worker=worker, now=now) == "claimed"  # type: ignore[arg-type]
    with engine.begin() as connection:
        assert claim_run(connection, key, worker=worker, now=LATER + HEARTBEAT_TIMEOUT) == "gave_up"

    assert state(engine, key) == "failed"
    with engine.connect() as connection:
        assert "2 times" in get_run(connection, key).error


def test_a_run_handed_back_waits_again_and_has_lost_no_attempt(engine: Engine) -> None:
    """A worker that is asked to stop does not use up the one retry."""
    key = running(engine)
    for _ in range(5):
        with engine.begin() as connection:
            hand_back_run(connection, key)
            assert get_run(connection, key).state == "waiting"
            assert claim_run(connection, key, worker="first", now=SOME_TIME) == "claimed"

    assert state(engine, key) == "running"


def test_a_run_handed_back_makes_room_for_one_that_waits(engine: Engine) -> None:
    """The one that waits will read the same doodles; two may not wait."""
    key = running(engine)
    with engine.begin() as connection:
        queue(connection)

    with engine.begin() as connection:
        hand_back_run(connection, key)

    assert state(engine, key) == "cancelled"


def test_cancelling_a_waiting_run_ends_it(engine: Engine) -> None:
    """Nobody has begun it, so nobody has to be told."""
    with engine.begin() as connection:
        key = queue(connection)
        assert cancel_run(connection, key, SOME_TIME) == "cancelled"
    with pytest.raises(RunEndedError), engine.begin() as connection:
        cancel_run(connection, key, SOME_TIME)


def test_cancelling_a_running_run_tells_its_worker(engine: Engine) -> None:
    """The next heartbeat brings the wish."""
    key = running(engine)
    with engine.begin() as connection:
        assert beat(connection, key, SOME_TIME)
        assert cancel_run(connection, key, SOME_TIME) == "running"

    with engine.begin() as connection:
        assert not beat(connection, key, SOME_TIME)


def test_a_run_ends_once(engine: Engine) -> None:
    """A worker thought lost that finishes after all changes nothing that has ended."""
    key = running(engine)
    with engine.begin() as connection:
        end_run(connection, key, "failed", now=SOME_TIME, error="lost")
    with engine.begin() as connection:
        finish_run(connection, key, now=LATER, verdict=VERDICT, metrics={}, candidate_version=None)
        record_progress(connection, key, {"epoch": 9})

    with engine.connect() as connection:
        run = get_run(connection, key)
    assert (run.state, run.verdict, run.progress) == ("failed", None, None)


def test_a_finished_run_has_a_verdict(engine: Engine) -> None:
    """The database refuses an end without its reason."""
    key = running(engine)

    with pytest.raises(IntegrityError), engine.begin() as connection:
        end_run(connection, key, "finished", now=SOME_TIME)


def test_an_epoch_written_twice_stands_there_once(engine: Engine) -> None:
    """A run that is taken up again goes through its epochs anew."""
    key = running(engine)
    numbers = {"loss": 0.5, "accuracy": 0.8, "validation_loss": None, "validation_accuracy": None, "seconds": 1.0}

    with engine.begin() as connection:
        record_epoch(connection, key, 1, numbers)
        record_epoch(connection, key, 1, {**numbers, "loss": 0.4})


def test_lost_runs_are_those_that_want_a_job(engine: Engine) -> None:
    """Waiting ones, and running ones whose worker has fallen silent."""
    key = running(engine)
    with engine.begin() as connection:
        waiting = queue(connection)

    with engine.connect() as connection:
        assert find_lost_runs(connection, SOME_TIME) == [waiting]
        assert find_lost_runs(connection, LATER) == [key, waiting]


def test_an_unknown_run_is_an_error(engine: Engine) -> None:
    """get_ raises."""
    with engine.connect() as connection, pytest.raises(UnknownRunError):
        get_run(connection, uuid4())


def test_the_trigger_counts_from_the_last_look(engine: Engine) -> None:
    """A rejected candidate must not be trained again from the very same doodles; new ones count from there."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each) for each in ids_of_split("train", 3)])
    with engine.begin() as connection:
        before = count_for_training(connection, at_most=100)
    key = running(engine)
    with engine.begin() as connection:
        record_plan(connection, key, watermark_from=0, watermark_to=2**40)
        during = count_for_training(connection, at_most=100)
        finish_run(connection, key, now=SOME_TIME, verdict=VERDICT, metrics={}, candidate_version=None)
        after = count_for_training(connection, at_most=100)

    assert (before, during, after) == (
        TrainingCounts(3, is_waiting=False),
        TrainingCounts(0, is_waiting=False),
        TrainingCounts(0, is_waiting=False),
    )


def test_the_trigger_counts_only_what_a_run_would_read(engine: Engine) -> None:
    """While a long transaction holds the horizon back, doodles behind it start no run that would find nothing."""
    with engine.connect() as long, engine.connect() as asking:
        long.execute(text("SELECT pg_current_xact_id()"))
        with engine.begin() as connection:
            store_doodles(connection, [doodle(each) for each in ids_of_split("train", 3)])

        assert count_for_training(asking, at_most=100).num_new == 0
        long.rollback()
        assert count_for_training(asking, at_most=100).num_new == 3


def test_the_trigger_counts_from_what_the_live_version_has_learnt(engine: Engine) -> None:
    """Doodles recorded before its watermark are in the live version already."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each) for each in ids_of_split("train", 3)])
        register_version(connection, manifest(watermark=2**40))
        deploy(connection, "0123456789ab", kind="publish", actor="a run", reason="a test", expected_live=None)

        assert count_for_training(connection, at_most=100).num_new == 0
