"""Runs that were sent to one worker: what becomes of them, and of everybody else's, when that worker is lost."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select

from doodle_db.runs import HEARTBEAT_TIMEOUT, MAX_ATTEMPTS, end_run, give_up_run, hand_back_run
from doodle_db.tables import runs
from doodle_db.workers import find_present


def put_back_lost(connection: Connection, now: datetime) -> list[UUID]:
    """
    Let runs wait again whose worker was lost and that no other worker may take.

    As long as they counted as running, no other run of their kind could begin.

    Args:
        connection: with an open transaction.
        now: the time.

    Returns:
        The runs that were changed.
    """
    silent = runs.c.heartbeat_at.is_(None) | (runs.c.heartbeat_at < now - HEARTBEAT_TIMEOUT)
    lost = select(runs).where(runs.c.state == "running", runs.c.sent_to.is_not(None), silent)
    found = list(connection.execute(lost.with_for_update(skip_locked=True)))
    for run in found:
        _put_back(connection, run, now)
    return [run.key for run in found]


def put_back_left(connection: Connection, worker: str, now: datetime) -> list[UUID]:
    """
    Let runs wait again that a worker's earlier life has left; any worker may take them then.

    Deltas stay: what they have read counts as looked at, and this worker takes them up under its name.

    Args:
        connection: with an open transaction.
        worker: its name; it has just entered, so nobody else stands under it.
        now: the time.

    Returns:
        The runs that were changed.
    """
    left = select(runs).where(runs.c.state == "running", runs.c.worker == worker, runs.c.kind != "delta")
    found = list(connection.execute(left.with_for_update(skip_locked=True)))
    for run in found:
        _put_back(connection, run, now)
    return [run.key for run in found]


def _put_back(connection: Connection, run: Row[Any], now: datetime) -> None:
    if run.cancel_requested_at is not None:
        end_run(connection, run.key, "cancelled", now=now)
    elif run.attempt >= MAX_ATTEMPTS:
        give_up_run(connection, run, now)
    else:
        hand_back_run(connection, run.key, counts=True)


def find_stranded(connection: Connection, now: datetime) -> UUID | None:
    """Find the delta run that waits for a worker which is not there, or is about to end; None if none does."""
    waiting = select(runs.c.key, runs.c.sent_to).where(
        runs.c.kind == "delta", runs.c.state == "waiting", runs.c.sent_to.is_not(None)
    )
    run = connection.execute(waiting).first()
    return run.key if run is not None and run.sent_to not in find_present(connection, now) else None


def count_sent(connection: Connection) -> dict[str, int]:
    """Count by worker the runs that wait for it."""
    waiting = select(runs.c.sent_to, func.count()).where(runs.c.state == "waiting", runs.c.sent_to.is_not(None))
    return {row[0]: row[1] for row in connection.execute(waiting.group_by(runs.c.sent_to))}


def read_progress(connection: Connection) -> dict[UUID, Any]:
    """Read how far the runs are that are being worked on, by key."""
    running = select(runs.c.key, runs.c.progress).where(runs.c.state == "running")
    return {row.key: row.progress for row in connection.execute(running)}


def explain_waiting(name: str, state: str, asked_to: str | None) -> str | None:
    """
    Say why a run that was sent to a worker waits; None if that worker will take it.

    Args:
        name: the worker's.
        state: `idle`, `busy`, `stopped` or `lost`.
        asked_to: what an operator has asked it to do.

    >>> explain_waiting("colab-1", "lost", None)
    'colab-1 is lost: the run waits until it comes back, or is cancelled.'
    """
    if state in {"lost", "stopped"}:
        word = "is lost" if state == "lost" else "has stopped"
        return f"{name} {word}: the run waits until it comes back, or is cancelled."
    if asked_to is not None:
        return f"{name} is about to end: the run waits until it comes back, or is cancelled."
    return None
