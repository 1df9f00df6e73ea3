"""
Forgetting single drawings, asked by whoever knows their ids: only the page that drew them does.

The drawings go at once, in the caller's transaction. Their pictures in reports are worked off afterwards, as an
erasure's are (doodle_db.erasure_work). The bare ids stay, so that a copy that was on its way is not stored again. See
docs/decisions/0053.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.dialects.postgresql import insert

from doodle_db.erasure_work import are_at, delete_at, lock_bitmaps, note_pictures
from doodle_db.tables import doodle_ids, doodles, erasures

FORGOTTEN_BY = "who drew them"
"""Stands where the operator stands who orders an erasure."""


def forget_doodles(connection: Connection, ids: Collection[UUID]) -> frozenset[UUID]:
    """
    Forget users' drawings, for ever; those that are gone already, or were never there, change nothing.

    Args:
        connection: with an open transaction; nothing is forgotten before its commit.
        ids: theirs; some hundred at most, as one transaction locks them all.

    Returns:
        The ids of those that were there.
    """
    known = select(doodle_ids).where(doodle_ids.c.id.in_(ids), doodle_ids.c.source == "user").order_by(doodle_ids.c.id)
    places = connection.execute(known).all()
    bitmaps = lock_bitmaps(connection, places)
    there = _list_there(connection, places)
    if there:
        delete_at(connection, there)
        _keep_ids(connection, there)
        note_pictures(connection, _add_to_order(connection, there), bitmaps)
    return frozenset(place.id for place in there)


def _list_there(connection: Connection, places: Sequence[Row[Any]]) -> list[Row[Any]]:
    """List those that were not forgotten before; locked already, they stay there."""
    if not places:
        return []
    stored = set(connection.execute(select(doodles.c.id).where(are_at(places))).scalars())
    return [place for place in places if place.id in stored]


def _keep_ids(connection: Connection, places: Sequence[Row[Any]]) -> None:
    """Enter the ids that went with their doodles anew: what comes once more under one of them has been stored."""
    rows = [{"id": each.id, "source": each.source, "created_at": each.created_at} for each in places]
    connection.execute(insert(doodle_ids).values(rows))


def _add_to_order(connection: Connection, places: Sequence[Row[Any]]) -> int:
    """Let their pictures be looked for: under the order that is open, or a new one."""
    new = insert(erasures).values(
        is_of_drawings=True,
        since=min(place.created_at for place in places),
        operator=FORGOTTEN_BY,
        reason="Forgotten from the page.",
        num_doodles=len(places),
        emptied_at=func.clock_timestamp(),
    )
    together = new.on_conflict_do_update(
        index_elements=[erasures.c.is_of_drawings],
        index_where=erasures.c.is_of_drawings,
        set_={
            "since": func.least(erasures.c.since, new.excluded.since),
            "num_doodles": erasures.c.num_doodles + new.excluded.num_doodles,
            "emptied_at": new.excluded.emptied_at,
            # Reports that were clean of the others may hold pictures of these.
            "cleaned_at": None,
        },
    )
    return int(connection.execute(together.returning(erasures.c.erasure)).scalar_one())
