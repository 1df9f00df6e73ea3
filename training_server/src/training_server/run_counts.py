"""
Counting runs beside the requests, where workers are not always there: it is what wakes one, see decision 0021.

A worker's tick makes up for lost calls and watches the schedule. While there is no worker, somebody else must do both,
and say how many runs want one: the log event `runs_counted` is what a cloud makes its metric of.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from uuid import uuid4

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.runs import HEARTBEAT_TIMEOUT
from doodle_db.tables import runs
from doodle_web.json_logs import log_event
from training_server.clock import read_time
from training_server.config import Settings
from training_server.queue import TrainingQueue
from training_server.trigger import ask_for_scheduled_training, ask_for_training

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OpenRun:
    """A run that has not ended: what it is, whether it waits, since when, and its worker's last sign of life."""

    kind: str
    state: str
    created_at: datetime
    heartbeat_at: datetime | None


@dataclass(frozen=True)
class RunCounts:
    """
    How many workers are wanted.

    Attributes:
        num_open: runs that wait or are being worked on; while there is one, no worker is superfluous.
        num_waiting: those a worker could take now.
        oldest_waiting_seconds: since when the oldest of those exists; 0 if there is none.
    """

    num_open: int
    num_waiting: int
    oldest_waiting_seconds: int


def count_open(open_runs: Iterable[OpenRun], now: datetime) -> RunCounts:
    """
    Count runs.

    A run whose worker has fallen silent waits, too. A delta that waits behind another one does not: only one is worked
    on at a time, and a worker more would find nothing to do.

    Args:
        open_runs: all that have not ended.
        now: the time.

    >>> begun = datetime(2026, 1, 1, 12)
    >>> count_open([OpenRun("delta", "waiting", begun, None)], datetime(2026, 1, 1, 12, 1))
    RunCounts(num_open=1, num_waiting=1, oldest_waiting_seconds=60)
    """
    found = list(open_runs)
    busy = [run for run in found if _is_worked_on(run, now)]
    is_delta_busy = any(run.kind == "delta" for run in busy)
    waiting = [run for run in found if run not in busy and not (is_delta_busy and run.kind == "delta")]
    ages = [int((now - run.created_at).total_seconds()) for run in waiting]
    return RunCounts(len(found), len(waiting), max(ages, default=0))


def count_runs(engine: Engine) -> RunCounts:
    """Count the database's runs as they stand now."""
    columns = (runs.c.kind, runs.c.state, runs.c.created_at, runs.c.heartbeat_at)
    with engine.connect() as connection:
        rows = connection.execute(select(*columns).where(runs.c.state.in_(["waiting", "running"]))).all()
        return count_open((OpenRun(*row) for row in rows), read_time(connection))


def look_after_runs(engine: Engine, queue: TrainingQueue, settings: Settings) -> RunCounts:
    """
    Queue a run if it is time for one, then count and say so; safe in any number of processes at once.

    Raises:
        SQLAlchemyError: the database cannot be reached.
    """
    ask_for_training(engine, queue, settings.delta_min_doodles, uuid4())
    if settings.schedule_hours:
        ask_for_scheduled_training(engine, queue, settings.schedule_hours, uuid4())
    counts = count_runs(engine)
    log_event(log, logging.INFO, "runs_counted", **asdict(counts))
    return counts


def keep_counting(look: Callable[[], object], stop: threading.Event, every_seconds: float) -> None:
    """
    Look after runs again and again, until asked to stop; a database that is away is waited for.

    Args:
        look: looks after them, once.
        stop: set: enough.
        every_seconds: pause between two looks.
    """
    while not stop.is_set():
        try:
            look()
        except SQLAlchemyError as lost:
            log_event(log, logging.WARNING, "runs_not_counted", error=type(lost).__name__)
        stop.wait(every_seconds)


def start_counting(engine: Engine, queue: TrainingQueue, settings: Settings) -> threading.Thread | None:
    """Start the thread that counts, for as long as the process lives; None if the settings want none."""
    if not settings.count_runs_seconds:
        return None
    look = partial(look_after_runs, engine, queue, settings)
    arguments = (look, threading.Event(), settings.count_runs_seconds)
    thread = threading.Thread(target=keep_counting, args=arguments, name="run counts", daemon=True)
    thread.start()
    return thread


def _is_worked_on(run: OpenRun, now: datetime) -> bool:
    return run.state == "running" and run.heartbeat_at is not None and now - run.heartbeat_at <= HEARTBEAT_TIMEOUT
