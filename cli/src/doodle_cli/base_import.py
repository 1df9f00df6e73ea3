"""Base data into the database: in batches, any number of times."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine, select

from doodle_db.base_data import BaseDrawings, read_base_batches
from doodle_db.doodles import Doodle, store_doodles
from doodle_db.label_sets import LabelSet
from doodle_db.tables import doodle_ids


@dataclass(frozen=True)
class ImportedLabel:
    """
    What became of one label's drawings.

    Attributes:
        label: its name.
        num_drawings: that were read, each counted once.
        num_stored: that were not in the database before.
    """

    label: str
    num_drawings: int = 0
    num_stored: int = 0


def import_base_data(
    engine: Engine,
    place: Path,
    label_set: LabelSet,
    *,
    recognized_only: bool = False,
    report: Callable[[int], None] = lambda _num_read: None,
) -> list[ImportedLabel]:
    """
    Store base drawings, some in each transaction; an import that was cut off is completed by the next.

    Args:
        engine: a migrated database.
        place: a file or folder of base data; see doodle_db.base_sources.
        label_set: which labels, and the shape of a drawing.
        recognized_only: leave out what Quick, Draw!'s own network did not recognise; for ndjson.
        report: told, after every transaction, how many drawings have been read.

    Returns:
        What became of each label's, in the label set's order.

    Raises:
        NotFoundError: nothing is there, or a folder of <label>.npy lacks a label's; what came before it is stored.
        InvalidError: a file is not what it should be; what came before the fault is stored.
    """
    imported = {label: ImportedLabel(label) for label in label_set.names}
    for batch in read_base_batches(place, label_set, recognized_only=recognized_only):
        so_far = imported[batch.label]
        imported[batch.label] = replace(
            so_far,
            num_drawings=so_far.num_drawings + len(batch.ids),
            num_stored=so_far.num_stored + _store(engine, batch),
        )
        report(sum(each.num_drawings for each in imported.values()))
    return list(imported.values())


def _store(engine: Engine, batch: BaseDrawings) -> int:
    """Store what is new; a drawing that is known stays as it is, even if one file tells its strokes and another not."""
    height, width = batch.bitmaps.shape[1:]
    with engine.begin() as connection:
        known = set(connection.scalars(select(doodle_ids.c.id).where(doodle_ids.c.id.in_(batch.ids))))
        new = [
            Doodle(doodle_id, batch.label, bitmap.tobytes(), height, width, strokes, source="base")
            for doodle_id, bitmap, strokes in zip(batch.ids, batch.bitmaps, batch.strokes, strict=True)
            if doodle_id not in known
        ]
        return store_doodles(connection, new).count("stored")
