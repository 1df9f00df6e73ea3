"""Base data into the database: in batches, any number of times."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from doodle_db.base_data import BaseDrawings, read_base_data
from doodle_db.doodles import Doodle, store_doodles
from doodle_db.label_sets import LabelSet

BATCH_SIZE = 2_000
"""Drawings per transaction: each is short, so that no run has to wait for its end to see what is new."""


@dataclass(frozen=True)
class ImportedLabel:
    """
    What became of one label's drawings.

    Attributes:
        label: its name.
        num_drawings: in the file, each counted once.
        num_stored: that were not in the database before.
    """

    label: str
    num_drawings: int
    num_stored: int


def import_base_data(engine: Engine, folder: Path, label_set: LabelSet) -> Iterator[ImportedLabel]:
    """
    Store base drawings, label by label; an import that was cut off is completed by the next.

    Args:
        engine: a migrated database.
        folder: holds one `<label>.npy` per label.
        label_set: which labels, and the shape of a drawing.

    Raises:
        NotFoundError: a label has no file.
        InvalidError: a file is not what it should be.
    """
    for drawings in read_base_data(folder, label_set):
        batches = range(0, len(drawings.ids), BATCH_SIZE)
        num_stored = sum(_store(engine, drawings, slice(start, start + BATCH_SIZE)) for start in batches)
        yield ImportedLabel(drawings.label, len(drawings.ids), num_stored)


def _store(engine: Engine, drawings: BaseDrawings, part: slice) -> int:
    height, width = drawings.bitmaps.shape[1:]
    batch = [
        Doodle(doodle_id, drawings.label, bitmap.tobytes(), height, width, source="base")
        for doodle_id, bitmap in zip(drawings.ids[part], drawings.bitmaps[part], strict=True)
    ]
    with engine.begin() as connection:
        return store_doodles(connection, batch).count("stored")
