"""
Erasing a contributor: every doodle of theirs, what was decided about it, and its pictures in runs' reports.

It is ordered first, as a row, and then done in short steps; whoever is stopped in the middle leaves the row, by which
anybody goes on. The row knows who it is about only until nothing of theirs is left. What stays is named: versions that
may have learnt from the drawings, and backups (docs/erasure.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from doodle_db.contributors import FULL_NAME_DIGITS, check_name, fully_name, is_named
from doodle_db.errors import AmbiguousContributorError, ErasureChangedError, UnknownContributorError
from doodle_db.tables import deletions, doodles, erasures, models, runs

MAX_SHARING = 10
"""Contributors of one name that are shown; two are rare."""

MAX_VERSIONS = 200
MAX_LISTED = 50

MAX_NUMBER = 2**63 - 1
"""PostgreSQL's bigint ends there."""

CLOCKS_APART = timedelta(minutes=5)
"""A run's start is told by its worker's clock, the end of a contributor's last doodle by the database's."""


@dataclass(frozen=True)
class FoundContributor:
    """
    Somebody who has drawn.

    Attributes:
        contributor: 16 bytes, as stored.
        name: the whole of it: 64 hex digits, of which pages show the first eight.
        num_doodles: all of theirs, whatever their status.
        first_at, last_at: when the first and the last of them were stored.
        versions: that may have learnt from them, oldest first; MAX_VERSIONS at most.
    """

    contributor: bytes
    name: str
    num_doodles: int
    first_at: datetime
    last_at: datetime
    versions: tuple[str, ...]


def find_contributors(connection: Connection, name: str) -> list[FoundContributor]:
    """
    Find who is called so; several share the eight digits of a page rarely, but they do.

    Args:
        connection: any.
        name: 8 to 64 hex digits, the beginning of the name.

    Raises:
        InvalidError: this is no name.
    """
    beginning = check_name(name, at_most=FULL_NAME_DIGITS)
    stored = doodles.c.created_at
    counted = (
        select(doodles.c.contributor, func.count(), func.min(stored), func.max(stored))
        .where(doodles.c.source == "user", is_named(beginning))
        .group_by(doodles.c.contributor)
        .order_by(doodles.c.contributor)
        .limit(MAX_SHARING)
    )
    return [
        FoundContributor(
            bytes(who), fully_name(bytes(who)), int(num), first, last, tuple(list_versions(connection, first))
        )
        for who, num, first, last in connection.execute(counted)
        if fully_name(bytes(who)).startswith(beginning)
    ]


def list_versions(connection: Connection, since: datetime) -> list[str]:
    """List the versions that may have learnt from a doodle stored then, or were judged on it; deleted ones are not."""
    learnt = (
        select(models.c.version)
        .join(runs, runs.c.key == models.c.run)
        .where(runs.c.started_at >= since - CLOCKS_APART)
        .where(~select(deletions.c.version).where(deletions.c.version == models.c.version).exists())
    )
    return list(connection.execute(learnt.order_by(models.c.created_at).limit(MAX_VERSIONS)).scalars())


def begin_erasure(connection: Connection, name: str, *, num_doodles: int, operator: str, reason: str) -> Row[Any]:
    """
    Order that a contributor is erased; asked again before it is done, it is the same order.

    Args:
        connection: with an open transaction.
        name: 8 to 64 hex digits, so many that they are one contributor's.
        num_doodles: how many doodles are to go, as somebody has read it.
        operator: who orders.
        reason: why; it stays, so it should name nobody.

    Returns:
        The order; see list_erasures.

    Raises:
        InvalidError: this is no name.
        UnknownContributorError: nobody has it, or nothing is left of them.
        AmbiguousContributorError: several have it.
        ErasureChangedError: there are more or fewer doodles by now.
    """
    ordered = _find_open(connection, check_name(name, at_most=FULL_NAME_DIGITS))
    if ordered is not None:
        return ordered
    found = find_contributors(connection, name)
    if not found:
        raise UnknownContributorError(field="contributor")
    if len(found) > 1:
        names = ", ".join(each.name[:16] for each in found)
        raise AmbiguousContributorError(
            f"{len(found)} contributors are called {name}: {names}. Give as many digits as one of these.",
            field="contributor",
        )
    (who,) = found
    if who.num_doodles != num_doodles:
        raise ErasureChangedError(
            f"{num_doodles} doodles were confirmed, and there are {who.num_doodles} by now; look again.",
            field="confirm",
        )
    row = {"contributor": who.contributor, "since": who.first_at, "operator": operator, "reason": reason}
    return _order(connection, row, fully_name(who.contributor))


def _order(connection: Connection, row: dict[str, Any], name: str) -> Row[Any]:
    """Order it, unless somebody does at the same time: then theirs is meant; if it is done by now, nobody is left."""
    is_open = erasures.c.contributor.is_not(None)
    order = insert(erasures).values(row).on_conflict_do_nothing(index_elements=["contributor"], index_where=is_open)
    ordered = connection.execute(order.returning(*erasures.c)).first() or _find_open(connection, name)
    if ordered is None:
        raise UnknownContributorError(field="contributor")
    return ordered


def _find_open(connection: Connection, name: str) -> Row[Any] | None:
    found = connection.execute(select(erasures).where(erasures.c.contributor.is_not(None))).all()
    return next((row for row in found if fully_name(bytes(row.contributor)).startswith(name)), None)


def list_erasures(connection: Connection) -> list[Row[Any]]:
    """List what operators have ordered, the latest first, MAX_LISTED at most."""
    ordered = select(erasures).where(~erasures.c.is_of_drawings).order_by(erasures.c.erasure.desc())
    return list(connection.execute(ordered.limit(MAX_LISTED)))


def find_erasure(connection: Connection, erasure: int) -> Row[Any] | None:
    """Find one order."""
    if erasure > MAX_NUMBER:
        return None
    is_it = and_(erasures.c.erasure == erasure, ~erasures.c.is_of_drawings)
    return connection.execute(select(erasures).where(is_it)).first()


def list_holding_runs(connection: Connection, erasure: Row[Any]) -> Sequence[UUID]:
    """
    List the runs that may still hold drawings in memory, and would write them into their reports.

    Args:
        connection: any.
        erasure: the order.
    """
    emptied = erasure.emptied_at or erasure.created_at
    had_begun = or_(runs.c.started_at.is_(None), runs.c.started_at <= emptied + CLOCKS_APART)
    going = select(runs.c.key).where(runs.c.state == "running", had_begun).order_by(runs.c.created_at)
    return connection.execute(going.limit(MAX_LISTED)).scalars().all()


def is_theirs(contributor: bytes) -> ColumnElement[bool]:
    """Give the rule that a doodle is a contributor's; through the index doodles_by_name."""
    by_name = is_named(fully_name(contributor))
    return and_(doodles.c.source == "user", by_name, doodles.c.contributor == contributor)
