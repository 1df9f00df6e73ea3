"""Where no worker is kept, the number of runs that want one is what starts a machine, and stops it."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from training_server.run_counts import OpenRun, RunCounts, count_open, keep_counting

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
MINUTE_AGO = NOW - timedelta(minutes=1)
SECOND_AGO = NOW - timedelta(seconds=1)


def waiting(created_at: datetime = MINUTE_AGO) -> OpenRun:
    return OpenRun("delta", "waiting", created_at, None)


def running(heartbeat_at: datetime | None) -> OpenRun:
    return OpenRun("delta", "running", MINUTE_AGO, heartbeat_at)


@pytest.mark.parametrize(
    ("open_runs", "counts"),
    [
        ([], RunCounts(0, 0, 0)),
        ([waiting()], RunCounts(1, 1, 60)),
        ([waiting(), OpenRun("other", "waiting", SECOND_AGO, None)], RunCounts(2, 2, 60)),
        # Somebody trains: nobody else is wanted, whoever waits behind; but it must not be stopped.
        ([running(SECOND_AGO)], RunCounts(1, 0, 0)),
        ([running(SECOND_AGO), waiting()], RunCounts(2, 0, 0)),
        # Its worker is gone: with no other worker there, one has to be started for it.
        ([running(MINUTE_AGO)], RunCounts(1, 1, 60)),
        ([running(None)], RunCounts(1, 1, 60)),
    ],
)
def test_a_worker_is_wanted_for_what_one_could_take(open_runs: list[OpenRun], counts: RunCounts) -> None:
    """Neither does a machine run for nothing, nor does a run wait for ever."""
    assert count_open(open_runs, NOW) == counts


def test_a_database_that_is_away_is_waited_for() -> None:
    """An outage ends no counting: after it, workers are woken again."""
    stop = threading.Event()
    looks: list[str] = []

    def look() -> None:
        looks.append("looked")
        if len(looks) == 2:
            stop.set()
            return
        raise OperationalError("SELECT", {}, Exception("away"))

    keep_counting(look, stop, every_seconds=0)

    assert looks == ["looked", "looked"]
