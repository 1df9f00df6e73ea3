"""The list of versions, a page at a time: the live one first, then newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, tuple_

from doodle_db.list_places import refuse_place, split_place
from doodle_db.manifest import VERSION_PATTERN
from doodle_db.model_registry import find_live
from doodle_db.tables import deletions, models, runs

MAX_LISTED = 100


@dataclass(frozen=True)
class ModelPlace:
    """
    A place in the list: just behind a version.

    Attributes:
        created_at: when it was made.
        version: its name; of several made at the same time the highest comes first.
    """

    created_at: datetime
    version: str

    def __str__(self) -> str:
        return f"{self.created_at.isoformat()}_{self.version}"


def parse_model_place(text: str, field: str) -> ModelPlace:
    """
    Read a place as it was written by str().

    Args:
        text: as it came.
        field: the name it came under.

    Raises:
        InvalidError: this is none.

    >>> str(parse_model_place("2026-01-02T03:04:05+00:00_0123456789ab", "cursor"))
    '2026-01-02T03:04:05+00:00_0123456789ab'
    """
    created_at, version = split_place(text, field)
    if not VERSION_PATTERN.fullmatch(version):
        raise refuse_place(field)
    return ModelPlace(created_at, version)


def list_models(
    connection: Connection, *, at_most: int = MAX_LISTED, after: ModelPlace | None = None
) -> tuple[list[Row[Any]], ModelPlace | None]:
    """
    List versions that were not deleted, each with its run's verdict.

    Args:
        connection: any.
        at_most: how many, besides the live one: that stands at the top of the first page, however many are newer.
        after: where the page before ended; None begins with the live one.

    Returns:
        The rows, and where the next page begins; None when this one is the last.
    """
    live = find_live(connection)
    is_live = models.c.version == (live.version if live else "")
    first = list(connection.execute(_newest().where(is_live))) if after is None else []
    others = _newest().where(~is_live).limit(at_most + 1)
    if after is not None:
        others = others.where(tuple_(models.c.created_at, models.c.version) < (after.created_at, after.version))
    rows = list(connection.execute(others))
    last = rows[at_most - 1] if len(rows) > at_most else None
    following = ModelPlace(last.created_at, last.version) if last is not None else None
    return [*first, *rows[:at_most]], following


def _newest() -> Select[Any]:
    kept = ~select(deletions.c.version).where(deletions.c.version == models.c.version).exists()
    with_verdicts = select(models, runs.c.verdict).outerjoin(runs, runs.c.key == models.c.run).where(kept)
    return with_verdicts.order_by(models.c.created_at.desc(), models.c.version.desc())
