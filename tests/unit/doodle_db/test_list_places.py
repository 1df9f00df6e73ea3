"""Places in lists, as clients hand them back."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from doodle_db.errors import InvalidError
from doodle_db.gallery_place import Place, parse_place

ID = UUID(int=1)


@pytest.mark.parametrize(
    "text", ["2026-01-02T03:00:00+00:00", "2026-01-03T02:00:00+23:00", "2026-01-02T05:00:00.5+02:00:00.5"]
)
def test_a_place_is_told_in_utc(text: str) -> None:
    """An offset may be anything below a day; PostgreSQL knows none beyond 16 hours, nor parts of a second."""
    place = parse_place(f"{text}_{ID}")

    assert str(place) == str(Place(datetime(2026, 1, 2, 3, tzinfo=UTC), ID))


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:00:00-02:00", "2026-01-02T03:04:05", ""])
def test_a_place_at_no_time_is_refused(text: str) -> None:
    """UTC has no such year, or nobody knows the zone."""
    with pytest.raises(InvalidError) as refused:
        parse_place(f"{text}_{ID}", "cursor")

    assert refused.value.field == "cursor"
