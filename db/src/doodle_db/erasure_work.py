"""Doing what erasures order: in steps that hold no lock for long, by whoever is there, from wherever it was left."""

import base64
import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from doodle_db.drift import SIDES
from doodle_db.erasures import CLOCKS_APART, is_theirs, list_holding_runs, list_versions
from doodle_db.locks import ERASING_LOCK
from doodle_db.partitions import clear_dropped
from doodle_db.tables import doodles, erased_pictures, erasures, run_reports, screenings

DOODLES_AT_ONCE = 200
"""Erased in one transaction: some ten milliseconds, in which nobody else can decide about them."""


def work_off_erasures(engine: Engine) -> int:
    """
    Go on with what was ordered and is not finished; called again and again, as what runs still hold must be waited for.

    Killed at any moment, it goes on at the next call, of whatever process.

    Args:
        engine: of a migrated database.

    Returns:
        How many orders are left unfinished; those of another process at work are not counted.
    """
    with engine.connect() as connection:
        still_open = select(erasures.c.erasure).where(erasures.c.finished_at.is_(None)).order_by(erasures.c.erasure)
        if not connection.execute(still_open).scalars().all() or not _lock(connection):
            return 0
        try:
            orders = connection.execute(still_open).scalars().all()
            connection.commit()
            left = sum(not _continue(engine, connection, each) for each in orders)
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ERASING_LOCK})
            connection.commit()
    return left


def _lock(connection: Connection) -> bool:
    return bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": ERASING_LOCK}).scalar_one())


def _continue(engine: Engine, connection: Connection, erasure: int) -> bool:
    """Erase until nothing is left; tells whether nobody holds anything any more."""
    order = _read(connection, erasure)
    while not order.is_of_drawings and _erase_some(connection, order):
        pass
    # Months that were dropped lately may still lie aside, with doodles of theirs.
    clear_dropped(engine)
    order = _read(connection, erasure)
    is_held = bool(list_holding_runs(connection, order))
    # Looked at first: whatever such a run has written, it has written by now.
    _clean_reports(connection, order)
    _clean_drift_checks(connection, order)
    if is_held:
        return False
    return _end_forgetting(connection, order) if order.is_of_drawings else _finish(connection, order)


def _read(connection: Connection, erasure: int) -> Row[Any]:
    order = connection.execute(select(erasures).where(erasures.c.erasure == erasure)).one()
    connection.commit()
    return order


def _erase_some(connection: Connection, order: Row[Any]) -> int:
    """Erase some doodles, with all that hangs on them; gives how many."""
    found = select(doodles.c.id, doodles.c.created_at).where(is_theirs(order.contributor)).limit(DOODLES_AT_ONCE)
    places = connection.execute(found).all()
    bitmaps = lock_bitmaps(connection, places)
    note_pictures(connection, order.erasure, bitmaps)
    num_gone = delete_at(connection, places)
    if num_gone:
        counted = {"num_doodles": erasures.c.num_doodles + num_gone, "emptied_at": func.clock_timestamp()}
        connection.execute(update(erasures).where(erasures.c.erasure == order.erasure).values(counted))
    connection.commit()
    return len(places)


def lock_bitmaps(connection: Connection, places: Sequence[Any]) -> list[bytes]:
    """
    Take the locks that reviews and screenings take, in their order.

    Args:
        connection: with an open transaction.
        places: rows with id and created_at, of users' doodles.

    Returns:
        The drawings, of those that are still there.
    """
    if not places:
        return []
    ids = {place.id for place in places}
    decided = select(screenings.c.doodle).where(screenings.c.doodle.in_(ids)).order_by(screenings.c.doodle)
    connection.execute(decided.with_for_update())
    theirs = select(doodles.c.bitmap).where(are_at(places)).order_by(doodles.c.id).with_for_update()
    return [bytes(bitmap) for bitmap in connection.execute(theirs).scalars()]


def are_at(places: Sequence[Any]) -> ColumnElement[bool]:
    """Give the rule that a row is a user's doodle at one of these places."""
    # As constants: the planner leaves the other partitions out before it looks at them.
    return and_(
        doodles.c.source == "user",
        doodles.c.id.in_({place.id for place in places}),
        doodles.c.created_at.in_({place.created_at for place in places}),
    )


def delete_at(connection: Connection, places: Sequence[Any]) -> int:
    """Delete users' doodles, with all that hangs on them; gives how many there were."""
    return int(connection.execute(delete(doodles).where(are_at(places))).rowcount) if places else 0


def note_pictures(connection: Connection, erasure: int, bitmaps: Collection[bytes]) -> None:
    """Note drawings whose pictures are to be taken out of reports."""
    if not bitmaps:
        return
    rows = [{"erasure": erasure, "digest": digest_of(bitmap)} for bitmap in set(bitmaps)]
    connection.execute(insert(erased_pictures).values(rows).on_conflict_do_nothing())


def digest_of(bitmap: bytes) -> bytes:
    """Sum up a drawing: 32 bytes, SHA-256 of its bitmap."""
    return hashlib.sha256(bitmap).digest()


def _clean_reports(connection: Connection, order: Row[Any]) -> None:
    """Take their pictures out of every report written since they drew, or since the reports were cleaned last."""
    begun_at: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    written = select(run_reports.c.run).where(run_reports.c.written_at >= (order.cleaned_at or order.since))
    for run in connection.execute(written.order_by(run_reports.c.run)).scalars().all():
        connection.commit()
        _clean_report(connection, order.erasure, run)
    connection.execute(update(erasures).where(_is_still(order)).values(cleaned_at=begun_at - CLOCKS_APART))
    connection.commit()


def _is_still(order: Row[Any]) -> ColumnElement[bool]:
    """Give the rule that nothing came to an order since it was read: to one of drawings anybody may add."""
    return and_(erasures.c.erasure == order.erasure, erasures.c.num_doodles == order.num_doodles)


def _clean_report(connection: Connection, erasure: int, run: UUID) -> None:
    stored = select(run_reports.c.report).where(run_reports.c.run == run).with_for_update()
    report = connection.execute(stored).scalar()
    if report is not None:
        of_erased = select(erased_pictures.c.digest).where(
            erased_pictures.c.erasure == erasure, erased_pictures.c.digest.in_(list_digests(report))
        )
        gone = {bytes(digest) for digest in connection.execute(of_erased).scalars()}
        cleaned, num_pictures = take_out(report, gone)
        if num_pictures:
            connection.execute(update(run_reports).where(run_reports.c.run == run).values(report=cleaned))
            counted = {"num_pictures": erasures.c.num_pictures + num_pictures}
            connection.execute(update(erasures).where(erasures.c.erasure == erasure).values(counted))
    connection.commit()


def _clean_drift_checks(connection: Connection, order: Row[Any]) -> None:
    """Take out of what drift was seen by the ids of drawings that are gone."""
    for forget in _FORGET_IDS:
        connection.execute(forget, {"since": order.since})
    connection.commit()


_THERE = """(
    SELECT coalesce(jsonb_agg(drawn.id), '[]')
    FROM jsonb_array_elements_text(pictures #> '{{samples,{}}}') AS drawn (id)
    WHERE EXISTS (
        SELECT FROM doodle_ids AS place JOIN doodles USING (id, source, created_at)
        WHERE place.id = CAST(drawn.id AS uuid)
    )
)"""

_FORGET_IDS = [
    text(f"""
        UPDATE drift_checks SET pictures = jsonb_set(pictures, '{{samples,{side}}}', {_THERE.format(side)})
        WHERE created_at >= :since AND pictures ? 'samples'
    """)  # noqa: S608  # our own words
    for side in SIDES
]


def list_digests(report: Any) -> list[bytes]:
    """Sum up every drawing in a report, wherever in it; a text that is no drawing is none."""
    return [digest for picture in _list_pictures(report) if (digest := _digest_of_picture(picture)) is not None]


def _list_pictures(part: Any) -> Iterator[dict[str, Any]]:
    children = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    if isinstance(part, dict) and isinstance(part.get("bitmap"), str):
        yield part
    for child in children:
        yield from _list_pictures(child)


def _digest_of_picture(picture: Any) -> bytes | None:
    if not isinstance(picture, dict) or not isinstance(picture.get("bitmap"), str):
        return None
    try:
        return digest_of(base64.b64decode(picture["bitmap"], validate=True))
    except ValueError:
        return None


def take_out(part: Any, gone: Collection[bytes]) -> tuple[Any, int]:
    """
    Take drawings out of the lists of a report.

    Args:
        part: the report, or a part of it; JSON's types.
        gone: digests of the drawings.

    Returns:
        The part without them, and how many they were.

    >>> take_out({"samples": [{"bitmap": "AAAA"}, {"bitmap": "////"}]}, {digest_of(bytes(3))})
    ({'samples': [{'bitmap': '////'}]}, 1)
    """
    if isinstance(part, dict):
        cleaned = {name: take_out(child, gone) for name, child in part.items()}
        return {name: child for name, (child, _) in cleaned.items()}, sum(num for _, num in cleaned.values())
    if not isinstance(part, list):
        return part, 0
    kept = [child for child in part if _digest_of_picture(child) not in gone]
    inner = [take_out(child, gone) for child in kept]
    return [child for child, _ in inner], len(part) - len(kept) + sum(num for _, num in inner)


def _finish(connection: Connection, order: Row[Any]) -> bool:
    """Forget who it was about, if nothing of theirs is left; the completing act comes last."""
    left = connection.execute(select(doodles.c.id).where(is_theirs(order.contributor)).limit(1)).first()
    if left is None:
        values = {
            "contributor": None,
            "since": None,
            "versions": list_versions(connection, order.since),
            "finished_at": func.clock_timestamp(),
        }
        connection.execute(delete(erased_pictures).where(erased_pictures.c.erasure == order.erasure))
        connection.execute(update(erasures).where(erasures.c.erasure == order.erasure).values(values))
    connection.commit()
    return left is None


def _end_forgetting(connection: Connection, order: Row[Any]) -> bool:
    """Drop the order, if nothing came to it meanwhile; the drawings themselves went before it was made."""
    ended = connection.execute(delete(erasures).where(_is_still(order)))
    connection.commit()
    return ended.rowcount == 1
