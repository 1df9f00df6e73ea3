"""Places in lists that come in pages, as texts that clients carry from one page to the next."""

from datetime import datetime

from doodle_db.errors import InvalidError
from doodle_db.moments import parse_moment


def refuse_place(field: str) -> InvalidError:
    """Say that this is no place that was ever given out."""
    return InvalidError("Expected the `next` of the page before, as it was given.", field=field)


def split_place(text: str, field: str) -> tuple[datetime, str]:
    """
    Read a place that is a time and a name.

    Args:
        text: as it came.
        field: the name it came under.

    Returns:
        The time, in UTC, and the name, of which nothing is checked.

    Raises:
        InvalidError: there is no such time.

    >>> split_place("2026-01-02T03:04:05+00:00_0123456789ab", "cursor")[1]
    '0123456789ab'
    """
    moment, _, name = text.partition("_")
    try:
        return parse_moment(moment), name
    except ValueError as invalid:
        raise refuse_place(field) from invalid
