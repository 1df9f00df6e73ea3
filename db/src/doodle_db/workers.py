"""The workers: who trains, where, and whether they are still there."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from doodle_db.tables import workers

WorkerState = Literal["idle", "busy", "stopped"]


@dataclass(frozen=True)
class Worker:
    """
    A worker as it introduces itself.

    Attributes:
        name: unique; a worker that comes back under its name takes up what it left.
        host: the machine's name.
        device: what it trains on.
        num_cores: of the machine.
        incarnation: new at every start.
    """

    name: str
    host: str
    device: str
    num_cores: int
    incarnation: UUID


def register_worker(connection: Connection, worker: Worker, now: datetime) -> None:
    """Enter a worker that has just started, in place of its earlier life."""
    row: Mapping[str, Any] = {**asdict(worker), "state": "idle", "run": None, "started_at": now, "heartbeat_at": now}
    statement = insert(workers).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=dict(row)))


def report_worker(connection: Connection, worker: Worker, state: WorkerState, run: UUID | None, now: datetime) -> None:
    """Write a heartbeat; one of an earlier life is ignored."""
    same = (workers.c.name == worker.name) & (workers.c.incarnation == worker.incarnation)
    connection.execute(update(workers).where(same).values(state=state, run=run, heartbeat_at=now))


def list_workers(connection: Connection) -> list[Row[Any]]:
    """List all workers by name."""
    return list(connection.execute(select(workers).order_by(workers.c.name)))
