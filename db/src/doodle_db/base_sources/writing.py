"""Drawings into files of one format: bitmaps and labels in all of them, strokes and ids where the format has them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

from doodle_db.base_sources.array_files import ArrayWriter
from doodle_db.base_sources.drawings import Drawings
from doodle_db.base_sources.ndjson import format_line
from doodle_db.base_sources.places import Format
from doodle_db.base_sources.tfrecord import write_tfrecord
from doodle_db.errors import ConflictError, InvalidError, NotFoundError
from doodle_db.label_sets import LabelSet

ROWS_PER_SHARD = 50_000
"""45 MB of 28 x 28: TensorFlow's guide advises files of tens of megabytes at least, and several per reader."""


def write_dataset(
    batches: Iterator[Drawings], folder: Path, form: Format, label_set: LabelSet, rows_per_shard: int = ROWS_PER_SHARD
) -> int:
    """
    Write drawings into a new folder, which gets its name when all are in it.

    Args:
        batches: the drawings, in order; repeated and blank ones stay.
        folder: where to; must not be there.
        form: the format. npy and npz hold bitmaps and labels, ndjson strokes and labels, tfrecord all that is known.
        label_set: of the drawings.
        rows_per_shard: drawings in a file of TFRecords.

    Returns:
        How many drawings.

    Raises:
        ConflictError: the folder is there.
        NotFoundError: there are no drawings.
        InvalidError: a drawing lacks what the format needs.
    """
    writers: dict[Format, Callable[[Iterator[Drawings], Path], int]] = {
        "npy": partial(_write_npy, label_set=label_set),
        "npz": partial(_write_npz, label_set=label_set),
        "ndjson": _write_ndjson,
        "tfrecord": partial(write_tfrecord, rows_per_shard=rows_per_shard),
    }
    if folder.exists():
        raise ConflictError(f"{folder} is there already; name a new folder, or remove it first.")
    aside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        num_rows = writers[form](batches, aside)
        if not num_rows:
            raise NotFoundError(f"There is no drawing of {', '.join(label_set.names)} to write.")
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return num_rows


def _write_npy(batches: Iterator[Drawings], folder: Path, label_set: LabelSet) -> int:
    """A file a label, also for one without drawings: whoever reads the folder expects it."""
    num_rows = 0
    with ExitStack() as files:
        writers = {
            name: ArrayWriter(
                files.enter_context((folder / f"{name}.npy").open("wb")),
                np.dtype(np.uint8),
                (label_set.height * label_set.width,),
            )
            for name in label_set.names
        }
        for batch in batches:
            labels = np.array(batch.labels, dtype=object)
            for name in dict.fromkeys(batch.labels):
                writers[name].write(batch.bitmaps[labels == name])
            num_rows += len(batch)
        for writer in writers.values():
            writer.finish()
    return num_rows


def _write_npz(batches: Iterator[Drawings], folder: Path, label_set: LabelSet) -> int:
    """x and y, beside each other until all rows are known, then packed; names that are numbers become integers."""
    is_numbers = all(name.isdigit() and str(int(name)) == name for name in label_set.names)
    label_type = np.dtype(np.int64) if is_numbers else np.array(label_set.names).dtype
    num_rows = 0
    with (folder / "x.npy").open("wb") as x_file, (folder / "y.npy").open("wb") as y_file:
        bitmaps = ArrayWriter(x_file, np.dtype(np.uint8), (label_set.height, label_set.width))
        labels = ArrayWriter(y_file, label_type, ())
        for batch in batches:
            bitmaps.write(batch.bitmaps)
            labels.write(np.array([int(name) for name in batch.labels] if is_numbers else batch.labels, label_type))
            num_rows += len(batch)
        bitmaps.finish()
        labels.finish()
    _pack(folder, ("x.npy", "y.npy"))
    return num_rows


def _pack(folder: Path, names: tuple[str, ...]) -> None:
    with ZipFile(folder / "drawings.npz", "w") as archive:
        for name in names:
            # Without the time of day, the same drawings are the same file.
            member = ZipInfo(name)
            member.compress_type = ZIP_DEFLATED
            with (folder / name).open("rb") as source, archive.open(member, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target)
            (folder / name).unlink()


def _write_ndjson(batches: Iterator[Drawings], folder: Path) -> int:
    num_rows = 0
    with (folder / "drawings.ndjson").open("w", encoding="utf-8") as file:
        for batch in batches:
            for label, strokes in zip(batch.labels, batch.strokes, strict=True):
                num_rows += 1
                if strokes is None:
                    raise InvalidError(
                        f"Drawing {num_rows} ({label}) is known as a bitmap only, and ndjson holds strokes; "
                        "write npy, npz or tfrecord."
                    )
                file.write(format_line(label, strokes))
    return num_rows
