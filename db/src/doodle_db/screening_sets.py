"""What a screening reads: users' doodles to decide about, with whose they are, and base drawings to trust."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select

from doodle_db.label_sets import LabelSet
from doodle_db.new_doodles import MAX_NEW, NEWEST_FIRST, Recorded, is_after
from doodle_db.screenings import LookedAt, is_in_use
from doodle_db.tables import doodles, screenings
from doodle_db.training_sets import LabelledBitmaps


@dataclass(frozen=True)
class ScreenedDoodles:
    """
    Doodles to decide about, in the order in which they came.

    Attributes:
        seen: which they are, as they are now.
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.
        labels: int64, shape (num_rows,); index into the label set's names.
        contributors: int64, shape (num_rows,); numbers that tell contributors apart, not negative.
        is_test: bool, shape (num_rows,).
        is_reviewed: bool, shape (num_rows,); True where an operator has accepted it.
    """

    seen: tuple[LookedAt, ...]
    bitmaps: NDArray[np.uint8]
    labels: NDArray[np.int64]
    contributors: NDArray[np.int64]
    is_test: NDArray[np.bool_]
    is_reviewed: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.seen)

    def take(self, rows: slice) -> "ScreenedDoodles":
        """Give some of them, in the same order."""
        return ScreenedDoodles(
            self.seen[rows],
            self.bitmaps[rows],
            self.labels[rows],
            self.contributors[rows],
            self.is_test[rows],
            self.is_reviewed[rows],
        )


_COLUMNS = (
    doodles.c.id,
    doodles.c.created_at,
    doodles.c.recorded_xid,
    doodles.c.label,
    doodles.c.bitmap,
    doodles.c.contributor,
    doodles.c.split,
)


def select_unscreened(
    connection: Connection,
    label_set: LabelSet,
    watermark_from: int,
    watermark_to: int,
    num_recent: int,
    last_too_old: Recorded | None = None,
) -> ScreenedDoodles:
    """
    Read what a run would train and be judged on if nothing were screened out, what waits for a reviewer included.

    Args:
        connection: in one transaction of its own, REPEATABLE READ.
        label_set: doodles of other labels or shapes are left out.
        watermark_from, watermark_to: the run's; doodles of the train split recorded between them.
        num_recent: how many of the newest of the test split.
        last_too_old: those of the train split were recorded after this doodle; see doodle_db.new_doodles.
    """
    fits = and_(
        doodles.c.source == "user",
        doodles.c.label.in_(label_set.names),
        doodles.c.height == label_set.height,
        doodles.c.width == label_set.width,
    )
    new = and_(
        doodles.c.split == "train",
        doodles.c.recorded_xid >= watermark_from,
        doodles.c.recorded_xid < watermark_to,
        is_after(last_too_old),
    )
    recent = and_(doodles.c.split == "test", doodles.c.recorded_xid < watermark_to)
    rows: dict[UUID, Row[Any]] = {}
    for statement in (
        _accepted(fits, new),
        # What waits for a reviewer is no longer counted as new, so this bounds it; the rest goes on waiting.
        _open(fits, new).order_by(*NEWEST_FIRST).limit(MAX_NEW),
        _accepted(fits, recent).order_by(doodles.c.created_at.desc(), doodles.c.id).limit(num_recent),
        _open(fits, recent).order_by(doodles.c.created_at.desc(), doodles.c.id).limit(num_recent),
    ):
        rows.update((row.id, row) for row in connection.execute(statement))
    in_order = sorted(rows.values(), key=lambda row: (row.created_at, row.id))
    return _to_arrays(in_order, label_set)


def _accepted(*rules: ColumnElement[bool]) -> "Select[Any]":
    with_reviews = doodles.outerjoin(screenings, screenings.c.doodle == doodles.c.id)
    is_reviewed = screenings.c.review.is_not(None).label("is_reviewed")
    return select(*_COLUMNS, is_reviewed).select_from(with_reviews).where(*rules, doodles.c.status == "accepted")


def _open(*rules: ColumnElement[bool]) -> "Select[Any]":
    """Find what is in quarantine by the decisions, of which there are few, not by the doodles."""
    here = and_(screenings.c.doodle == doodles.c.id, screenings.c.created_at == doodles.c.created_at)
    is_open = and_(screenings.c.outcome == "quarantined", screenings.c.review.is_(None))
    return (
        select(*_COLUMNS, screenings.c.review.is_not(None).label("is_reviewed"))
        .select_from(screenings.join(doodles, here))
        .where(*rules, is_open, doodles.c.status == "quarantined")
    )


def _to_arrays(rows: Sequence[Row[Any]], label_set: LabelSet) -> ScreenedDoodles:
    index_of = {name: index for index, name in enumerate(label_set.names)}
    number_of: dict[bytes, int] = {}
    numbers = [number_of.setdefault(bytes(row.contributor), len(number_of)) for row in rows]
    pixels = np.frombuffer(b"".join(bytes(row.bitmap) for row in rows), np.uint8)
    return ScreenedDoodles(
        tuple(LookedAt(row.id, row.created_at, row.recorded_xid) for row in rows),
        pixels.reshape(len(rows), label_set.height, label_set.width),
        np.array([index_of[row.label] for row in rows], np.int64),
        np.array(numbers, np.int64),
        np.array([row.split == "test" for row in rows], bool),
        np.array([row.is_reviewed for row in rows], bool),
    )


def select_trusted(
    connection: Connection, label_set: LabelSet, watermark_from: int, num_per_label: int
) -> LabelledBitmaps:
    """
    Read drawings whose labels are trusted: base data of the train split, the same at every run; where a label has too
    little of it, what the live version has learnt from users.

    Args:
        connection: any.
        label_set: which labels and shape.
        watermark_from: user doodles recorded before it are what the live version has learnt.
        num_per_label: at most this many of each label.
    """
    fits = (
        doodles.c.status == "accepted",
        doodles.c.split == "train",
        doodles.c.height == label_set.height,
        doodles.c.width == label_set.width,
    )
    learnt = and_(doodles.c.source == "user", doodles.c.recorded_xid < watermark_from, is_in_use())
    bitmaps: list[bytes] = []
    labels: list[int] = []
    for index, name in enumerate(label_set.names):
        of_label = select(doodles.c.bitmap).where(*fits, doodles.c.label == name).order_by(doodles.c.id)
        found: list[bytes] = []
        for rule in (doodles.c.source == "base", learnt):
            num_missing = num_per_label - len(found)
            found += connection.execute(of_label.where(rule).limit(num_missing)).scalars() if num_missing else []
        bitmaps += map(bytes, found)
        labels += [index] * len(found)
    pixels = np.frombuffer(b"".join(bitmaps), np.uint8)
    return LabelledBitmaps(pixels.reshape(len(labels), label_set.height, label_set.width), np.array(labels, np.int64))
