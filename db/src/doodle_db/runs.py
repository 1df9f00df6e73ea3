"""The runs: one row per training job, from waiting to its end; the queue's job is only its vehicle."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Row, and_, delete, func, or_, select, update

from doodle_db.errors import RunEndedError, UnknownRunError
from doodle_db.events import announce
from doodle_db.run_orders import Queued, RunOrder, enter_run
from doodle_db.tables import run_metrics, run_points, runs, workers
from doodle_db.watermark import read_horizon

RunState = Literal["waiting", "running", "finished", "failed", "cancelled"]
Claim = Literal["claimed", "ended", "busy", "full", "gave_up"]

HEARTBEAT_TIMEOUT = timedelta(seconds=30)
"""A worker writes a heartbeat every second or two; one silent for that long is lost."""

MAX_ATTEMPTS = 2
"""A run whose worker was lost is taken up again, once: a run that kills workers must not kill them all."""


def queue_delta_run(connection: Connection, key: UUID, **said: Any) -> Queued:
    """Let a delta run wait; see enter_run and RunOrder."""
    return enter_run(connection, key, RunOrder(**said))


def claim_run(
    connection: Connection, key: UUID, *, worker: str, now: datetime, runs_per_machine: int | None = None
) -> Claim:
    """
    Take a run to work on; points and epochs of an earlier attempt are forgotten.

    Args:
        connection: with an open transaction.
        key: the run.
        worker: who takes it. A run that stands under this very name was left behind by its earlier life.
        now: the time.
        runs_per_machine: how many are worked on at once on this worker's machine; None: any number.

    Returns:
        `claimed`; `ended` if there is nothing left to do; `busy` if another live worker has it, it was sent to another
        one, or it is a delta and another one is running; `full` if other workers of this machine have enough to do;
        `gave_up` if its workers were lost too often: it has failed now.

    Raises:
        UnknownRunError: there is no such run.
    """
    run = _get_for_update(connection, key)
    if (outcome := _find_obstacle(connection, run, worker, now)) is not None:
        return outcome
    if runs_per_machine is not None and count_on_machine(connection, worker, now) >= runs_per_machine:
        return "full"
    for measured in (run_points, run_metrics):
        connection.execute(delete(measured).where(measured.c.run == key))
    begun = {"started_at": now, "heartbeat_at": now, "progress": None}
    _change(connection, key, state="running", worker=worker, attempt=run.attempt + 1, **begun)
    return "claimed"


def _find_obstacle(connection: Connection, run: Row[Any], worker: str, now: datetime) -> Claim | None:
    if run.state not in {"waiting", "running"}:
        return "ended"
    if run.state == "running" and not _is_lost(run, worker, now):
        return "busy"
    if run.cancel_requested_at is not None:
        end_run(connection, run.key, "cancelled", now=now)
        return "ended"
    if run.attempt >= MAX_ATTEMPTS:
        give_up_run(connection, run, now)
        return "gave_up"
    is_elsewhere = run.sent_to not in {None, worker} or _is_another_delta_running(connection, run)
    return "busy" if is_elsewhere else None


def _is_another_delta_running(connection: Connection, run: Row[Any]) -> bool:
    another = select(runs.c.key).where(runs.c.kind == "delta", runs.c.state == "running", runs.c.key != run.key)
    return run.kind == "delta" and connection.execute(another).first() is not None


def count_on_machine(connection: Connection, worker: str, now: datetime) -> int:
    """Count the runs that other workers of a worker's machine are at; one that does not say where it lives has none."""
    machine = select(workers.c.machine).where(workers.c.name == worker).scalar_subquery()
    beside = (workers.c.machine == machine) & (runs.c.worker != worker)
    alive = (runs.c.state == "running") & (runs.c.heartbeat_at >= now - HEARTBEAT_TIMEOUT)
    found = select(func.count()).select_from(runs.join(workers, runs.c.worker == workers.c.name))
    return int(connection.execute(found.where(beside, alive)).scalar_one())


def _get_for_update(connection: Connection, key: UUID) -> Row[Any]:
    row = connection.execute(select(runs).where(runs.c.key == key).with_for_update()).first()
    if row is None:
        raise UnknownRunError(field="key")
    return row


def _is_lost(run: Row[Any], worker: str, now: datetime) -> bool:
    return run.worker == worker or is_silent(run, now)


def has_ended(run: Row[Any]) -> bool:
    """Tell whether nothing more will come of a run."""
    return run.state not in {"waiting", "running"}


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
    another = select(runs.c.key).where(runs.c.kind == "delta", runs.c.state == "waiting")
    if run.kind == "delta" and connection.execute(another).first() is not None:
        _change(connection, key, state="cancelled", finished_at=func.now(), error="Handed back; a newer run waits.")
        return
    attempt = run.attempt if counts else run.attempt - 1
    _change(connection, key, state="waiting", worker=None, attempt=attempt, started_at=None, progress=None)


def send_run(connection: Connection, key: UUID, worker: str | None) -> None:
    """Let only one worker take a run that waits, or any."""
    _change(connection, key, only_if=runs.c.state == "waiting", sent_to=worker)


def set_notes(connection: Connection, key: UUID, notes: str) -> None:
    """
    Write what people think of a run, in place of what stood there.

    Raises:
        UnknownRunError: there is no such run.
    """
    _get_for_update(connection, key)
    _change(connection, key, notes=notes)


def set_priority(connection: Connection, key: UUID, priority: int) -> None:
    """
    Let a run that waits come sooner or later; its job is the queue's business.

    Raises:
        UnknownRunError: there is no such run.
        RunEndedError: it does not wait any more.
    """
    run = _get_for_update(connection, key)
    if run.state != "waiting":
        raise RunEndedError(f"Only a run that waits has a place to change; this one is {run.state}.", field="key")
    _change(connection, key, priority=priority)


def beat(connection: Connection, key: UUID, now: datetime) -> bool:
    """
    Say that a run is being worked on, and ask whether it should go on.

    Returns:
        False if somebody wants it cancelled or it has ended.
    """
    statement = update(runs).where(runs.c.key == key, runs.c.state == "running").values(heartbeat_at=now)
    row = connection.execute(statement.returning(runs.c.cancel_requested_at)).first()
    return row is not None and row.cancel_requested_at is None


def record_plan(connection: Connection, key: UUID, **facts: Any) -> None:
    """Write what a run trains on: watermarks, numbers of doodles, parent version, arguments."""
    _change(connection, key, **facts)


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
    run = _get_for_update(connection, key)
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
    """List runs of all kinds, newest first."""
    return list(connection.execute(select(runs).order_by(runs.c.created_at.desc()).limit(at_most)))


def _change(connection: Connection, key: UUID, *, only_if: Any = None, **facts: Any) -> None:
    statement = update(runs).where(runs.c.key == key).values(facts)
    if only_if is not None:
        statement = statement.where(only_if)
    changed = connection.execute(statement.returning(runs.c.search)).first()
    if changed is not None:
        _announce(connection, key)
    if changed is not None and changed.search is not None and "state" in facts:
        announce(connection, "search", {"key": str(changed.search)})


def _announce(connection: Connection, key: UUID) -> None:
    announce(connection, "run", {"key": str(key)})
