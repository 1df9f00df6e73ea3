"""Orders for runs: what a run is to be, and how it comes to wait."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert

from doodle_db.events import announce
from doodle_db.tables import runs

Trigger = Literal["doodles", "schedule", "operator"]
Kind = Literal["delta", "scratch", "trial"]
Dataset = Literal["new", "base", "users", "all"]


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


@dataclass(frozen=True)
class RunOrder:
    """
    What a run is to be.

    Attributes:
        trigger: what asks.
        requested_by: who asks.
        reason: why, in words.
        arguments: of the training; what is left out has its default.
        kind: `delta`: from the live version's weights; `scratch`: from first ones; `trial`: scratch, measured only.
        dataset: which drawings are trained on.
        network: its name; None: the live version's.
        priority: -10 to 10, the higher, the sooner.
        sent_to: the only worker that may take it; None: any.
        origin: the request that asks.
        search, trial: the search it is a trial of, and its number there.
    """

    trigger: Trigger
    requested_by: str
    reason: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind = "delta"
    dataset: Dataset = "new"
    network: str | None = None
    priority: int = 0
    sent_to: str | None = None
    origin: Origin = NO_REQUEST
    search: UUID | None = None
    trial: int | None = None


def enter_run(connection: Connection, key: UUID, order: RunOrder) -> Queued:
    """
    Let a run wait; if it is a delta and one waits already, that one it is, however many ask at once.

    Args:
        connection: with an open transaction.
        key: of the run, should it be a new one.
        order: what it is to be.
    """
    said = {name: value for name, value in vars(order).items() if name not in {"arguments", "origin"}}
    row = {"key": key, **said, "arguments": dict(order.arguments), **vars(order.origin)}
    one_waits = text("kind = 'delta' AND state = 'waiting'")
    statement = insert(runs).values(row).on_conflict_do_nothing(index_elements=["kind"], index_where=one_waits)
    waiting = select(runs.c.key).where(runs.c.kind == "delta", runs.c.state == "waiting")
    # The one that waits may be claimed between the two statements; then there is room for this one.
    while (inserted := connection.execute(statement.returning(runs.c.key)).scalar()) is None:
        if (found := connection.execute(waiting).scalar()) is not None:
            return Queued(found, is_new=False)
    announce(connection, "run", {"key": str(inserted)})
    return Queued(inserted, is_new=True)
