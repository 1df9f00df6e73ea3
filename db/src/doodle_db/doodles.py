"""The doodles: stored once, never lost, told apart by the client's id."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, select, update

from doodle_db.doodle_content import COLUMNS, Doodle, Sent, Source, content_hash, to_sent
from doodle_db.errors import DoodleConflictError, DoodleReviewedError, UnknownDoodleError
from doodle_db.tables import CURRENT_TRANSACTION, doodle_ids, doodles, screenings

Status = Literal["accepted", "quarantined", "rejected"]
StoreOutcome = Literal["stored", "already_stored"]

__all__ = [
    "Doodle",
    "Source",
    "Status",
    "StoreOutcome",
    "content_hash",
    "correct_label",
    "store_doodles",
    "store_each",
]

ROWS_AT_ONCE = 250
"""Rows in one INSERT: past some hundred a longer statement is no quicker a row (docs/decisions/0017)."""


def store_doodles(connection: Connection, batch: Sequence[Doodle]) -> list[StoreOutcome]:
    """
    Store doodles; one that is stored already, with the same content, stays as it is.

    Args:
        connection: with an open transaction; nothing is stored, and nothing may be acknowledged, before its commit.
        batch: any number; checked at the door.

    Returns:
        What became of each, in order.

    Raises:
        DoodleConflictError: an id is stored already with other content; the caller must roll back. Its field is
            `doodles[<index>].id`.
    """
    sent = [to_sent(doodle) for doodle in batch]
    return _tell_outcomes(sent, _insert(connection, sent))


def store_each(
    connection: Connection, requests: Sequence[Sequence[Doodle]]
) -> list[list[StoreOutcome] | DoodleConflictError]:
    """
    Store the doodles of several requests in one transaction: as many commits saved as there are requests but one.

    Each request is stored as a whole or not at all, as if they came one after the other; a conflict in one changes
    nothing about the others.

    Args:
        connection: with an open transaction; nothing is stored, and nothing may be acknowledged, before its commit.
        requests: one batch each; checked at the door.

    Returns:
        For each request in order what became of its doodles, or the conflict: that request must be refused, the
        transaction be committed all the same.

    Raises:
        IntegrityError: a row breaks a rule that the door should have kept; the caller must roll back, and may store
            each request by itself.
    """
    sent = [[to_sent(doodle) for doodle in batch] for batch in requests]
    together = list(chain.from_iterable(sent))
    written = _insert(connection, together)
    try:
        outcomes = _tell_outcomes(together, written)
    except DoodleConflictError:
        _take_back(connection, written.stored)
        return [_store_or_refuse(connection, batch) for batch in sent]
    ends = [0]
    for batch in sent:
        ends.append(ends[-1] + len(batch))
    return [outcomes[begin:end] for begin, end in pairwise(ends)]


@dataclass(frozen=True)
class _Written:
    """What stands in the database after an INSERT: the ids it stored, and of the others the hash, if they are there."""

    stored: frozenset[UUID]
    hashes: dict[UUID, bytes]


def _insert(connection: Connection, sent: Sequence[Sent]) -> _Written:
    first: dict[UUID, Sent] = {}
    for each in sent:
        first.setdefault(each.id, each)
    # In the order of ids, so that two batches with the same doodles wait for each other instead of locking up.
    rows = [first[each] for each in sorted(first)]
    stored = frozenset(chain.from_iterable(_insert_some(connection, some) for some in _chunks(rows)))
    return _Written(stored, _hashes_of(connection, first.keys() - stored) if len(stored) < len(first) else {})


def _chunks(rows: Sequence[Sent]) -> Iterator[Sequence[Sent]]:
    return (rows[begin : begin + ROWS_AT_ONCE] for begin in range(0, len(rows), ROWS_AT_ONCE))


def _insert_some(connection: Connection, rows: Sequence[Sent]) -> Iterable[UUID]:
    values = tuple(chain.from_iterable(each.row for each in rows))
    inserted = connection.exec_driver_sql(_insert_statement(len(rows)), values)
    if inserted.rowcount == len(rows):
        return [each.id for each in rows]
    return [UUID(str(row[0])) for row in inserted]


@lru_cache(maxsize=ROWS_AT_ONCE)
def _insert_statement(num_rows: int) -> str:
    """Write the INSERT for so many rows: one statement and no more between us and the driver than has to be."""
    row = f"({','.join(['%s'] * len(COLUMNS))})"
    return (
        f"INSERT INTO doodles ({','.join(COLUMNS)}) VALUES {','.join([row] * num_rows)} "  # noqa: S608  # our names
        "ON CONFLICT DO NOTHING RETURNING id"
    )


def _hashes_of(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Look up what is stored under ids, in the partitions they lie in and no other."""
    places = connection.execute(select(doodle_ids).where(doodle_ids.c.id.in_(ids))).all()
    known = select(doodles.c.id, doodles.c.content_hash).where(_is_at(places))
    return {row.id: bytes(row.content_hash) for row in connection.execute(known)}


def _is_at(places: Sequence[Row[Any]]) -> ColumnElement[bool]:
    # As constants, not as a join: the planner leaves the other partitions out before it looks at them.
    return and_(
        doodles.c.id.in_({place.id for place in places}),
        doodles.c.source.in_({place.source for place in places}),
        doodles.c.created_at.in_({place.created_at for place in places}),
    )


def _tell_outcomes(sent: Sequence[Sent], written: _Written) -> list[StoreOutcome]:
    """
    Tell of each doodle whether it is stored now or was before.

    Raises:
        DoodleConflictError: something else stands under its id.
    """
    known = dict(written.hashes)
    outcomes: list[StoreOutcome] = []
    for index, each in enumerate(sent):
        is_new = each.id in written.stored and each.id not in known
        # An id that is known while its doodle is not was dropped with its month: it has been stored.
        if known.setdefault(each.id, each.digest) != each.digest:
            raise DoodleConflictError(
                f"Doodle {each.id} is stored already, with other content; send this one under a new id.",
                field=f"doodles[{index}].id",
            )
        outcomes.append("stored" if is_new else "already_stored")
    return outcomes


def _store_or_refuse(connection: Connection, sent: Sequence[Sent]) -> list[StoreOutcome] | DoodleConflictError:
    written = _insert(connection, sent)
    try:
        return _tell_outcomes(sent, written)
    except DoodleConflictError as conflict:
        _take_back(connection, written.stored)
        return conflict


def _take_back(connection: Connection, ids: Iterable[UUID]) -> None:
    """Delete what this transaction has stored; nobody has seen it, and nobody can store the same before its end."""
    connection.execute(delete(doodles).where(doodles.c.id.in_(ids), doodles.c.created_at == func.now()))


def correct_label(connection: Connection, doodle_id: UUID, label: str, contributor: bytes) -> None:
    """
    Let a contributor say what a doodle really shows; training sees it anew, and so does the next screening.

    Args:
        connection: with an open transaction.
        doodle_id: the doodle.
        label: checked at the door.
        contributor: who asks; only their own doodles change.

    Raises:
        UnknownDoodleError: there is none of that id, or it is somebody else's.
        DoodleReviewedError: an operator has decided what it shows.
    """
    # Reviews and screenings take these two locks in the same order; where there is no screening, the doodle's is all.
    connection.execute(select(screenings.c.doodle).where(screenings.c.doodle == doodle_id).with_for_update())
    places = connection.execute(select(doodle_ids).where(doodle_ids.c.id == doodle_id)).all()
    theirs = and_(_is_at(places), doodles.c.contributor == contributor)
    known = select(doodles.c.label).where(theirs).with_for_update()
    if (stored := connection.execute(known).scalar()) is None:
        raise UnknownDoodleError(field="id")
    if stored != label and _is_reviewed(connection, doodle_id):
        raise DoodleReviewedError("An operator has decided what this doodle shows; draw another one.", field="id")
    connection.execute(
        update(doodles).where(theirs, doodles.c.label != label).values(label=label, recorded_xid=CURRENT_TRANSACTION)
    )


def _is_reviewed(connection: Connection, doodle_id: UUID) -> bool:
    """Tell whether an operator's decision stands; none is made meanwhile by whoever has locked the doodle."""
    standing = select(screenings.c.review).where(screenings.c.doodle == doodle_id)
    return connection.execute(standing).scalar() is not None
