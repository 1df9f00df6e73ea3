"""Tables for people: columns as wide as they need to be, numbers to the right."""

from collections.abc import Sequence
from datetime import datetime

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def format_table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """
    Set rows in columns.

    Args:
        headers: one a column.
        rows: as many cells each; None is shown as a dash.

    >>> print(format_table(["label", "doodles"], [["cat", 7], ["dog", 1200], ["fish", None]]))
    LABEL  DOODLES
    cat          7
    dog       1200
    fish         -
    """
    texts = [["-" if cell is None else str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in [list(headers), *texts]) for column in range(len(headers))]
    right = [_is_numeric([row[column] for row in rows]) for column in range(len(headers))]
    lines = [[header.upper() for header in headers], *texts]
    return "\n".join(_format_line(line, widths, right) for line in lines)


def _format_line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    set_cells = [
        cell.rjust(width) if to_right else cell.ljust(width)
        for cell, width, to_right in zip(cells, widths, right, strict=True)
    ]
    return "  ".join(set_cells).rstrip()


def _is_numeric(cells: Sequence[object]) -> bool:
    present = [cell for cell in cells if cell is not None]
    return bool(present) and all(isinstance(cell, int | float) for cell in present)


def format_age(moment: str | None, now: datetime) -> str | None:
    """
    Say how long ago something was, in its largest unit.

    Args:
        moment: ISO 8601 with a zone, as the API gives it.
        now: the time.

    >>> from datetime import UTC
    >>> format_age("2026-11-21T10:00:00+00:00", datetime(2026, 11, 21, 12, 30, tzinfo=UTC))
    '2 h ago'
    """
    if moment is None:
        return None
    seconds = max(0, int((now - datetime.fromisoformat(moment)).total_seconds()))
    unit, length = next((unit for unit in _UNITS if seconds >= unit[1]), _UNITS[-1])
    return f"{seconds // length} {unit} ago"


def format_percent(share: float | None) -> str | None:
    """
    Show a share.

    >>> format_percent(0.8314)
    '83.1 %'
    """
    return None if share is None else f"{share:.1%}".replace("%", " %")
