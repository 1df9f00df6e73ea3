"""Taking a run, and making sure that it is still this worker's before anything final is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from doodle_db.model_registry import find_live
from doodle_db.new_doodles import Recorded, find_last_too_old
from doodle_db.run_orders import NO_REQUEST, Dataset, Kind, Origin
from doodle_db.runs import Claim, claim_run, end_run, get_run, hand_back_run, record_plan
from doodle_db.tables import runs
from doodle_db.training_counts import read_live_watermark
from doodle_db.watermark import BEFORE_EVERYTHING, read_horizon
from training_server.clock import read_time
from training_server.dispatch import dispatch_run
from training_server.interruption import Reason, RunInterrupted
from training_server.queue import TrainingQueue
from training_server.trigger import take_training_lock


@dataclass(frozen=True)
class ClaimedRun:
    """
    A run this worker works on.

    Attributes:
        key: the run's.
        worker: the name it stands under.
        attempt: 1 the first time. A claim is known by worker and attempt: another attempt is another claim.
        arguments: of the training.
        live_version: what was live when it was claimed.
        watermark_from, watermark_to: the new doodles are those recorded from the one up to the other,
        last_too_old: and after this one, if there are more than a run reads; see doodle_db.new_doodles.
        origin: the request that asked for it.
        kind, dataset, network: as it was ordered; see doodle_db.run_orders.
        search, trial: the search it is a trial of, and its number there.
    """

    key: UUID
    worker: str
    attempt: int
    arguments: Mapping[str, Any]
    live_version: str
    watermark_from: int
    watermark_to: int
    origin: Origin = NO_REQUEST
    kind: Kind = "delta"
    dataset: Dataset = "new"
    network: str | None = None
    search: UUID | None = None
    trial: int | None = None
    last_too_old: Recorded | None = None

    @property
    def learnt_to(self) -> int:
        """Up to which transaction a candidate of it has learnt from users."""
        return 0 if self.dataset == "base" else self.watermark_to


def claim(connection: Connection, key: UUID, worker: str, runs_per_machine: int | None = None) -> ClaimedRun | Claim:
    """
    Take a run and write down which doodles it will read, in one step: from then on they count as looked at by a delta.

    Args:
        connection: with an open transaction.
        key: the run.
        worker: who takes it.
        runs_per_machine: see doodle_db.runs.claim_run.

    Returns:
        The run, or why it cannot be had (see doodle_db.runs.claim_run).

    Raises:
        UnknownRunError: there is no such run.
    """
    take_training_lock(connection)
    now = read_time(connection)
    outcome = claim_run(connection, key, worker=worker, now=now, runs_per_machine=runs_per_machine)
    if outcome != "claimed":
        return outcome
    live = find_live(connection)
    if live is None:
        end_run(connection, key, "failed", now=now, error="Nothing is live to begin from; deploy a base version.")
        return "ended"
    run = get_run(connection, key)
    watermarks = {"watermark_from": read_live_watermark(connection), "watermark_to": read_horizon(connection)}
    learnt = {**watermarks, "watermark_from": learns_from(run.dataset, **watermarks)}
    record_plan(connection, key, parent_version=live.version, **learnt)
    return ClaimedRun(
        key,
        worker,
        run.attempt,
        run.arguments,
        live.version,
        **watermarks,
        origin=Origin(run.request_id, run.traceparent),
        kind=run.kind,
        dataset=run.dataset,
        network=run.network,
        search=run.search,
        trial=run.trial,
        last_too_old=find_last_too_old(connection, **watermarks),
    )


def learns_from(dataset: Dataset, watermark_from: int, watermark_to: int) -> int:
    """
    Tell from which transaction on, up to watermark_to, a run learns what users drew: it explains its version.

    >>> learns_from("new", 5, 9), learns_from("base", 5, 9), learns_from("all", 5, 9) == BEFORE_EVERYTHING
    (5, 9, True)
    """
    return {"new": watermark_from, "base": watermark_to}.get(dataset, BEFORE_EVERYTHING)


def hold(connection: Connection, run: ClaimedRun) -> None:
    """
    Keep a run from being taken, ended or cancelled by anybody else until the end of the transaction.

    Args:
        connection: with an open transaction.
        run: as it was claimed.

    Raises:
        RunInterrupted: it has been cancelled, has ended or is another worker's by now.
    """
    row = connection.execute(select(runs).where(runs.c.key == run.key).with_for_update()).first()
    if row is None or not is_mine(row, run):
        raise RunInterrupted("lost")
    if row.cancel_requested_at is not None:
        raise RunInterrupted("cancelled")


def release(connection: Connection, queue: TrainingQueue, run: ClaimedRun, reason: Reason) -> None:
    """
    Let go of a run that was interrupted: it ends as cancelled, or waits again with a job of its own.

    Nothing is done to a run that is not this worker's any more.

    Args:
        connection: with an open transaction.
        queue: in the same database.
        run: as it was claimed.
        reason: why it was interrupted.
    """
    row = connection.execute(select(runs).where(runs.c.key == run.key).with_for_update()).first()
    if row is None or not is_mine(row, run) or reason == "lost":
        return
    if reason == "cancelled" or row.cancel_requested_at is not None:
        end_run(connection, run.key, "cancelled", now=read_time(connection))
        return
    hand_back_run(connection, run.key)
    dispatch_run(connection, queue, run.key, row.sent_to)


def is_nobody_elses(connection: Connection, run: ClaimedRun) -> bool:
    """Tell whether no other attempt has taken a run up since this claim; it may have ended, or wait again."""
    row = get_run(connection, run.key)
    return row.worker is None or (row.worker, row.attempt) == (run.worker, run.attempt)


def is_mine(row: Row[Any], run: ClaimedRun) -> bool:
    """Tell whether a run is still being worked on under this very claim."""
    return bool(row.state == "running" and (row.worker, row.attempt) == (run.worker, run.attempt))
