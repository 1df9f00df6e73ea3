"""What runs have screened out: one row a doodle with the latest decision, and the doodle's status with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from doodle_db.tables import doodles, screenings

Outcome = Literal["quarantined", "unused"]
"""In quarantine until somebody has looked; or unused: accepted, but neither trained nor judged on."""

Reason = Literal["label", "unknown", "contributor", "duplicate", "share"]

CHANGES_AT_ONCE = 1_000
"""Rows a statement writes: a screening of 10,000 doodles stays a few statements of bounded size."""


@dataclass(frozen=True)
class Screener:
    """
    Who decides.

    Attributes:
        run: for which doodles are screened.
        version: of the rules.
        now: the time.
    """

    run: UUID
    version: int
    now: datetime


@dataclass(frozen=True)
class ScreenedOut:
    """
    A doodle that is not used, and why.

    Attributes:
        doodle: its id.
        outcome: what becomes of it.
        reason: which rule speaks against it.
        words: the reason as a sentence.
        numbers: what it was decided by.
        suggestion: the label it looks like, if it is to be suggested.
    """

    doodle: UUID
    outcome: Outcome
    reason: Reason
    words: str
    numbers: Mapping[str, float]
    suggestion: str | None = None


@dataclass(frozen=True)
class LookedAt:
    """
    A doodle as the screening saw it.

    Attributes:
        doodle: its id.
        created_at: when it was stored: where it lies.
        recorded_xid: tells whether its contributor has corrected it since.
    """

    doodle: UUID
    created_at: datetime
    recorded_xid: int


def is_in_use() -> ColumnElement[bool]:
    """Give the rule that a doodle is not one that was screened out as unused; its status says the rest."""
    unused = exists().where(
        screenings.c.doodle == doodles.c.id, screenings.c.outcome == "unused", screenings.c.review.is_(None)
    )
    return ~unused


def apply_screening(
    connection: Connection, screener: Screener, seen: Sequence[LookedAt], screened_out: Sequence[ScreenedOut]
) -> int:
    """
    Write what a screening has decided, in place of what earlier ones had; all of it or, if it is rolled back, nothing.

    What an operator has decided about stays, and what its contributor has corrected since is for the next screening.
    Doing so again changes nothing.

    Args:
        connection: with an open transaction.
        screener: who decides.
        seen: every doodle that was decided about.
        screened_out: those of them that are not used; the others are.

    Returns:
        How many doodles are in another status than before.
    """
    decided = {each.doodle: each for each in screened_out}
    before = _lock_screened(connection, [each.doodle for each in seen])
    touched = sorted((each for each in seen if each.doodle in decided or each.doodle in before), key=lambda x: x.doodle)
    num_changed = 0
    for start in range(0, len(touched), CHANGES_AT_ONCE):
        unchanged = _lock_unchanged(connection, touched[start : start + CHANGES_AT_ONCE])
        num_changed += _write(connection, screener, unchanged, decided)
    return num_changed


def _lock_screened(connection: Connection, ids: Collection[UUID]) -> set[UUID]:
    """Keep operators from deciding meanwhile; reviews take the same locks in the same order, before the doodles'."""
    found = select(screenings.c.doodle).where(screenings.c.doodle == func.any(list(ids)))
    return set(connection.execute(found.order_by(screenings.c.doodle).with_for_update()).scalars())


_UNCHANGED = text("""
    SELECT doodles.id, doodles.created_at
    FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[]), CAST(:xids AS bigint[]))
        AS seen (id, created_at, recorded_xid)
    JOIN doodles ON doodles.id = seen.id AND doodles.created_at = seen.created_at AND doodles.source = 'user'
    WHERE doodles.recorded_xid = seen.recorded_xid AND doodles.status <> 'rejected'
        AND NOT EXISTS (SELECT FROM screenings WHERE doodle = doodles.id AND review IS NOT NULL)
    ORDER BY doodles.id FOR UPDATE OF doodles
""")


def _lock_unchanged(connection: Connection, seen: Sequence[LookedAt]) -> dict[UUID, datetime]:
    """Keep contributors from correcting what is still as it was seen; gives when each of those was stored."""
    columns = {
        "ids": [str(each.doodle) for each in seen],
        "times": [each.created_at for each in seen],
        "xids": [each.recorded_xid for each in seen],
    }
    return {row.id: row.created_at for row in connection.execute(_UNCHANGED, columns)}


def _write(
    connection: Connection,
    screener: Screener,
    stored_at: Mapping[UUID, datetime],
    decided: Mapping[UUID, ScreenedOut],
) -> int:
    out = [decided[each] for each in stored_at if each in decided]
    cleared = [each for each in stored_at if each not in decided]
    if out:
        rows = [_as_row(each, screener, stored_at[each.doodle]) for each in out]
        statement = insert(screenings).values(rows)
        renewed = {name: statement.excluded[name] for name in rows[0] if name != "doodle"}
        connection.execute(statement.on_conflict_do_update(index_elements=["doodle"], set_=renewed))
    connection.execute(delete(screenings).where(screenings.c.doodle.in_(cleared)))
    quarantined = {each.doodle: each.reason for each in out if each.outcome == "quarantined"}
    num_changed = _set_status(connection, stored_at, set(stored_at) - quarantined.keys(), "accepted", None)
    for reason in sorted(set(quarantined.values())):
        ids = {doodle for doodle, why in quarantined.items() if why == reason}
        num_changed += _set_status(connection, stored_at, ids, "quarantined", reason)
    return num_changed


def _as_row(decision: ScreenedOut, screener: Screener, created_at: datetime) -> dict[str, Any]:
    return {
        "doodle": decision.doodle,
        "created_at": created_at,
        "outcome": decision.outcome,
        "reason": decision.reason,
        "words": decision.words,
        "numbers": dict(decision.numbers),
        "suggestion": decision.suggestion,
        "run": screener.run,
        "screener": screener.version,
        "screened_at": screener.now,
    }


def _set_status(
    connection: Connection, stored_at: Mapping[UUID, datetime], ids: set[UUID], status: str, reason: str | None
) -> int:
    """Set the status of doodles; the watermark's number stays: a run that reads them now has them before it."""
    if not ids:
        return 0
    theirs = (
        doodles.c.source == "user",
        doodles.c.id.in_(ids),
        doodles.c.created_at.in_({stored_at[each] for each in ids}),
    )
    changed = update(doodles).where(*theirs, doodles.c.status != status).values(status=status, status_reason=reason)
    return int(connection.execute(changed).rowcount)
