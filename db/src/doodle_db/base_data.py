"""Base data: trusted drawings from files; one id for one drawing, whatever file it stands in and whoever reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

import numpy as np
from numpy.typing import NDArray

from doodle_db.base_sources import Drawings, read_drawings
from doodle_db.base_sources.drawings import check_polarity
from doodle_db.errors import NotFoundError
from doodle_db.ink import InkStrokes
from doodle_db.label_sets import LabelSet

BASE_NAMESPACE = UUID("6c1f9f0e-6a55-5b57-9a53-1c1d6f0b7a11")
"""Ids of base drawings are uuid5 of this and their content, so that import and pretraining see the same split."""


@dataclass(frozen=True)
class BaseDrawings:
    """
    Base drawings of one label.

    Attributes:
        label: the label's name.
        ids: one per drawing, made from label and content, unless the file told another.
        bitmaps: uint8, shape (num_drawings, height, width); 0 paper, 255 full ink.
        strokes: what each was drawn from, if known.
    """

    label: str
    ids: tuple[UUID, ...]
    bitmaps: NDArray[np.uint8]
    strokes: tuple[InkStrokes | None, ...]


def base_id(label: str, bitmap: bytes) -> UUID:
    """
    Name a base drawing by its label and content.

    >>> base_id("cat", bytes(4)) == base_id("cat", bytes(4)) != base_id("dog", bytes(4))
    True
    """
    return uuid5(BASE_NAMESPACE, label + ":" + bitmap.hex())


def read_base_batches(place: Path, label_set: LabelSet, *, recognized_only: bool = False) -> Iterator[BaseDrawings]:
    """
    Read a label set's base drawings, some of a label at a time; no blank one, and none twice.

    Args:
        place: see doodle_db.base_sources.
        label_set: which labels, and the shape of a drawing.
        recognized_only: leave out what Quick, Draw!'s own network did not recognise; for ndjson.

    Raises:
        NotFoundError: nothing is there, a folder of <label>.npy lacks a label's, or no drawing has a label of the set.
        InvalidError: a file is not what it should be.
    """
    # 16 bytes each, not the drawings: a million take 100 MB.
    seen: set[bytes] = set()
    for drawings in read_drawings(place, label_set, recognized_only=recognized_only):
        check_polarity(drawings.bitmaps, str(place))
        rows_of: dict[str, list[int]] = {}
        for row, label in enumerate(drawings.labels):
            rows_of.setdefault(label, []).append(row)
        for label, rows in rows_of.items():
            yield _select_new(drawings, label, rows, seen)
    if not seen:
        raise NotFoundError(
            f"{place} holds no drawing of {', '.join(label_set.names)}; choose another label set or file."
        )


def read_base_data(place: Path, label_set: LabelSet, *, recognized_only: bool = False) -> Iterator[BaseDrawings]:
    """
    Read a label set's base drawings whole, label by label in the set's order, as training wants them.

    Args:
        place: see doodle_db.base_sources.
        label_set: which labels, and the shape of a drawing.
        recognized_only: leave out what Quick, Draw!'s own network did not recognise; for ndjson.

    Raises:
        NotFoundError: a label has no drawing.
        InvalidError: a file is not what it should be.
    """
    parts: dict[str, list[BaseDrawings]] = {label: [] for label in label_set.names}
    for part in read_base_batches(place, label_set, recognized_only=recognized_only):
        parts[part.label].append(part)
    for label in label_set.names:
        if not any(part.ids for part in parts[label]):
            raise NotFoundError(f"{place} holds no drawing of {label}; a network learns every label or none.")
        yield _join(parts.pop(label))


def _select_new(drawings: Drawings, label: str, rows: Sequence[int], seen: set[bytes]) -> BaseDrawings:
    """Give those of a label's rows that have ink and are not seen yet, and note them as seen."""
    new: dict[UUID, int] = {}
    for row in rows:
        bitmap = drawings.bitmaps[row]
        name = drawings.ids[row] or base_id(label, bitmap.tobytes())
        if bitmap.any() and name.bytes not in seen:
            seen.add(name.bytes)
            new[name] = row
    chosen = list(new.values())
    return BaseDrawings(label, tuple(new), drawings.bitmaps[chosen], tuple(drawings.strokes[row] for row in chosen))


def _join(parts: Sequence[BaseDrawings]) -> BaseDrawings:
    return BaseDrawings(
        parts[0].label,
        tuple(name for part in parts for name in part.ids),
        np.concatenate([part.bitmaps for part in parts]),
        tuple(strokes for part in parts for strokes in part.strokes),
    )
