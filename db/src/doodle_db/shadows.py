"""
Which version is tried as a shadow: open pages ask it besides the live one, and nobody sees what it says.

The newest decision holds, and none is forgotten. See docs/decisions/0043-shadow.md.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, text
from sqlalchemy.dialects.postgresql import insert

from doodle_db.events import announce
from doodle_db.locks import SHADOW_LOCK
from doodle_db.tables import shadows


@dataclass(frozen=True)
class ShadowDecision:
    """
    One decision: from then on this version was the shadow, or none was.

    Attributes:
        shadow: its number; later is higher.
        version: the version; None: no shadow any more.
        actor: who decided.
        reason: why.
        created_at: when.
    """

    shadow: int
    version: str | None
    actor: str
    reason: str
    created_at: datetime


def lock_shadow(connection: Connection) -> None:
    """Let nobody else decide about the shadow until the transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SHADOW_LOCK})


def add_decision(connection: Connection, version: str | None, *, actor: str, reason: str) -> ShadowDecision:
    """
    Write a decision down; listeners learn of it at the commit.

    Args:
        connection: with an open transaction that holds lock_shadow.
        version: the shadow from now on; None: none.
        actor: who decides.
        reason: why.
    """
    made = insert(shadows).values(version=version, actor=actor, reason=reason).returning(shadows)
    announce(connection, "shadow", {"version": version})
    return _decision(connection.execute(made).one())


def end_shadow_of(connection: Connection, version: str, *, actor: str, reason: str) -> None:
    """
    End the shadow if it is this version, because something else has become of that.

    Args:
        connection: with an open transaction in which the version was deployed or deleted.
        version: that version.
        actor: who did it.
        reason: what has become of it.
    """
    lock_shadow(connection)
    found = find_shadow(connection)
    if found is not None and found.version == version:
        add_decision(connection, None, actor=actor, reason=reason)


def find_shadow(connection: Connection) -> ShadowDecision | None:
    """Find the decision by which a version is the shadow now; None where none is."""
    latest = next(iter(list_decisions(connection, at_most=1)), None)
    return latest if latest and latest.version else None


def list_decisions(connection: Connection, *, at_most: int = 100) -> list[ShadowDecision]:
    """List the decisions, newest first."""
    newest = select(shadows).order_by(shadows.c.shadow.desc()).limit(at_most)
    return [_decision(row) for row in connection.execute(newest)]


def _decision(row: Row[Any]) -> ShadowDecision:
    return ShadowDecision(row.shadow, row.version, row.actor, row.reason, row.created_at)
