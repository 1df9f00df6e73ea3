"""Places in lists of doodles: a page begins just behind the one before, whatever has come or gone meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from doodle_db.list_places import refuse_place, split_place


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
    created_at, name = split_place(text, field)
    try:
        return Place(created_at, UUID(name))
    except ValueError as invalid:
        raise refuse_place(field) from invalid
