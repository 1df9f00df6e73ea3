"""The log of a run: what its worker told while it was at it, line by line, over all attempts; bounded."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select

from doodle_db.tables import run_log

MAX_LINES = 1_000
"""Of a run; what comes after them is left out."""

MAX_FIELD_CHARACTERS = 500
MAX_FIELDS_CHARACTERS = 3_500
"""Of all fields of a line as JSON; the table's own limit counts JSON's spaces, too."""


@dataclass(frozen=True)
class LogLine:
    """
    What happened.

    Attributes:
        at: when.
        level: debug, info, warning or error.
        event: its name, past tense.
        fields: what it happened to.
    """

    at: datetime
    level: str
    event: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def write_log(connection: Connection, run: UUID, lines: Sequence[LogLine]) -> None:
    """
    Put lines behind a run's log, as long as there is room.

    Args:
        connection: with an open transaction; only whoever has claimed the run writes.
        run: its key.
        lines: in their order.
    """
    if not lines:
        return
    last = select(func.coalesce(func.max(run_log.c.line), 0)).where(run_log.c.run == run)
    begin = int(connection.execute(last).scalar_one()) + 1
    rows = [
        {
            "run": run,
            "line": number,
            "at": line.at,
            "level": line.level,
            "event": line.event[:200],
            "fields": shorten_fields(line.fields),
        }
        for number, line in enumerate(lines[: max(0, MAX_LINES - begin + 1)], begin)
    ]
    if rows:
        connection.execute(insert(run_log), rows)


def shorten_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """
    Give fields as a log keeps them: numbers as they are, everything else as words, cut where they are long.

    >>> shorten_fields({"epoch": 2, "words": "a" * 501})["words"][-4:]
    'aaa…'
    """
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        kept[name] = _shorten(value)
        if len(json.dumps(kept, ensure_ascii=False)) > MAX_FIELDS_CHARACTERS:
            del kept[name]
            break
    return kept


def _shorten(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if abs(value) < float("inf") else str(value)
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    words = words.replace("\x00", "")
    return words if len(words) <= MAX_FIELD_CHARACTERS else f"{words[: MAX_FIELD_CHARACTERS - 1]}…"


def read_log(connection: Connection, run: UUID, after: int = 0, at_most: int = MAX_LINES) -> list[Row[Any]]:
    """Read a run's lines behind one, in their order."""
    columns = [column for column in run_log.c if column.name != "run"]
    behind = select(*columns).where(run_log.c.run == run, run_log.c.line > after)
    return list(connection.execute(behind.order_by(run_log.c.line).limit(at_most)))
