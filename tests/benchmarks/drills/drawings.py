"""Drawings as users send them: with an id that says their split, and somebody who drew them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from doodle_db.splits import Split, split_of
from doodle_db.training_sets import LabelledBitmaps


@dataclass(frozen=True)
class Drawings:
    """
    What came in, in the order it came.

    Attributes:
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.
        labels: int64, shape (num_rows,); what the contributor says; index into the house's label names.
        contributors: int64, shape (num_rows,); the same number is the same person.
        ids: one a row; they say the split.
    """

    bitmaps: NDArray[np.uint8]
    labels: NDArray[np.int64]
    contributors: NDArray[np.int64]
    ids: tuple[UUID, ...]

    def __len__(self) -> int:
        """Count the drawings."""
        return len(self.ids)

    def take(self, rows: NDArray[np.int64]) -> "Drawings":
        """Give these rows, in this order."""
        ids = tuple(self.ids[row] for row in rows.tolist())
        return Drawings(self.bitmaps[rows], self.labels[rows], self.contributors[rows], ids)

    def of_split(self, split: Split) -> LabelledBitmaps:
        """Give the rows of a split, by the rule that holds for every doodle."""
        rows = np.array([split_of(each) == split for each in self.ids], bool)
        return LabelledBitmaps(self.bitmaps[rows], self.labels[rows])


def join_drawings(parts: Sequence[Drawings]) -> Drawings:
    """Put drawings behind each other; at least one part."""
    return Drawings(
        np.concatenate([part.bitmaps for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.contributors for part in parts]),
        tuple(chain.from_iterable(part.ids for part in parts)),
    )


def send_in(
    training: LabelledBitmaps, test: LabelledBitmaps, contributors: Iterable[int], random: np.random.Generator
) -> Drawings:
    """
    Let people send drawings: those of the test part get ids of the test split, the others of the train split.

    So the parts stay what they are: a drawing that a base version has been trained on is never tested on.

    Args:
        training: drawings for the train split.
        test: drawings for the test split.
        contributors: who sends them, a number for each drawing, those for training first; more are ignored.
        random: of ids and order.
    """
    num_rows = len(training) + len(test)
    ids = [make_id("train", random) for _ in training.labels] + [make_id("test", random) for _ in test.labels]
    people = np.fromiter((who for who, _ in zip(contributors, ids, strict=False)), np.int64, count=num_rows)
    bitmaps = np.concatenate([training.bitmaps, test.bitmaps])
    sent = Drawings(bitmaps, np.concatenate([training.labels, test.labels]), people, tuple(ids))
    return sent.take(random.permutation(num_rows))


def make_id(split: Split, random: np.random.Generator) -> UUID:
    """Draw a doodle's id that falls into a split."""
    while True:
        drawn = UUID(bytes=random.bytes(16), version=4)
        if split_of(drawn) == split:
            return drawn
