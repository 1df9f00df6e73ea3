"""The pulse says that a worker is there, and tells its run when it should stop."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine, text

from doodle_db.engine import connect_to
from doodle_db.events import CHANNEL
from doodle_db.run_log import LogLine, read_log
from doodle_db.run_progress import Point, read_points
from doodle_db.runs import cancel_run, claim_run
from doodle_db.workers import Worker, ask_worker, register_worker
from doodle_testing.builders import SOME_TIME
from doodle_testing.training_server import claim_for_test, make_live, order, read_run, worker_states
from training_server.claims import ClaimedRun, claim
from training_server.clock import read_time
from training_server.heartbeat import Heartbeat, WatchedRun
from training_server.interruption import Interruption, RunInterrupted
from training_server.observer import RunObserver
from training_server.outages import PATIENCE_SECONDS
from training_server.progress import Progress
from training_server.queue import TrainingQueue

WORKER = Worker("first", "here", "paper", 1, uuid4())


class Clock:
    """A clock the test sets."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heartbeat(queue_engine: Engine, clock: Clock) -> Heartbeat:
    """Of a registered worker; its thread is not started: the test does the turns."""
    make_live(queue_engine)
    with queue_engine.begin() as connection:
        register_worker(connection, WORKER, read_time(connection))
    return Heartbeat(queue_engine, WORKER, clock)


@pytest.fixture
def watched(queue_engine: Engine, queue: TrainingQueue, heartbeat: Heartbeat) -> WatchedRun:
    run = claim_for_test(queue_engine, order(queue_engine, queue))
    interruption = Interruption()
    return WatchedRun(run, interruption, RunObserver(interruption))


def reason_to_stop(watched: WatchedRun) -> str | None:
    try:
        watched.interruption.check()
    except RunInterrupted as interrupted:
        return interrupted.reason
    return None


def test_a_beat_says_what_the_worker_does(queue_engine: Engine, heartbeat: Heartbeat, watched: WatchedRun) -> None:
    """Busy with its run while it watches one, idle after; progress goes along."""
    with heartbeat.watch(watched):
        watched.observer.report(Progress("training", 0, 1, 3, 10, 0.5, 0.5, 1.0))
        heartbeat.turn()
        busy = worker_states(queue_engine)
        run = read_run(queue_engine, watched.run.key)
    heartbeat.turn()

    assert (busy, worker_states(queue_engine)) == ({"first": "busy"}, {"first": "idle"})
    assert run.progress["step"] == 3


def test_beats_are_a_second_apart(queue_engine: Engine, heartbeat: Heartbeat, clock: Clock) -> None:
    """Turns flush progress more often than the worker's row is written."""
    times = []
    for clock.seconds in (0.0, 0.5, 1.0):
        heartbeat.turn()
        with queue_engine.connect() as connection:
            times.append(connection.execute(text("SELECT heartbeat_at FROM workers")).scalar_one())

    assert times[0] == times[1] < times[2]


def test_a_cancelled_run_is_told(queue_engine: Engine, heartbeat: Heartbeat, watched: WatchedRun) -> None:
    """The next beat tells the training."""
    with heartbeat.watch(watched):
        with queue_engine.begin() as connection:
            cancel_run(connection, watched.run.key, read_time(connection))
        heartbeat.turn()

    assert reason_to_stop(watched) == "cancelled"


def test_a_run_taken_by_another_is_lost(queue_engine: Engine, heartbeat: Heartbeat, watched: WatchedRun) -> None:
    """It is not beaten for: that would keep the other's run alive, or look like it."""
    with queue_engine.begin() as connection:
        later = read_time(connection) + timedelta(minutes=1)
        assert claim_run(connection, watched.run.key, worker="second", now=later) == "claimed"
    before = read_run(queue_engine, watched.run.key).heartbeat_at

    with heartbeat.watch(watched):
        heartbeat.turn()

    assert reason_to_stop(watched) == "lost"
    assert read_run(queue_engine, watched.run.key).heartbeat_at == before


def test_a_worker_that_ends_stops_its_run(heartbeat: Heartbeat, watched: WatchedRun) -> None:
    """Whether the run is being watched already or comes a moment later."""
    heartbeat.stop_run()

    with heartbeat.watch(watched):
        pass

    assert reason_to_stop(watched) == "stopping"


@pytest.mark.parametrize(("seconds", "reason"), [(PATIENCE_SECONDS - 1, None), (PATIENCE_SECONDS + 1, "lost")])
def test_an_outage_is_endured_for_a_minute(
    queue_engine: Engine, clock: Clock, heartbeat: Heartbeat, watched: WatchedRun, seconds: float, reason: str | None
) -> None:
    """A beat that cannot be written is no reason to stop; a minute of them is."""
    with heartbeat.watch(watched):
        heartbeat.turn()
        with queue_engine.begin() as connection:
            connection.execute(text("ALTER TABLE workers RENAME TO hidden"))
        clock.seconds = seconds
        heartbeat.turn()

    assert reason_to_stop(watched) == reason


def test_farewell(queue_engine: Engine, heartbeat: Heartbeat) -> None:
    """A worker that ends says so; nobody has to wait until it is silent."""
    heartbeat.start()
    heartbeat.stop()

    assert worker_states(queue_engine) == {"first": "stopped"}


def test_the_pulse_is_felt_outside(queue_engine: Engine, heartbeat: Heartbeat, tmp_path: Path) -> None:
    """Whoever starts and ends workers sees by a file's age that this one reaches the database."""
    pulse = tmp_path / "pulse"

    Heartbeat(queue_engine, WORKER, pulse_file=pulse).turn()

    assert pulse.exists()


def test_what_comes_too_late_is_forgotten(queue_engine: Engine, watched: WatchedRun) -> None:
    """A worker that was cut off, and whose run another has by now, adds nothing to that one's curve and log."""
    watched.observer.report(Progress("training", 0, 1, 1, 9, 0.5, 0.5, point=Point(1, 0, 0.5, 0.5, 0.01)))
    watched.flush(queue_engine)
    with queue_engine.begin() as connection:
        connection.execute(text("UPDATE runs SET heartbeat_at = heartbeat_at - interval '1 minute'"))
        assert isinstance(claim(connection, watched.run.key, "second"), ClaimedRun)
    watched.observer.report(Progress("training", 0, 1, 2, 9, 0.5, 0.5, point=Point(2, 0, 0.5, 0.5, 0.01)))
    watched.observer.add_line(LogLine(SOME_TIME, "info", "epoch_ended"))
    watched.flush(queue_engine)

    with queue_engine.connect() as connection:
        assert read_points(connection, watched.run.key) == []
        assert read_log(connection, watched.run.key) == []
    assert read_run(queue_engine, watched.run.key).progress is None


def test_no_pulse_without_a_database(tmp_path: Path) -> None:
    """A worker that cannot say that it is there is not well."""
    pulse = tmp_path / "pulse"
    nowhere = connect_to("postgresql://doodle@127.0.0.1:1/doodle")

    Heartbeat(nowhere, WORKER, pulse_file=pulse).turn()

    assert not pulse.exists()


def test_the_worker_beats_without_its_pulse_file(
    queue_engine: Engine, heartbeat: Heartbeat, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is there and hears what it is asked, and says once that its supervisor cannot see so."""
    heard: list[str] = []
    blind = Heartbeat(queue_engine, WORKER, clock, pulse_file=tmp_path / "missing/pulse")
    blind.listen(heard.append)
    with queue_engine.begin() as connection:
        ask_worker(connection, "first", "drain", actor="ada", now=read_time(connection))

    for clock.seconds in (0.0, 1.0):
        blind.turn()

    assert heard == ["drain", "drain"]
    assert [each.getMessage() for each in caplog.records] == ["pulse_file_lost"]


def test_whatever_breaks_the_worker_goes_on_beating(
    queue_engine: Engine,
    heartbeat: Heartbeat,
    watched: WatchedRun,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What nobody has thought of is logged now and then; a run that could not be beaten for in a minute is given up."""

    def misunderstand(_: object) -> None:
        raise ZeroDivisionError

    reasons = []
    with queue_engine.begin() as connection:
        ask_worker(connection, "first", "drain", actor="ada", now=read_time(connection))
    with heartbeat.watch(watched):
        heartbeat.listen(misunderstand)
        for clock.seconds in (0.0, 1.0):
            heartbeat.turn()
            reasons.append(reason_to_stop(watched))
        monkeypatch.setattr(heartbeat, "_beat", misunderstand)
        for clock.seconds in (2.0, PATIENCE_SECONDS + 2):
            heartbeat.turn()
            reasons.append(reason_to_stop(watched))

    assert reasons == [None, None, None, "lost"]
    assert {each.getMessage() for each in caplog.records} == {"heartbeat_broken"}
    assert len(caplog.records) <= 4


def test_an_earlier_life_is_not_heard(queue_engine: Engine, heartbeat: Heartbeat) -> None:
    """A worker that was started anew under the same name owns the row."""
    reborn = Worker("first", "here", "paper", 1, uuid4())
    with queue_engine.begin() as connection:
        register_worker(connection, reborn, read_time(connection))

    Heartbeat(queue_engine, WORKER).turn()
    heartbeat.start()
    heartbeat.stop()

    assert worker_states(queue_engine) == {"first": "idle"}


def test_an_operators_word_is_heard(queue_engine: Engine, heartbeat: Heartbeat, clock: Clock) -> None:
    """With the next beat, and with each one after it, until the worker ends."""
    heard: list[str] = []
    heartbeat.listen(heard.append)
    heartbeat.turn()
    with queue_engine.begin() as connection:
        ask_worker(connection, "first", "drain", actor="ada", now=read_time(connection))
    for clock.seconds in (1.0, 2.0):
        heartbeat.turn()

    assert heard == ["drain", "drain"]


def test_a_worker_that_was_replaced_hears_it(queue_engine: Engine, heartbeat: Heartbeat) -> None:
    """One that was thought lost, and whose name another has by now, must not go on under that name."""
    heard: list[str] = []
    heartbeat.listen(heard.append)
    with queue_engine.begin() as connection:
        register_worker(connection, Worker("first", "there", "paper", 1, uuid4()), read_time(connection))
    heartbeat.turn()

    assert heard == ["replaced"]


def test_only_what_changes_is_announced(
    queue_engine: Engine, queue_url: str, heartbeat: Heartbeat, watched: WatchedRun, clock: Clock
) -> None:
    """A beat a second for each worker would be noise for every page that is open."""
    with psycopg.connect(queue_url, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        for clock.seconds in (0.0, 1.0, 2.0):
            heartbeat.turn()
        with heartbeat.watch(watched):
            for clock.seconds in (3.0, 4.0):
                heartbeat.turn()
        told = [json.loads(notice.payload)["kind"] for notice in listener.notifies(timeout=0.5)]

    assert told.count("worker") == 1
