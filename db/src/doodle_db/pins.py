"""Whether runs may make their candidates live by themselves; while they may not, what is live is pinned."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, text
from sqlalchemy.dialects.postgresql import insert

from doodle_db.events import announce
from doodle_db.locks import PIN_LOCK
from doodle_db.tables import pins


@dataclass(frozen=True)
class Pin:
    """
    One decision: from then on automatic deployment was paused, or went on.

    Attributes:
        pinned: whether it is paused.
        actor: who decided.
        reason: why.
        created_at: when.
    """

    pinned: bool
    actor: str
    reason: str
    created_at: datetime


def set_pin(connection: Connection, pinned: bool, *, actor: str, reason: str) -> Pin | None:
    """
    Pause automatic deployment, or let it go on; what holds already, for the same reason, is not written again.

    Args:
        connection: with an open transaction; listeners learn of it at its commit.
        pinned: whether to pause it.
        actor: who decides.
        reason: why.

    Returns:
        The decision that holds now; None where nobody has ever pinned, and nobody does now.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": PIN_LOCK})
    latest = _find_latest(connection)
    if (latest is None and not pinned) or (
        latest and latest.pinned == pinned and (latest.reason == reason or not pinned)
    ):
        return latest
    made = insert(pins).values(pinned=pinned, actor=actor, reason=reason).returning(pins)
    announce(connection, "pin", {"pinned": pinned})
    return _pin(connection.execute(made).one())


def find_pin(connection: Connection) -> Pin | None:
    """Find the decision by which automatic deployment is paused now; None where it is not."""
    latest = _find_latest(connection)
    return latest if latest and latest.pinned else None


def hold_pin(connection: Connection) -> Pin | None:
    """Find what find_pin finds, and keep it so until the transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": PIN_LOCK})
    return find_pin(connection)


def list_pins(connection: Connection, *, at_most: int = 100) -> list[Pin]:
    """List the decisions, newest first."""
    return [_pin(row) for row in connection.execute(select(pins).order_by(pins.c.pin.desc()).limit(at_most))]


def _find_latest(connection: Connection) -> Pin | None:
    return next(iter(list_pins(connection, at_most=1)), None)


def _pin(row: Row[Any]) -> Pin:
    return Pin(row.pinned, row.actor, row.reason, row.created_at)
