"""
The gallery: users' doodles, newest first, a page at a time; a page costs the same at any depth and any size.

Whatever is asked for, a page walks through one index, in order, and takes what fits from at most WALKED_AT_ONCE
doodles. Where fewer fit than a page holds it is shorter, and the next one goes on where it ended: an index for every
combination of filters would cost every store, and without one the last page would read the table. See
docs/decisions/0042.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, and_, select, text, tuple_

from doodle_db.contributors import is_named
from doodle_db.doodles import Status
from doodle_db.errors import UnknownDoodleError
from doodle_db.gallery_place import Place
from doodle_db.tables import doodle_ids, doodles, reviews, screenings

WALKED_AT_ONCE = 5_000
"""Doodles that a page looks at, at most: some milliseconds, and of one in a hundred that fit it still finds fifty."""

MAX_HISTORY = 50
"""Decisions about one doodle that are shown; nobody decides as often."""


@dataclass(frozen=True)
class GalleryFilter:
    """
    Which doodles are wanted; what is None does not matter.

    Attributes:
        label: what they are said to show.
        guess: what they were guessed to be.
        is_wrong: only those that were guessed to be something else than their label.
        status: what has become of them.
        version: which version guessed.
        since, until: stored from then on, and before then.
        contributor: the name of who drew them; see doodle_db.contributors.
    """

    label: str | None = None
    guess: str | None = None
    is_wrong: bool = False
    status: Status | None = "accepted"
    version: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    contributor: str | None = None


_SHOWN = (
    doodles.c.id,
    doodles.c.label,
    doodles.c.status,
    doodles.c.bitmap,
    doodles.c.height,
    doodles.c.width,
    doodles.c.guess,
    doodles.c.confidence,
    doodles.c.model_version,
    doodles.c.split,
    doodles.c.contributor,
    doodles.c.created_at,
    doodles.c.strokes.is_not(None).label("has_strokes"),
)


def list_doodles(
    connection: Connection, wanted: GalleryFilter, num: int, after: Place | None = None
) -> tuple[list[Row[Any]], Place | None]:
    """
    List users' doodles, newest first.

    Args:
        connection: any.
        wanted: which.
        num: how many at most; fewer, or none, where few of many fit, although more may follow.
        after: where the page before ended; None begins with the newest.

    Returns:
        The rows, and where the next page begins; None when this one is the last.
    """
    with _walking(connection):
        return _list(connection, wanted, num, after)


@contextmanager
def _walking(connection: Connection) -> Iterator[None]:
    """Let the planner go through an index in order: it may guess that few fit, and read and sort all of them."""
    connection.execute(_NO_DETOURS)
    yield
    connection.execute(_ANY_WAY)


_DETOURS = ("enable_seqscan", "enable_bitmapscan", "enable_sort")
_NO_DETOURS = text("; ".join(f"SET LOCAL {each} = off" for each in _DETOURS))
_ANY_WAY = text("; ".join(f"SET LOCAL {each} TO DEFAULT" for each in _DETOURS))


def _list(
    connection: Connection, wanted: GalleryFilter, num: int, after: Place | None
) -> tuple[list[Row[Any]], Place | None]:
    walk = _walk(wanted, after)
    walked = walk.limit(WALKED_AT_ONCE).subquery()
    fitting = select(walked).where(*_fits(wanted, walked)).order_by(walked.c.created_at.desc(), walked.c.id.desc())
    rows = list(connection.execute(_with_decisions(fitting.limit(num + 1).subquery())))
    if len(rows) > num:
        return rows[:num], Place(rows[num - 1].created_at, rows[num - 1].id)
    end = connection.execute(walk.with_only_columns(*_PLACE).offset(WALKED_AT_ONCE - 1).limit(1)).first()
    return rows, Place(end.created_at, end.id) if end else None


_PLACE = (doodles.c.created_at, doodles.c.id)


def _walk(wanted: GalleryFilter, after: Place | None) -> Select[Any]:
    """Go through the one index that leaves out most."""
    steps = [doodles.c.source == "user", *_choose_way(wanted)]
    if wanted.since is not None:
        steps.append(doodles.c.created_at >= wanted.since)
    if wanted.until is not None:
        steps.append(doodles.c.created_at < wanted.until)
    if after is not None:
        steps.append(tuple_(*_PLACE) < tuple_(after.created_at, after.id))
    return select(*_SHOWN).where(*steps).order_by(doodles.c.created_at.desc(), doodles.c.id.desc())


def _choose_way(wanted: GalleryFilter) -> list[ColumnElement[bool]]:
    """Choose what the walk keeps to: an index by name, status, version or label, or all there is."""
    if wanted.contributor is not None:
        return [is_named(wanted.contributor)]
    if wanted.status in {"quarantined", "rejected"}:
        return [doodles.c.status == wanted.status, doodles.c.status != "accepted"]
    if wanted.version is not None:
        return [doodles.c.model_version == wanted.version]
    if wanted.label is not None and wanted.status == "accepted":
        return [doodles.c.label == wanted.label, doodles.c.status == "accepted"]
    return []


def fits(wanted: GalleryFilter) -> list[ColumnElement[bool]]:
    """Give the rules by which a row of doodles is wanted: a user's, and all that the filter says."""
    times = [
        *([] if wanted.since is None else [doodles.c.created_at >= wanted.since]),
        *([] if wanted.until is None else [doodles.c.created_at < wanted.until]),
    ]
    by = [] if wanted.contributor is None else [is_named(wanted.contributor)]
    return [doodles.c.source == "user", *times, *by, *_fits(wanted, doodles)]


def _fits(wanted: GalleryFilter, rows: FromClause) -> list[ColumnElement[bool]]:
    """Give what is left to look at, of whichever rows; times and contributor are the way's."""
    equal = {
        "label": wanted.label,
        "guess": wanted.guess,
        "status": wanted.status,
        "model_version": wanted.version,
    }
    rules = [rows.c[name] == value for name, value in equal.items() if value is not None]
    if wanted.is_wrong:
        rules.append(and_(rows.c.guess.is_not(None), rows.c.guess != rows.c.label))
    return rules


def _with_decisions(rows: FromClause) -> Select[Any]:
    """Add to rows of doodles why they were screened out, and the decision that stands."""
    with_screenings = rows.outerjoin(screenings, screenings.c.doodle == rows.c.id)
    every = with_screenings.outerjoin(reviews, reviews.c.review == screenings.c.review)
    decision = (
        screenings.c.reason,
        screenings.c.words,
        screenings.c.suggestion,
        reviews.c.action,
        reviews.c.label_before,
        reviews.c.reason.label("review_reason"),
        reviews.c.operator,
        reviews.c.reviewed_at,
    )
    return select(*rows.c, *decision).select_from(every).order_by(rows.c.created_at.desc(), rows.c.id.desc())


def get_doodle(connection: Connection, doodle_id: UUID) -> Row[Any]:
    """
    Get one user's doodle, with its strokes.

    Raises:
        UnknownDoodleError: there is none of that id.
    """
    at = select(doodle_ids.c.created_at).where(doodle_ids.c.id == doodle_id, doodle_ids.c.source == "user")
    created_at = connection.execute(at).scalar()
    is_it = and_(doodles.c.id == doodle_id, doodles.c.created_at == created_at, doodles.c.source == "user")
    one = select(*_SHOWN, doodles.c.strokes, doodles.c.status_reason).where(is_it).subquery()
    row = connection.execute(_with_decisions(one)).first()
    if row is None:
        raise UnknownDoodleError("There is no user's doodle of that id.", field="id")
    return row


def list_history(connection: Connection, doodle_id: UUID) -> list[Row[Any]]:
    """List what operators have decided about a doodle, the latest first, MAX_HISTORY at most."""
    decided = select(reviews).where(reviews.c.doodle == doodle_id).order_by(reviews.c.review.desc())
    return list(connection.execute(decided.limit(MAX_HISTORY)))
