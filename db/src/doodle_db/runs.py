"""The runs: one row per training job, from waiting to its end; the queue's job is only its vehicle."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Row, and_, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from doodle_db.errors import RunEndedError, UnknownRunError
from doodle_db.events import announce
from doodle_db.tables import run_metrics, runs
from doodle_db.watermark import read_horizon

RunState = Literal["waiting", "running", "finished", "failed", "cancelled"]
Trigger = Literal["doodles", "schedule", "operator"]
Claim = Literal["claimed", "ended", "busy", "gave_up"]

HEARTBEAT_TIMEOUT = timedelta(seconds=30)
"""A worker writes a heartbeat every second or two; one silent for that long is lost."""

MAX_ATTEMPTS = 2
"""A run whose worker was lost is taken up again, once: a run that kills workers must not kill them all."""


@dataclass(frozen=True)
class Origin:
    """
    The request that asks for a run.

    Attributes:
        request_id: as nginx's log has it; None: no request, but a worker's tick.
        traceparent: of its trace, where there are traces.
    """

    request_id: str | None = None
    traceparent: str | None = None


NO_REQUEST = Origin()


@dataclass(frozen=True)
class Queued:
    """The run that now waits, and whether it is a new one."""

    key: UUID
    is_new: bool


def queue_delta_run(
    connection: Connection,
    key: UUID,
    *,
    trigger: Trigger,
    requested_by: str,
    reason: str = "",
    arguments: Mapping[str, Any] | None = None,
) -> Queued:
    """
    Let a delta run wait; if one waits already, that one it is, however many ask at once.

    Args:
        connection: with an open transaction.
        key: of the run, should it be a new one.
        trigger: what asks.
        requested_by: who asks.
        reason: why, in words.
        arguments: of the training; what is left out has its default.
    """
    row = {
        "key": key,
        "kind": "delta",
        "trigger": trigger,
        "requested_by": requested_by,
        "reason": reason,
        "arguments": dict(arguments or {}),
    }
    one_waits = text("kind = 'delta' AND state = 'waiting'")
    statement = insert(runs).values(row).on_conflict_do_nothing(index_elements=["kind"], index_where=one_waits)
    waiting = select(runs.c.key).where(runs.c.kind == "delta", runs.c.state == "waiting")
    # The one that waits may be claimed between the two statements; then there is room for this one.
    while (inserted := connection.execute(statement.returning(runs.c.key)).scalar()) is None:
        if (found := connection.execute(waiting).scalar()) is not None:
            return Queued(found, is_new=False)
    _announce(connection, inserted)
    return Queued(inserted, is_new=True)


def claim_run(connection: Connection, key: UUID, *, worker: str, now: datetime) -> Claim:
    """
    Take a run to work on.

    Args:
        connection: with an open transaction.
        key: the run.
        worker: who takes it. A run that stands under this very name was left behind by its earlier life.
        now: the time.

    Returns:
        `claimed`; `ended` if there is nothing left to do; `busy` if another live worker has it, it was sent to another
        one, or another delta run is running; `gave_up` if its workers were lost too often: it has failed now.

    Raises:
        UnknownRunError: there is no such run.
    """
    run = connection.execute(select(runs).where(runs.c.key == key).with_for_update()).first()
    if run is None:
        raise UnknownRunError(field="key")
    if run.state not in {"waiting", "running"}:
        return "ended"
    if run.state == "running" and not _is_lost(run, worker, now):
        return "busy"
    if run.cancel_requested_at is not None:
        end_run(connection, key, "cancelled", now=now)
        return "ended"
    if run.attempt >= MAX_ATTEMPTS:
        give_up_run(connection, run, now)
        return "gave_up"
    another = select(runs.c.key).where(runs.c.kind == run.kind, runs.c.state == "running", runs.c.key != key)
    if run.sent_to not in {None, worker} or connection.execute(another).first() is not None:
        return "busy"
    _change(
        connection,
        key,
        state="running",
        worker=worker,
        attempt=run.attempt + 1,
        started_at=now,
        heartbeat_at=now,
        progress=None,
    )
    return "claimed"


def _is_lost(run: Row[Any], worker: str, now: datetime) -> bool:
    return run.worker == worker or is_silent(run, now)


def is_silent(run: Row[Any], now: datetime) -> bool:
    """Tell whether the worker of a running run has fallen silent."""
    return run.heartbeat_at is None or now - run.heartbeat_at > HEARTBEAT_TIMEOUT


def give_up_run(connection: Connection, run: Row[Any], now: datetime) -> None:
    """Let a run fail that has lost its workers too often."""
    end_run(connection, run.key, "failed", now=now, error=f"Its worker was lost {run.attempt} times; see the log.")


def hand_back_run(connection: Connection, key: UUID, *, counts: bool = False) -> None:
    """
    Let a run wait again because its worker is asked to stop; this attempt does not count, unless it was lost.

    If another delta run waits already, this one ends as cancelled: the other will read the same doodles.
    """
    run = get_run(connection, key)
    if run.state != "running":
        return
    another = select(runs.c.key).where(runs.c.kind == run.kind, runs.c.state == "waiting")
    if connection.execute(another).first() is not None:
        _change(connection, key, state="cancelled", finished_at=func.now(), error="Handed back; a newer run waits.")
        return
    attempt = run.attempt if counts else run.attempt - 1
    _change(connection, key, state="waiting", worker=None, attempt=attempt, started_at=None, progress=None)


def send_run(connection: Connection, key: UUID, worker: str | None) -> None:
    """Let only one worker take a run that waits, or any."""
    _change(connection, key, only_if=runs.c.state == "waiting", sent_to=worker)


def beat(connection: Connection, key: UUID, now: datetime) -> bool:
    """
    Say that a run is being worked on, and ask whether it should go on.

    Returns:
        False if somebody wants it cancelled or it has ended.
    """
    statement = update(runs).where(runs.c.key == key, runs.c.state == "running").values(heartbeat_at=now)
    row = connection.execute(statement.returning(runs.c.cancel_requested_at)).first()
    return row is not None and row.cancel_requested_at is None


def record_progress(connection: Connection, key: UUID, progress: Mapping[str, Any]) -> None:
    """Write how far a run is, and announce it; a run that has ended stays as it is."""
    _change(connection, key, only_if=runs.c.state == "running", progress=dict(progress))


def record_plan(connection: Connection, key: UUID, **facts: Any) -> None:
    """Write what a run trains on: watermarks, numbers of doodles, parent version, arguments."""
    _change(connection, key, **facts)


def record_origin(connection: Connection, key: UUID, origin: Origin) -> None:
    """Write which request asked for a run."""
    _change(connection, key, request_id=origin.request_id, traceparent=origin.traceparent)


def record_epoch(connection: Connection, key: UUID, epoch: int, numbers: Mapping[str, float | None]) -> None:
    """Write an epoch's metrics; writing it again, after a restart, replaces it."""
    row = {"run": key, "epoch": epoch, **numbers}
    statement = insert(run_metrics).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["run", "epoch"], set_=dict(numbers)))


def finish_run(
    connection: Connection,
    key: UUID,
    *,
    now: datetime,
    verdict: Mapping[str, Any],
    metrics: Mapping[str, Any],
    candidate_version: str | None,
) -> None:
    """End a run with its verdict."""
    facts = {"verdict": dict(verdict), "metrics": dict(metrics), "candidate_version": candidate_version}
    end_run(connection, key, "finished", now=now, **facts)


def end_run(connection: Connection, key: UUID, state: RunState, *, now: datetime, **facts: Any) -> None:
    """
    End a run, once.

    Args:
        connection: with an open transaction.
        key: the run.
        state: `finished`, `failed` or `cancelled`.
        now: the time.
        facts: more columns.
    """
    going = runs.c.state.in_(["waiting", "running"])
    _change(connection, key, only_if=going, state=state, finished_at=now, progress=None, **facts)


def cancel_run(connection: Connection, key: UUID, now: datetime) -> RunState:
    """
    Ask for a run to stop: one that waits, or whose worker is lost, has ended by that; any other stops at its next step.

    Returns:
        The state it is in now.

    Raises:
        UnknownRunError: there is no such run.
        RunEndedError: it has ended.
    """
    run = connection.execute(select(runs).where(runs.c.key == key).with_for_update()).first()
    if run is None:
        raise UnknownRunError(field="key")
    if run.state == "waiting":
        # Its doodles count as looked at, or the trigger would queue the next run at once.
        end_run(connection, key, "cancelled", now=now, watermark_to=read_horizon(connection))
        return "cancelled"
    if run.state == "running" and is_silent(run, now):
        end_run(connection, key, "cancelled", now=now)
        return "cancelled"
    if run.state != "running":
        raise RunEndedError(f"The run has ended already; it is {run.state}.", field="key")
    _change(connection, key, cancel_requested_at=now)
    return "running"


def find_lost_runs(connection: Connection, now: datetime) -> list[UUID]:
    """List the runs that want a job: waiting ones, and those whose worker has fallen silent."""
    silent = or_(runs.c.heartbeat_at.is_(None), runs.c.heartbeat_at < now - HEARTBEAT_TIMEOUT)
    lost = or_(runs.c.state == "waiting", and_(runs.c.state == "running", silent))
    return list(connection.execute(select(runs.c.key).where(lost).order_by(runs.c.created_at)).scalars())


def get_run(connection: Connection, key: UUID) -> Row[Any]:
    """
    Get a run's row.

    Raises:
        UnknownRunError: there is no such run.
    """
    row = connection.execute(select(runs).where(runs.c.key == key)).first()
    if row is None:
        raise UnknownRunError(field="key")
    return row


def list_runs(connection: Connection, *, at_most: int = 50) -> list[Row[Any]]:
    """List runs, newest first."""
    return list(connection.execute(select(runs).order_by(runs.c.created_at.desc()).limit(at_most)))


def _change(connection: Connection, key: UUID, *, only_if: Any = None, **facts: Any) -> None:
    statement = update(runs).where(runs.c.key == key).values(facts)
    if only_if is not None:
        statement = statement.where(only_if)
    if connection.execute(statement).rowcount:
        _announce(connection, key)


def _announce(connection: Connection, key: UUID) -> None:
    announce(connection, "run", {"key": str(key)})
