"""The doodles: stored once, never lost, told apart by the client's id."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from doodle_db.errors import DoodleConflictError, UnknownDoodleError
from doodle_db.splits import split_of
from doodle_db.tables import CURRENT_TRANSACTION, doodles

Source = Literal["user", "base"]
Status = Literal["accepted", "quarantined", "rejected"]
StoreOutcome = Literal["stored", "already_stored"]

# Compiled once; SQLAlchemy puts as many rows into one INSERT as PostgreSQL takes parameters.
_INSERT = insert(doodles).on_conflict_do_nothing().returning(doodles.c.id)


@dataclass(frozen=True)
class Doodle:
    """
    A drawing with its label, as it is stored.

    Attributes:
        id: made by the client; base drawings get theirs from doodle_db.base_data.
        label: what it shows, says its contributor.
        bitmap: height x width bytes, row-major, 0 paper, 255 full ink: the very one the model saw.
        height, width: of the bitmap, in pixels.
        strokes: what the bitmap was drawn from, as [[xs], [ys]] of 0..255 a stroke, if known.
        guess, confidence: the model's top label and its probability in [0, 1], if there was a model.
        model_version: the version that guessed.
        contributor: 16 bytes, a keyed hash; None for base data.
        source: where it comes from.
    """

    id: UUID
    label: str
    bitmap: bytes
    height: int
    width: int
    strokes: Sequence[Sequence[Sequence[int]]] | None = None
    guess: str | None = None
    confidence: float | None = None
    model_version: str | None = None
    contributor: bytes | None = None
    source: Source = "user"


def content_hash(doodle: Doodle) -> bytes:
    """
    Sum up what the client sent, without who sent it: the same drawing sent again from another network is the same.

    Returns:
        32 bytes, SHA-256.
    """
    said = [doodle.label, doodle.height, doodle.width, doodle.strokes]
    guessed = [doodle.guess, doodle.confidence, doodle.model_version]
    digest = hashlib.sha256(json.dumps([said, guessed], separators=(",", ":")).encode())
    digest.update(doodle.bitmap)
    return digest.digest()


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
    hashes = [content_hash(doodle) for doodle in batch]
    rows = [_row(doodle, digest) for doodle, digest in zip(batch, hashes, strict=True)]
    # In the order of ids, so that two batches with the same doodles wait for each other instead of locking up.
    rows.sort(key=lambda row: row["id"].bytes)
    inserted = connection.execute(_INSERT, rows).scalars() if rows else ()
    stored = set(inserted)
    known = _known_hashes(connection, rows, stored)
    outcomes: list[StoreOutcome] = []
    for index, (doodle, digest) in enumerate(zip(batch, hashes, strict=True)):
        if known[doodle.id] != digest:
            raise DoodleConflictError(
                f"Doodle {doodle.id} is stored already, with other content; send this one under a new id.",
                field=f"doodles[{index}].id",
            )
        outcomes.append("stored" if doodle.id in stored else "already_stored")
        stored.discard(doodle.id)
    return outcomes


def _row(doodle: Doodle, digest: bytes) -> dict[str, Any]:
    return {
        "id": doodle.id,
        "label": doodle.label,
        "bitmap": doodle.bitmap,
        "height": doodle.height,
        "width": doodle.width,
        "strokes": doodle.strokes,
        "guess": doodle.guess,
        "confidence": doodle.confidence,
        "model_version": doodle.model_version,
        "split": split_of(doodle.id),
        "source": doodle.source,
        "contributor": doodle.contributor,
        "content_hash": digest,
    }


def _known_hashes(connection: Connection, rows: Sequence[dict[str, Any]], stored: set[UUID]) -> dict[UUID, bytes]:
    """Give the hash that stands in the table for each row; only rows that were not inserted have to be looked up."""
    known: dict[UUID, bytes] = {}
    for row in rows:
        if row["id"] in stored:
            # Of two with one id in one batch the first was inserted: the sort above keeps their order.
            known.setdefault(row["id"], row["content_hash"])
    missing = {row["id"] for row in rows} - stored
    return known | _hashes_of(connection, missing) if missing else known


def _hashes_of(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, bytes]:
    found = connection.execute(select(doodles.c.id, doodles.c.content_hash).where(doodles.c.id.in_(ids)))
    return {row.id: bytes(row.content_hash) for row in found}


def correct_label(connection: Connection, doodle_id: UUID, label: str, contributor: bytes) -> None:
    """
    Let a contributor say what a doodle really shows; training sees it anew.

    Args:
        connection: with an open transaction.
        doodle_id: the doodle.
        label: checked at the door.
        contributor: who asks; only their own doodles change.

    Raises:
        UnknownDoodleError: there is none of that id, or it is somebody else's.
    """
    theirs = (doodles.c.id == doodle_id) & (doodles.c.contributor == contributor)
    changed = connection.execute(
        update(doodles).where(theirs, doodles.c.label != label).values(label=label, recorded_xid=CURRENT_TRANSACTION)
    )
    if changed.rowcount == 0 and connection.execute(select(doodles.c.id).where(theirs)).first() is None:
        raise UnknownDoodleError(field="id")


def count_by_label(connection: Connection) -> dict[str, int]:
    """Count the accepted user doodles of every label."""
    statement = (
        select(doodles.c.label, func.count())
        .where(doodles.c.source == "user", doodles.c.status == "accepted")
        .group_by(doodles.c.label)
        .order_by(doodles.c.label)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}
