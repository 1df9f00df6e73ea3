"""The gallery: users' doodles, newest first, a page at a time; a page costs the same at any depth and any size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select, tuple_, union_all

from doodle_db.errors import InvalidError
from doodle_db.tables import doodles

_NO_PLACE = "Expected the `next` of the page before, as it was given."

_SHOWN = (
    doodles.c.id,
    doodles.c.label,
    doodles.c.bitmap,
    doodles.c.height,
    doodles.c.width,
    doodles.c.guess,
    doodles.c.confidence,
    doodles.c.model_version,
    doodles.c.split,
    doodles.c.created_at,
)


@dataclass(frozen=True)
class Place:
    """
    A place in the gallery: just behind a doodle.

    Attributes:
        created_at: the doodle's.
        id: the doodle's; of several stored at the same time the highest id comes first.
    """

    created_at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.created_at.isoformat()}_{self.id}"


def parse_place(text: str, field: str = "after") -> Place:
    """
    Read a place as it was written by str().

    Args:
        text: as it came.
        field: the name it came under.

    Raises:
        InvalidError: this is none.

    >>> str(parse_place("2026-01-02T03:04:05+00:00_00000000-0000-0000-0000-000000000001"))
    '2026-01-02T03:04:05+00:00_00000000-0000-0000-0000-000000000001'
    """
    moment, _, name = text.partition("_")
    try:
        place = Place(datetime.fromisoformat(moment), UUID(name))
    except ValueError as invalid:
        raise InvalidError(_NO_PLACE, field=field) from invalid
    if place.created_at.tzinfo is None:
        raise InvalidError(_NO_PLACE, field=field)
    return place


def list_doodles(
    connection: Connection, labels: Sequence[str], num: int, after: Place | None = None
) -> tuple[list[Any], Place | None]:
    """
    List users' accepted doodles, newest first.

    Every label's newest are found through the index and then put in order: nothing else is read, however many there
    are. An offset would read all it skips.

    Args:
        connection: any.
        labels: of these labels.
        num: how many at most.
        after: where the page before ended; None begins with the newest.

    Returns:
        The rows, and where the next page begins; None when this one is the last.
    """
    newest = union_all(*(_of_label(label, num + 1, after) for label in labels)).subquery()
    in_order = select(newest).order_by(newest.c.created_at.desc(), newest.c.id.desc()).limit(num + 1)
    rows = list(connection.execute(in_order))
    last = rows[num - 1] if len(rows) > num else None
    return rows[:num], Place(last.created_at, last.id) if last else None


def _of_label(label: str, num: int, after: Place | None) -> Select[Any]:
    found = select(*_SHOWN).where(doodles.c.source == "user", doodles.c.status == "accepted", doodles.c.label == label)
    if after is not None:
        found = found.where(tuple_(doodles.c.created_at, doodles.c.id) < tuple_(after.created_at, after.id))
    return found.order_by(doodles.c.created_at.desc(), doodles.c.id.desc()).limit(num)
