"""The workers: who trains, where, whether they are still there, and what an operator has asked them to do."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from doodle_db.errors import UnknownWorkerError, WorkerEndedError
from doodle_db.events import announce
from doodle_db.locks import NAMES_LOCK
from doodle_db.runs import HEARTBEAT_TIMEOUT
from doodle_db.tables import workers
from doodle_db.worker_names import Namesake, Place, choose_name, is_in_the_way

WorkerState = Literal["idle", "busy", "stopped"]
Wish = Literal["drain", "stop"]
Word = Literal["go_on", "drain", "stop", "replaced"]

SHOWN_FOR = timedelta(days=1)
KEPT_FOR = timedelta(days=30)
MAX_SHOWN = 100
"""Where workers are containers each has a new name: what has gone for good is shown for a day, and kept for a month."""


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
        gpu: what its graphics processors are called; None: it has none.
        version: of its code.
        machine: tells machines apart, also those of one name.
        process: its number there.
    """

    name: str
    host: str
    device: str
    num_cores: int
    incarnation: UUID
    gpu: str | None = None
    version: str | None = None
    machine: str | None = None
    process: int | None = None


def introduce_worker(
    connection: Connection, worker: Worker, now: datetime, is_process_alive: Callable[[int], bool]
) -> Worker:
    """
    Enter a worker that has just started, under a name that no living worker has.

    Args:
        connection: with an open transaction.
        worker: with the name it wants.
        now: the time.
        is_process_alive: tells it of processes of its machine.

    Returns:
        The worker under the name it got.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": NAMES_LOCK})
    place = Place(worker.machine, worker.process)

    def is_taken(name: str) -> bool:
        row = find_worker(connection, name)
        return row is not None and is_in_the_way(_namesake(row, now), place, is_process_alive)

    named = replace(worker, name=choose_name(worker.name, is_taken))
    register_worker(connection, named, now)
    return named


def register_worker(connection: Connection, worker: Worker, now: datetime) -> None:
    """Enter a worker that has just started, in place of its earlier life."""
    fresh = {"state": "idle", "run": None, "asked_to": None, "asked_by": None, "asked_at": None}
    row: Mapping[str, Any] = {**asdict(worker), **fresh, "started_at": now, "heartbeat_at": now}
    statement = insert(workers).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=dict(row)))
    _announce(connection, worker.name)


def report_worker(connection: Connection, worker: Worker, state: WorkerState, run: UUID | None, now: datetime) -> Word:
    """
    Write a heartbeat, announce what has changed, and hear what the worker should do.

    Returns:
        `replaced`, and nothing is written, if another life has the name by now; otherwise what an operator has asked.
    """
    mine = (workers.c.name == worker.name) & (workers.c.incarnation == worker.incarnation)
    before = connection.execute(select(workers).where(mine).with_for_update()).first()
    if before is None:
        return "replaced"
    connection.execute(update(workers).where(mine).values(state=state, run=run, heartbeat_at=now))
    if (before.state, before.run) != (state, run):
        _announce(connection, worker.name)
    word: Word = before.asked_to or "go_on"
    return word


def ask_worker(connection: Connection, name: str, wish: Wish, *, actor: str, now: datetime) -> Row[Any]:
    """
    Ask a worker to end; it hears of it with its next heartbeat. `stop` outdoes `drain`.

    Args:
        connection: with an open transaction.
        name: the worker's.
        wish: `drain`: it finishes its run first. `stop`: it gives its run back to the queue.
        actor: who asks.
        now: the time.

    Returns:
        The worker as it is now.

    Raises:
        UnknownWorkerError: there is no such worker.
        WorkerEndedError: it has ended already.
    """
    worker = connection.execute(select(workers).where(workers.c.name == name).with_for_update()).first()
    if worker is None:
        raise UnknownWorkerError(field="name")
    if worker.state == "stopped":
        raise WorkerEndedError(field="name")
    if worker.asked_to not in {wish, "stop"}:
        facts = {"asked_to": wish, "asked_by": actor, "asked_at": now}
        connection.execute(update(workers).where(workers.c.name == name).values(facts))
        _announce(connection, name)
    return get_worker(connection, name)


def get_worker(connection: Connection, name: str, *, field: str = "name") -> Row[Any]:
    """
    Get a worker's row.

    Raises:
        UnknownWorkerError: there is no such worker; `field` is what its sender called the name.
    """
    row = find_worker(connection, name)
    if row is None:
        raise UnknownWorkerError(field=field)
    return row


def find_worker(connection: Connection, name: str) -> Row[Any] | None:
    """Find a worker's row; None if there is none."""
    return connection.execute(select(workers).where(workers.c.name == name)).first()


def list_workers(connection: Connection) -> list[Row[Any]]:
    """List by name the workers heard within the last day, the MAX_SHOWN latest."""
    heard = workers.c.heartbeat_at > func.now() - SHOWN_FOR
    newest = select(workers).where(heard).order_by(workers.c.heartbeat_at.desc())
    return sorted(connection.execute(newest.limit(MAX_SHOWN)), key=lambda worker: worker.name)


def find_present(connection: Connection, now: datetime) -> frozenset[str]:
    """Find the workers that take runs: those heard lately that nobody has asked to end."""
    heard = workers.c.heartbeat_at >= now - HEARTBEAT_TIMEOUT
    stays = (workers.c.state != "stopped") & workers.c.asked_to.is_(None)
    return frozenset(connection.execute(select(workers.c.name).where(heard & stays)).scalars())


def count_machines(connection: Connection, now: datetime) -> int:
    """Count the machines on which workers take runs; a worker that does not name its machine is one of its own."""
    machine = func.count(func.distinct(func.coalesce(workers.c.machine, workers.c.name)))
    are_present = workers.c.name.in_(find_present(connection, now))
    return int(connection.execute(select(machine).where(are_present)).scalar_one())


def forget_workers(connection: Connection, now: datetime) -> int:
    """Forget workers that nobody has heard of for a month; gives how many."""
    return connection.execute(delete(workers).where(workers.c.heartbeat_at < now - KEPT_FOR)).rowcount


def state_of(state: str, silence: timedelta) -> str:
    """
    Tell a worker's state; one that fell silent without a farewell is `lost`.

    Args:
        state: as its last heartbeat said.
        silence: since that heartbeat; negative if the transaction that asks began before it.

    >>> state_of("busy", timedelta(minutes=1)), state_of("stopped", timedelta(minutes=1))
    ('lost', 'stopped')
    """
    return "lost" if silence > HEARTBEAT_TIMEOUT and state != "stopped" else state


def _namesake(row: Row[Any], now: datetime) -> Namesake:
    return Namesake(row.state == "stopped", now - row.heartbeat_at, Place(row.machine, row.process))


def _announce(connection: Connection, name: str) -> None:
    announce(connection, "worker", {"name": name})
