"""Which doodles a run reads: the new ones, replay of older ones, and the holdouts; straight into arrays."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, SmallInteger, Text, and_, cast, func, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from doodle_db.binary_rows import read_drawings
from doodle_db.doodles import Source
from doodle_db.label_sets import LabelSet
from doodle_db.new_doodles import Recorded, is_after, is_new
from doodle_db.screenings import is_in_use
from doodle_db.splits import Split
from doodle_db.tables import doodles

FIRST_UUID = UUID(int=0)


@dataclass(frozen=True)
class LabelledBitmaps:
    """
    Drawings ready for a network.

    Attributes:
        bitmaps: uint8, shape (batch, height, width); 0 paper, 255 full ink; read-only.
        labels: int64, shape (batch,); index into the label set's names.
    """

    bitmaps: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


def count_new(connection: Connection, watermark: int, *, at_most: int, before: int | None = None) -> int:
    """
    Count the accepted train-split user doodles recorded since a watermark.

    Args:
        connection: any.
        watermark: see doodle_db.watermark.
        at_most: stop counting there, so that the time does not grow with the table.
        before: leave out what was recorded in this transaction or a later one; None counts up to the newest.
    """
    rule = is_new(watermark) if before is None else and_(is_new(watermark), doodles.c.recorded_xid < before)
    new = select(doodles.c.id).where(rule).limit(at_most).subquery()
    return int(connection.execute(select(func.count()).select_from(new)).scalar_one())


def select_new(
    connection: Connection,
    label_set: LabelSet,
    watermark_from: int,
    watermark_to: int,
    last_too_old: Recorded | None = None,
) -> LabelledBitmaps:
    """
    Read the new doodles of a run, in the order of ids.

    Args:
        connection: any.
        label_set: doodles of other labels or shapes are left out.
        watermark_from: recorded at or after this transaction.
        watermark_to: recorded before this one; a horizon (doodle_db.watermark).
        last_too_old: recorded after this doodle; see doodle_db.new_doodles.
    """
    between = and_(is_new(watermark_from), doodles.c.recorded_xid < watermark_to)
    rule = and_(between, is_after(last_too_old), _fits(label_set))
    return _read(connection, label_set, _drawings(label_set).where(rule).order_by(doodles.c.id))


def select_replay(
    connection: Connection,
    label_set: LabelSet,
    watermark_from: int,
    num_per_label: int,
    pivot: UUID,
    source: Source | None = None,
) -> LabelledBitmaps:
    """
    Read a sample of what earlier versions were trained on: base data and older doodles, every label alike.

    Ids are random, so the stretch that follows a random id is a random sample, found through the index.

    Args:
        connection: any.
        label_set: which labels and shape.
        watermark_from: user doodles recorded at or after it are new, not replay.
        num_per_label: at most this many of each label.
        pivot: a random id, from the run's seed.
        source: only base data, or only users' doodles; None: both.
    """
    old = and_(
        doodles.c.status == "accepted",
        doodles.c.split == "train",
        or_(doodles.c.source == "base", doodles.c.recorded_xid < watermark_from),
        _fits(label_set),
        doodles.c.source == source if source else true(),
    )
    parts: list[LabelledBitmaps] = []
    for name in label_set.names:
        of_label = _drawings(label_set).where(old, doodles.c.label == name).order_by(doodles.c.id)
        found = _read(connection, label_set, of_label.where(doodles.c.id >= pivot).limit(num_per_label))
        wrapped = of_label.where(doodles.c.id < pivot).limit(num_per_label - len(found))
        parts += [found, _read(connection, label_set, wrapped)] if len(found) < num_per_label else [found]
    return LabelledBitmaps(
        np.concatenate([part.bitmaps for part in parts]), np.concatenate([part.labels for part in parts])
    )


MAX_COUNTED = 10_000
"""Counting a label's drawings stops there: nobody decides anything by a larger number."""


def count_of_label(connection: Connection, label_set: LabelSet, name: str, split: Split, before: int) -> int:
    """
    Count a label's accepted drawings, users' and base data, up to MAX_COUNTED.

    Args:
        connection: any.
        label_set: the shape of a drawing.
        name: of the label.
        split: which of them.
        before: recorded before this transaction; a horizon (doodle_db.watermark).
    """
    of_label = select(doodles.c.id).where(_is_of_label(label_set, name, split), doodles.c.recorded_xid < before)
    counted = select(func.count()).select_from(of_label.limit(MAX_COUNTED).subquery())
    return int(connection.execute(counted).scalar_one())


def select_of_label(
    connection: Connection, label_set: LabelSet, name: str, at_most: int, before: int
) -> LabelledBitmaps:
    """
    Read a label's drawings of the train split, whenever they came: for a run that learns a label no version knows.

    Args:
        connection: any.
        label_set: the candidate's, in which the label has its index.
        name: of the label.
        at_most: how many; ids are random, so those with the smallest are a random sample.
        before: recorded before this transaction; a horizon (doodle_db.watermark).
    """
    rule = and_(_is_of_label(label_set, name, "train"), doodles.c.recorded_xid < before)
    return _read(connection, label_set, _drawings(label_set).where(rule).order_by(doodles.c.id).limit(at_most))


def select_held_out_of_label(
    connection: Connection, label_set: LabelSet, name: str, at_most: int, before: int
) -> LabelledBitmaps:
    """
    Read a label's held-out drawings: users' newest first, then, while there are too few, base data.

    Args:
        connection: any.
        label_set: the candidate's, in which the label has its index.
        name: of the label.
        at_most: how many.
        before: recorded before this transaction, so that it has been screened; a horizon (doodle_db.watermark).
    """
    users_first = (doodles.c.source.desc(), doodles.c.created_at.desc(), doodles.c.id)
    of_label = _drawings(label_set).where(_is_of_label(label_set, name, "test"), doodles.c.recorded_xid < before)
    return _read(connection, label_set, of_label.order_by(*users_first).limit(at_most))


def _is_of_label(label_set: LabelSet, name: str, split: Split) -> ColumnElement[bool]:
    of_label = and_(doodles.c.label == name, doodles.c.split == split, _fits(label_set))
    return and_(of_label, doodles.c.status == "accepted", is_in_use())


def select_holdout(
    connection: Connection, label_set: LabelSet, source: Source, at_most: int, before: int | None = None
) -> LabelledBitmaps:
    """
    Read drawings no version has trained on: of users the newest, of base data a random sample, always the same.

    Args:
        connection: any.
        label_set: which labels and shape.
        source: whose drawings.
        at_most: how many.
        before: leave out what was recorded in this transaction or a later one: no run has screened it; None: nothing.
    """
    held_out = _drawings(label_set).where(_is_held_out(label_set, source, before))
    return _read(connection, label_set, held_out.order_by(*_holdout_order(source)).limit(at_most))


def count_fresh(
    connection: Connection,
    label_set: LabelSet,
    source: Source,
    at_most: int,
    watermark: int,
    before: int | None = None,
) -> int:
    """
    Count the drawings of a holdout that were recorded since a watermark: no verdict before it was made on them.

    Args:
        connection: any.
        label_set, source, at_most, before: as select_holdout was asked.
        watermark: see doodle_db.watermark.
    """
    rule = _is_held_out(label_set, source, before)
    recorded = select(doodles.c.recorded_xid).where(rule).order_by(*_holdout_order(source))
    holdout = recorded.limit(at_most).subquery()
    fresh = select(func.count()).select_from(holdout).where(holdout.c.recorded_xid >= watermark)
    return int(connection.execute(fresh).scalar_one())


def _is_held_out(label_set: LabelSet, source: Source, before: int | None) -> ColumnElement[bool]:
    rule = and_(doodles.c.source == source, doodles.c.split == "test", doodles.c.status == "accepted", _fits(label_set))
    return rule if before is None else and_(rule, doodles.c.recorded_xid < before)


def _holdout_order(source: Source) -> tuple[ColumnElement[Any], ...]:
    """Order a holdout, of which the first are read: what came last of base data is of the label imported last."""
    # Ids are random, so the smallest are a random sample: every label's share is what it is of all base data.
    return (doodles.c.id,) if source == "base" else (doodles.c.created_at.desc(), doodles.c.id)


def _fits(label_set: LabelSet) -> ColumnElement[bool]:
    return and_(
        doodles.c.label.in_(label_set.names),
        doodles.c.height == label_set.height,
        doodles.c.width == label_set.width,
        is_in_use(),
    )


def _drawings(label_set: LabelSet) -> "Select[tuple[int, bytes]]":
    names = cast(label_set.names, ARRAY(Text))
    return select(cast(func.array_position(names, doodles.c.label) - 1, SmallInteger), doodles.c.bitmap)


def _read(connection: Connection, label_set: LabelSet, statement: "Select[tuple[int, bytes]]") -> LabelledBitmaps:
    return LabelledBitmaps(*read_drawings(connection, statement, label_set.height, label_set.width))
