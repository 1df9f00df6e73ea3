"""Workers' rows: names, words from operators, who is there, who is forgotten; and runs that wait for one of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, insert, text

from doodle_db.errors import UnknownWorkerError, WorkerEndedError
from doodle_db.runs import (
    HEARTBEAT_TIMEOUT,
    MAX_ATTEMPTS,
    cancel_run,
    claim_run,
    get_run,
    queue_delta_run,
    send_run,
)
from doodle_db.sent_runs import count_sent, find_stranded, put_back_lost
from doodle_db.tables import workers
from doodle_db.workers import (
    KEPT_FOR,
    MAX_SHOWN,
    Worker,
    ask_worker,
    find_present,
    find_worker,
    forget_workers,
    get_worker,
    introduce_worker,
    list_workers,
    register_worker,
    report_worker,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SILENT = NOW + HEARTBEAT_TIMEOUT + timedelta(microseconds=1)


def make_worker(name: str = "colab-1", **facts: Any) -> Worker:
    return Worker(name, "here", "paper", 2, uuid4(), **facts)


def send_new(connection: Connection, worker: str) -> UUID:
    """Queue a run that only one worker may take."""
    key = queue_delta_run(connection, uuid4(), trigger="operator", requested_by="ada").key
    send_run(connection, key, worker)
    return key


@pytest.fixture
def introduce(engine: Engine) -> Callable[..., str]:
    """Enter a worker that has just started; gives the name it got."""

    def enter(machine: str, process: int, now: datetime = NOW, living: frozenset[int] = frozenset()) -> str:
        worker = make_worker(machine=machine, process=process)
        with engine.begin() as connection:
            return introduce_worker(connection, worker, now, living.__contains__).name

    return enter


def test_a_second_life_has_its_name_and_begins_without_a_word(engine: Engine, introduce: Callable[..., str]) -> None:
    """What an operator asked of the first was not meant for the second."""
    introduce("a", 7)
    with engine.begin() as connection:
        ask_worker(connection, "colab-1", "stop", actor="ada", now=NOW)

    assert introduce("a", 8) == "colab-1"
    with engine.connect() as connection:
        row = get_worker(connection, "colab-1")
    assert (row.asked_to, row.asked_by, row.asked_at, row.process) == (None, None, None, 8)


def test_names_of_the_lost_and_the_stopped_are_free(introduce: Callable[..., str]) -> None:
    """Of those that live, none is."""
    assert [introduce(machine, 7) for machine in "abc"] == ["colab-1", "colab-1-2", "colab-1-3"]
    assert introduce("d", 7, SILENT) == "colab-1"
    assert introduce("e", 7, SILENT) == "colab-1-2"


def test_a_word_is_heard_until_the_end(engine: Engine) -> None:
    """`stop` outdoes `drain`, and not the other way round; who asked first for it stands there."""
    worker = make_worker()
    with engine.begin() as connection:
        register_worker(connection, worker, NOW)
        words = [report_worker(connection, worker, "idle", None, NOW)]
        for wish, actor in (("drain", "ada"), ("drain", "bob"), ("stop", "cy"), ("drain", "dee")):
            row = ask_worker(connection, "colab-1", wish, actor=actor, now=NOW)  # type: ignore[arg-type]
            words.append(report_worker(connection, worker, "idle", None, NOW))

    assert words == ["go_on", "drain", "drain", "stop", "stop"]
    assert (row.asked_to, row.asked_by) == ("stop", "cy")


def test_nobody_is_there_to_be_asked(engine: Engine) -> None:
    """Unknown, or ended: two different answers."""
    worker = make_worker()
    with engine.begin() as connection:
        register_worker(connection, worker, NOW)
        report_worker(connection, worker, "stopped", None, NOW)
        with pytest.raises(WorkerEndedError):
            ask_worker(connection, "colab-1", "drain", actor="ada", now=NOW)
        with pytest.raises(UnknownWorkerError):
            ask_worker(connection, "colab-2", "drain", actor="ada", now=NOW)


def test_another_life_is_not_reported_for(engine: Engine) -> None:
    """The earlier one hears that it was replaced, and leaves the row as it is."""
    earlier, later = make_worker(), make_worker()
    with engine.begin() as connection:
        register_worker(connection, earlier, NOW)
        register_worker(connection, later, NOW)

        assert report_worker(connection, earlier, "stopped", None, SILENT) == "replaced"
        assert get_worker(connection, "colab-1").heartbeat_at == NOW


def test_who_takes_runs(engine: Engine) -> None:
    """Those heard lately that nobody has asked to end; to the very end of the time."""
    with engine.begin() as connection:
        for name in ("here", "asked", "ended"):
            register_worker(connection, make_worker(name), NOW)
        ask_worker(connection, "asked", "drain", actor="ada", now=NOW)
        ended = make_worker("ended")
        register_worker(connection, ended, NOW)
        report_worker(connection, ended, "stopped", None, NOW)

        assert find_present(connection, NOW + HEARTBEAT_TIMEOUT) == {"here"}
        assert find_present(connection, SILENT) == set()


def test_workers_of_a_day_are_listed_and_those_of_a_month_kept(engine: Engine) -> None:
    """However many containers came and went: the list is bounded, and so is the table."""
    with engine.begin() as connection:
        now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        ages = [timedelta(minutes=number) for number in range(MAX_SHOWN + 20)]
        ages += [timedelta(days=2), KEPT_FOR - timedelta(minutes=1), KEPT_FOR + timedelta(minutes=1)]
        rows = [
            {"name": f"w{number:03}", "host": "h", "device": "d", "num_cores": 1, "state": "idle", "run": None}
            | {"incarnation": uuid4(), "started_at": now - age, "heartbeat_at": now - age}
            for number, age in enumerate(ages)
        ]
        connection.execute(insert(workers), rows)

        assert [row.name for row in list_workers(connection)] == [f"w{number:03}" for number in range(MAX_SHOWN)]
        assert forget_workers(connection, now) == 1
        assert find_worker(connection, f"w{len(ages) - 1:03}") is None
        assert find_worker(connection, f"w{len(ages) - 2:03}") is not None


class TestSentRuns:
    """Runs that one worker alone may take."""

    def test_nobody_else_takes_it(self, engine: Engine) -> None:
        """Not while it waits, and not when it is lost."""
        with engine.begin() as connection:
            key = send_new(connection, "colab-1")

            assert claim_run(connection, key, worker="other", now=NOW) == "busy"
            assert claim_run(connection, key, worker="colab-1", now=NOW) == "claimed"
            assert claim_run(connection, key, worker="other", now=SILENT) == "busy"
            assert claim_run(connection, key, worker="colab-1", now=SILENT) == "claimed"

    def test_a_lost_one_waits_again(self, engine: Engine) -> None:
        """As soon as its worker is lost, and with the attempt counted: it must not kill its worker for ever."""
        with engine.begin() as connection:
            key = send_new(connection, "colab-1")
            for attempt in range(1, MAX_ATTEMPTS + 1):
                claim_run(connection, key, worker="colab-1", now=NOW)
                assert put_back_lost(connection, NOW + HEARTBEAT_TIMEOUT) == []
                assert put_back_lost(connection, SILENT) == [key]
                expected = "waiting" if attempt < MAX_ATTEMPTS else "failed"
                assert (get_run(connection, key).state, get_run(connection, key).attempt) == (expected, attempt)

            assert "lost 2 times" in get_run(connection, key).error

    def test_a_lost_one_that_is_not_wanted_ends(self, engine: Engine) -> None:
        """Asked to stop while its worker lived, which was killed before it heard."""
        with engine.begin() as connection:
            key = send_new(connection, "colab-1")
            claim_run(connection, key, worker="colab-1", now=NOW)
            assert cancel_run(connection, key, NOW) == "running"

            put_back_lost(connection, SILENT)

            assert get_run(connection, key).state == "cancelled"

    def test_a_newer_one_that_waits_takes_its_place(self, engine: Engine) -> None:
        """Only one delta run waits."""
        with engine.begin() as connection:
            key = send_new(connection, "colab-1")
            claim_run(connection, key, worker="colab-1", now=NOW)
            newer = queue_delta_run(connection, uuid4(), trigger="doodles", requested_by="trigger").key

            put_back_lost(connection, SILENT)

            assert (get_run(connection, key).state, get_run(connection, newer).state) == ("cancelled", "waiting")

    def test_runs_for_any_worker_are_left_to_them(self, engine: Engine) -> None:
        """They are taken up by whoever comes, as ever."""
        with engine.begin() as connection:
            key = queue_delta_run(connection, uuid4(), trigger="operator", requested_by="ada").key
            claim_run(connection, key, worker="colab-1", now=NOW)

            assert put_back_lost(connection, SILENT) == []

    def test_who_waits_for_one_that_is_not_there(self, engine: Engine) -> None:
        """Known or not; one that is there keeps its run."""
        with engine.begin() as connection:
            key = send_new(connection, "colab-1")
            assert (find_stranded(connection, NOW), count_sent(connection)) == (key, {"colab-1": 1})

            register_worker(connection, make_worker(), NOW)

            assert find_stranded(connection, NOW) is None
            assert find_stranded(connection, SILENT) == key
