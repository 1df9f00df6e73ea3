"""Base data: trusted drawings imported from files; one id for one drawing, whoever reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

import numpy as np
from numpy.typing import NDArray

from doodle_db.errors import InvalidError, NotFoundError
from doodle_db.label_sets import LabelSet

BASE_NAMESPACE = UUID("6c1f9f0e-6a55-5b57-9a53-1c1d6f0b7a11")
"""Ids of base drawings are uuid5 of this and their content, so that import and pretraining see the same split."""


@dataclass(frozen=True)
class BaseDrawings:
    """
    Base drawings of one label.

    Attributes:
        label: the label's name.
        ids: one per drawing, made from label and content.
        bitmaps: uint8, shape (num_drawings, height, width); 0 paper, 255 full ink.
    """

    label: str
    ids: tuple[UUID, ...]
    bitmaps: NDArray[np.uint8]


def base_id(label: str, bitmap: bytes) -> UUID:
    """
    Name a base drawing by its label and content.

    >>> base_id("cat", bytes(4)) == base_id("cat", bytes(4)) != base_id("dog", bytes(4))
    True
    """
    return uuid5(BASE_NAMESPACE, label + ":" + bitmap.hex())


def read_base_data(folder: Path, label_set: LabelSet) -> Iterator[BaseDrawings]:
    """
    Read a label set's base drawings, label by label; a drawing that stands there twice comes once.

    Args:
        folder: holds one `<label>.npy` per label: uint8, shape (n, height x width), 255 ink.
        label_set: which labels, and the shape of a drawing.

    Raises:
        NotFoundError: a label has no file.
        InvalidError: a file is not what is described above.
    """
    for label in label_set.names:
        path = folder / f"{label}.npy"
        if not path.is_file():
            raise NotFoundError(f"There is no {path.name} in the base data's folder; it holds one <label>.npy a label.")
        yield _drawings_of(label, _read_bitmaps(path, label_set))


def _read_bitmaps(path: Path, label_set: LabelSet) -> NDArray[np.uint8]:
    rows = np.load(path, allow_pickle=False)
    num_pixels = label_set.height * label_set.width
    if rows.dtype != np.uint8 or rows.ndim != 2 or rows.shape[1] != num_pixels:
        raise InvalidError(f"{path.name} is {rows.dtype} {rows.shape}; uint8 (n, {num_pixels}) was expected.")
    return np.asarray(rows[rows.any(axis=1)]).reshape(-1, label_set.height, label_set.width)


def _drawings_of(label: str, bitmaps: NDArray[np.uint8]) -> BaseDrawings:
    unique = {base_id(label, bitmap.tobytes()): index for index, bitmap in enumerate(bitmaps)}
    return BaseDrawings(label, tuple(unique), bitmaps[list(unique.values())])
