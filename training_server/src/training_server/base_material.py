"""Base drawings as pretraining wants them: by split, with their ids, and those of other things beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress
from pathlib import Path
from uuid import UUID

import numpy as np

from doodle_db.base_data import BaseDrawings, read_base_data
from doodle_db.errors import NotFoundError
from doodle_db.label_sets import Label, LabelSet
from doodle_db.splits import Split, split_of
from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import join


@dataclass(frozen=True)
class BaseRows:
    """
    Base drawings of one split.

    Attributes:
        rows: bitmaps and labels, label by label.
        ids: one per row.
    """

    rows: LabelledBitmaps
    ids: tuple[UUID, ...]

    def __len__(self) -> int:
        return len(self.ids)


def find_base_data(data: Path, label_set: LabelSet) -> Path:
    """Give the label set's folder in a folder of base data, or, where there is none, the place itself."""
    folder = data / label_set.base_data
    return folder if folder.is_dir() else data


def read_splits(place: Path, label_set: LabelSet) -> tuple[LabelledBitmaps, LabelledBitmaps]:
    """
    Read all base drawings of a label set.

    Returns:
        The train and the test split; see read_base_rows.
    """
    training, holdout = read_base_rows(place, label_set)
    return training.rows, holdout.rows


def read_base_rows(place: Path, label_set: LabelSet) -> tuple[BaseRows, BaseRows]:
    """
    Read all base drawings of a label set, with their ids.

    Args:
        place: a file or folder of base data; see doodle_db.base_sources.
        label_set: which labels, in order.

    Returns:
        The train and the test split, each label by label.

    Raises:
        NotFoundError: a label has no drawing.
    """
    drawings = list(read_base_data(place, label_set))
    return _select(drawings, "train"), _select(drawings, "test")


def read_background(place: Path, label_set: LabelSet, split: Split = "train") -> BaseRows:
    """
    Read the drawings of everything that is no label of a label set, one <category>.npy each.

    Args:
        place: a folder with the label set's base data and that of other categories.
        label_set: what is left out, and the shape of a drawing.
        split: "train", or "test" to measure on what no training has seen.

    Returns:
        Rows labelled by category, in alphabetical order: index into find_other_categories.

    Raises:
        NotFoundError: the folder has no other category.
    """
    others = tuple(Label(name, name, "") for name in find_other_categories(place, label_set))
    if not others:
        raise NotFoundError(
            f"{place} holds no drawings of other things; leave out the background, or add <category>.npy."
        )
    return _select(list(read_base_data(place, replace(label_set, labels=others))), split)


def add_other_categories(training: BaseRows, place: Path, label_set: LabelSet) -> LabelledBitmaps:
    """Put drawings of other categories behind those of the labels, if there are any; their labels follow the set's."""
    if not place.is_dir() or not find_other_categories(place, label_set):
        return training.rows
    others = read_background(place, label_set).rows
    return join(training.rows, LabelledBitmaps(others.bitmaps, others.labels + len(label_set.names)))


def find_other_categories(place: Path, label_set: LabelSet) -> tuple[str, ...]:
    """Name the categories of a folder of <category>.npy that are no label, in alphabetical order."""
    return tuple(sorted(file.stem for file in place.glob("*.npy") if file.stem not in label_set.names))


def _select(drawings: Sequence[BaseDrawings], split: Split) -> BaseRows:
    chosen = [np.array([split_of(each) == split for each in of_label.ids]) for of_label in drawings]
    rows = [
        LabelledBitmaps(of_label.bitmaps[kept], np.full(int(kept.sum()), label, np.int64))
        for label, (of_label, kept) in enumerate(zip(drawings, chosen, strict=True))
    ]
    ids = [list(compress(of_label.ids, kept)) for of_label, kept in zip(drawings, chosen, strict=True)]
    return BaseRows(join(*rows), tuple(chain.from_iterable(ids)))
