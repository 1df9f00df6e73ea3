"""Points in time, as clients write them."""

from datetime import UTC, datetime


def parse_moment(text: str) -> datetime:
    """
    Read a time that says its zone; PostgreSQL takes fewer offsets than ISO 8601 has, so that it is given none of them.

    Args:
        text: ISO 8601, with any offset below a day.

    Returns:
        The same instant in UTC.

    Raises:
        ValueError: it is no time, says no zone, or lies in a year that UTC does not have.

    >>> parse_moment("2026-01-02T02:00:00+23:00").isoformat()
    '2026-01-01T03:00:00+00:00'
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"No zone: {text}")
    try:
        return moment.astimezone(UTC)
    except OverflowError as beyond:
        raise ValueError(f"No year of UTC: {text}") from beyond
