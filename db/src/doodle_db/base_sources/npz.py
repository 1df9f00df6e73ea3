"""MNIST's npz: bitmaps `x…` and labels `y…` of one or several parts, `x_train` and `y_train` for instance."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from doodle_db.base_sources.array_files import ArrayFile, open_array, read_rows, require_bitmaps
from doodle_db.base_sources.drawings import ROWS_AT_ONCE, Drawings, plain_drawings
from doodle_db.errors import InvalidError
from doodle_db.label_sets import LabelSet

PARTS = ("", "_train", "_test")
"""Which belong together is not kept: our own split (doodle_db.splits) goes by what is drawn."""

MAX_UNPACKED_BYTES = 8 * 2**30
"""Ten million drawings of 28 x 28; an archive that says it holds more is none of drawings."""


def read_npz(path: Path, label_set: LabelSet) -> Iterator[Drawings]:
    """
    Read an archive part by part; see drawings.Reader.

    What is packed is unpacked as it is read, so that a small file cannot fill the memory.

    Args:
        path: holds `x` and `y`, or `x_train`, `y_train`, `x_test` and `y_test`. x: uint8, (n, height x width) or
            (n, height, width), 255 ink. y: (n,), the labels' names, as text or, where they are numbers, as integers.
        label_set: which labels, and the shape of a drawing.
    """
    with _readable(path), ZipFile(path) as archive:
        names = {name.removesuffix(".npy") for name in archive.namelist()}
        parts = [part for part in PARTS if f"x{part}" in names]
        lacking = [f"y{part}" for part in parts if f"y{part}" not in names]
        if not parts or lacking:
            raise InvalidError(
                f"{path.name} holds {sorted(names)[:8]}; x and y, or x_train, y_train, x_test and y_test were expected."
            )
        for part in parts:
            yield from _read_part(archive, path.name, part, label_set)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
        # zipfile says RuntimeError for a password.
        raise InvalidError(f"{path.name} is no sound npz ({fault}); fetch it again.") from fault


def _read_part(archive: ZipFile, name: str, part: str, label_set: LabelSet) -> Iterator[Drawings]:
    with archive.open(f"x{part}.npy") as bitmap_file, archive.open(f"y{part}.npy") as label_file:
        bitmaps = _open_member(archive, bitmap_file, f"{name}: x{part}")
        labels = _open_member(archive, label_file, f"{name}: y{part}")
        require_bitmaps(bitmaps, label_set.height, label_set.width)
        if labels.shape != bitmaps.shape[:1] or not _is_text_or_integer(labels.dtype):
            raise InvalidError(
                f"{labels.name} is {labels.dtype} {labels.shape}; the labels of {bitmaps.shape[0]} drawings were "
                "expected, as integers or as text."
            )
        for some, of_them in zip(read_rows(bitmaps, ROWS_AT_ONCE), read_rows(labels, ROWS_AT_ONCE), strict=True):
            yield _select(some.reshape(-1, label_set.height, label_set.width), of_them, label_set)
        # At its end, not before, zipfile compares the checksums.
        bitmap_file.read(1), label_file.read(1)


def _open_member(archive: ZipFile, member: Any, name: str) -> ArrayFile:
    size_bytes = archive.getinfo(member.name).file_size
    if size_bytes > MAX_UNPACKED_BYTES:
        raise InvalidError(f"{name} unpacks to {size_bytes} bytes; at most {MAX_UNPACKED_BYTES} are taken.")
    return open_array(member, name, size_bytes)


def _is_text_or_integer(dtype: np.dtype[Any]) -> bool:
    return dtype.kind in "iu" or (dtype.kind == "U" and dtype.itemsize <= 4 * 256)


def _select(bitmaps: NDArray[np.uint8], labels: NDArray[Any], label_set: LabelSet) -> Drawings:
    names = [str(label) for label in labels.tolist()]
    rows = [row for row, name in enumerate(names) if name in label_set.names]
    return plain_drawings([names[row] for row in rows], bitmaps[rows])
