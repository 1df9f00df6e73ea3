"""Queue a delta run when it is time: enough new doodles, the schedule, or an operator's word."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, Engine, func, select, text

from doodle_db.label_sets import LabelSet
from doodle_db.locks import TRAINING_LOCK
from doodle_db.model_registry import find_live
from doodle_db.run_orders import NO_REQUEST, Origin, Queued, RunOrder, enter_run
from doodle_db.sent_runs import find_stranded
from doodle_db.tables import runs
from doodle_db.training_counts import count_for_training, read_live_watermark
from doodle_db.training_sets import count_new
from doodle_db.trigger import TrainingCounts, decide_training
from doodle_db.watermark import read_horizon
from doodle_db.workers import get_worker
from doodle_web.json_logs import log_event
from training_server.clock import read_time
from training_server.dispatch import dispatch_run, free_stranded
from training_server.errors import NothingToTrainOnError, TooManyRunsError
from training_server.new_labels import is_label_ready
from training_server.queue import TrainingQueue

log = logging.getLogger(__name__)

MAX_COUNTED = 10_000
"""Counting stops there: nobody decides anything by a larger number, and the time stays bounded."""


MAX_WAITING = 100
"""Runs from scratch that wait: days of work for a worker; more than that was a loop, not an operator."""


@dataclass(frozen=True)
class Answer:
    """
    What came of asking for a run.

    Attributes:
        decision: what was decided.
        num_new: doodles recorded since the last run looked, up to MAX_COUNTED.
        key: of the run that now waits, if one does by this answer.
    """

    decision: Literal["queued", "already_waiting", "not_enough"]
    num_new: int
    key: UUID | None = None


def take_training_lock(connection: Connection) -> None:
    """
    Wait until nobody else is deciding about or claiming a run, until the end of the transaction.

    Whoever counts new doodles while a run is being claimed could see them as new and the run as gone, and queue
    another one for the same doodles.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TRAINING_LOCK})


def ask_for_training(
    engine: Engine, queue: TrainingQueue, min_doodles: int, key: UUID, origin: Origin = NO_REQUEST
) -> Answer:
    """
    Queue a run if enough new doodles wait; asked by model_server after a store, and by every worker's tick.

    While nothing is live there is nothing to begin from: no number of doodles is enough then.

    Args:
        engine: of the database.
        queue: in it.
        min_doodles: how many are enough.
        key: for the run, should there be a new one.
        origin: the request that asks.
    """
    with engine.begin() as connection:
        take_training_lock(connection)
        counts = _count(connection, at_most=max(min_doodles, MAX_COUNTED))
        decision = decide_training(counts, min_doodles)
        if find_live(connection) is None:
            return Answer("not_enough", counts.num_new)
        if decision != "queue":
            return Answer(decision, counts.num_new)
        if (freed := free_stranded(connection, queue)) is not None:
            return Answer("queued", counts.num_new, freed)
        request = RunOrder("doodles", "trigger", f"{counts.num_new} new doodles", origin=origin)
        queue_run(connection, queue, key, request)
    return Answer("queued", counts.num_new, key)


def ask_for_scheduled_training(engine: Engine, queue: TrainingQueue, schedule_hours: float, key: UUID) -> Answer:
    """
    Queue a run if the schedule says so; asked by every worker's tick.

    Args:
        engine: of the database.
        queue: in it.
        schedule_hours: a run looks at new doodles at least that often, in hours; 0 is never.
        key: for the run, should there be a new one.
    """
    with engine.begin() as connection:
        take_training_lock(connection)
        counts = _count(connection, at_most=MAX_COUNTED)
        looked_at = find_last_look_time(connection)
        age = read_time(connection) - looked_at if looked_at else None
        if not is_scheduled(counts, age, timedelta(hours=schedule_hours)):
            return Answer("already_waiting" if counts.is_waiting else "not_enough", counts.num_new)
        if (freed := free_stranded(connection, queue)) is not None:
            return Answer("queued", counts.num_new, freed)
        reason = f"{counts.num_new} new doodles, and no run for {schedule_hours:g} hours"
        queue_run(connection, queue, key, RunOrder("schedule", "schedule", reason))
    return Answer("queued", counts.num_new, key)


def _count(connection: Connection, *, at_most: int) -> TrainingCounts:
    """Count what decides; a run that waits for a worker which is not there keeps nobody from training."""
    counts = count_for_training(connection, at_most=at_most)
    is_stranded = counts.is_waiting and find_stranded(connection, read_time(connection)) is not None
    return replace(counts, is_waiting=counts.is_waiting and not is_stranded)


def is_scheduled(counts: TrainingCounts, age: timedelta | None, every: timedelta) -> bool:
    """
    Decide whether the schedule queues a run.

    Args:
        counts: new doodles since the last look, and whether a run waits.
        age: of the last look; None if there was none, and nothing is live.
        every: how often a run is to look; zero is never.

    >>> one = TrainingCounts(num_new=1, is_waiting=False)
    >>> is_scheduled(one, timedelta(hours=24), every=timedelta(hours=24))
    True
    >>> is_scheduled(one, timedelta(hours=23), every=timedelta(hours=24))
    False
    """
    if not every or age is None or counts.is_waiting:
        return False
    return counts.num_new > 0 and age >= every


def order_training(
    engine: Engine, queue: TrainingQueue, key: UUID, order: RunOrder, shipped: LabelSet | None = None
) -> Queued:
    """
    Queue a run because an operator wants one, however few doodles are new.

    Args:
        engine: of the database.
        queue: in it.
        key: for the run, should there be a new one.
        order: who orders it, and with which arguments.
        shipped: the label set as its file has it; a label that can be learnt now is something new, too.

    Returns:
        The run that now waits; it is not a new one if it is a delta and one waited already.

    Raises:
        UnknownWorkerError: it is to be sent to a worker that nobody knows.
        NothingToTrainOnError: nothing is live to begin from or to judge by, or it is a delta and the live version has
            seen every doodle and knows every label that there are enough drawings of.
        TooManyRunsError: MAX_WAITING runs from scratch wait already.
    """
    with engine.begin() as connection:
        take_training_lock(connection)
        if order.sent_to is not None:
            get_worker(connection, order.sent_to, field="worker")
        _require_live(connection)
        if order.kind == "delta":
            _check_there_is_something_new(connection, shipped)
        else:
            _check_there_is_room(connection)
        return queue_run(connection, queue, key, order)


def queue_run(connection: Connection, queue: TrainingQueue, key: UUID, order: RunOrder) -> Queued:
    """Enter a run with its job in one transaction; see doodle_db.run_orders.enter_run."""
    queued = enter_run(connection, key, order)
    if queued.is_new:
        dispatch_run(connection, queue, key, order.sent_to)
        log_event(log, logging.INFO, "run_queued", run=key, kind=order.kind, trigger=order.trigger)
    return queued


def find_last_look_time(connection: Connection) -> datetime | None:
    """Find when a run last looked at the new doodles, or the live version was deployed if none has."""
    looked = select(func.max(runs.c.started_at)).where(
        runs.c.kind == "delta", runs.c.state != "waiting", runs.c.watermark_to.is_not(None)
    )
    live = find_live(connection)
    return connection.execute(looked).scalar_one() or (live.created_at if live else None)


def _require_live(connection: Connection) -> str:
    live = find_live(connection)
    if live is None:
        raise NothingToTrainOnError("Nothing is live to begin from; deploy a base version first.")
    return live.version


def _check_there_is_something_new(connection: Connection, shipped: LabelSet | None) -> None:
    live, horizon = _require_live(connection), read_horizon(connection)
    if shipped is not None and is_label_ready(connection, shipped, live, horizon):
        return
    if not count_new(connection, read_live_watermark(connection), at_most=1, before=horizon):
        raise NothingToTrainOnError("The live version has seen every doodle there is; draw some, then train again.")


def _check_there_is_room(connection: Connection) -> None:
    waiting = select(func.count()).where(runs.c.kind == "scratch", runs.c.state == "waiting")
    if connection.execute(waiting).scalar_one() >= MAX_WAITING:
        raise TooManyRunsError
