"""What is new to a run: the accepted training drawings of users since a watermark, the newest where they are many."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, or_, select, true

from doodle_db.tables import doodles

MAX_NEW = 20_000
"""
New doodles a run reads: a hundred times what starts one, and minutes of training.

While no candidate is published the watermark stays, and every run reads what all before it have read; without an end
to it the runs of a busy site would grow until a worker's memory is too small for the next.
"""


@dataclass(frozen=True)
class Recorded:
    """
    Where a doodle stands in the order of recording.

    Attributes:
        transaction: that recorded it; see doodle_db.watermark.
        doodle: its id, which orders those of one transaction.
    """

    transaction: int
    doodle: UUID


def find_last_too_old(connection: Connection, watermark_from: int, watermark_to: int) -> Recorded | None:
    """
    Find the doodle after which MAX_NEW came; None if no more than these were recorded between two watermarks.

    A run asks once, before it screens: what the screening puts aside would make room for older ones, which it has not
    looked at.

    Args:
        connection: any.
        watermark_from: recorded at or after this transaction.
        watermark_to: recorded before this one; a horizon (doodle_db.watermark).
    """
    new = and_(is_new(watermark_from), doodles.c.recorded_xid < watermark_to)
    newest_first = select(doodles.c.recorded_xid, doodles.c.id).where(new).order_by(*NEWEST_FIRST)
    row = connection.execute(newest_first.offset(MAX_NEW).limit(1)).first()
    return Recorded(row.recorded_xid, row.id) if row else None


NEWEST_FIRST = (doodles.c.recorded_xid.desc(), doodles.c.id.desc())


def is_new(watermark: int) -> ColumnElement[bool]:
    """Tell whether a doodle is one that runs train on, recorded since a watermark."""
    return and_(
        doodles.c.source == "user",
        doodles.c.status == "accepted",
        doodles.c.split == "train",
        doodles.c.recorded_xid >= watermark,
    )


def is_after(last: Recorded | None) -> ColumnElement[bool]:
    """Tell whether a doodle was recorded after another; None: every one was."""
    if last is None:
        return true()
    # The first condition is the index's.
    same_or_later = doodles.c.recorded_xid >= last.transaction
    return and_(same_or_later, or_(doodles.c.recorded_xid > last.transaction, doodles.c.id > last.doodle))
