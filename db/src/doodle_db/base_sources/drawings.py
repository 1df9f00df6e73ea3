"""What every format gives: some drawings at a time, with their labels, and what else the file knows of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from doodle_db.errors import InvalidError
from doodle_db.ink import InkStrokes
from doodle_db.label_sets import LabelSet

ROWS_AT_ONCE = 2_000
"""Drawings in memory at a time, and in one transaction: 1.6 MB of 28 x 28, and nobody waits long for its end."""

INVERTED_BORDER = 200
"""Mean of the outermost pixels above which ink and paper must be the wrong way round: a drawing's border is paper."""


@dataclass(frozen=True)
class Drawings:
    """
    Some drawings, as a file holds them: neither blank ones nor repeated ones are left out yet.

    Attributes:
        labels: a label's name for each.
        bitmaps: uint8, shape (num_drawings, height, width); 0 paper, 255 full ink.
        strokes: what each was drawn from, where the file tells.
        ids: each one's id, where the file tells: only what was written from a database does.
    """

    labels: Sequence[str]
    bitmaps: NDArray[np.uint8]
    strokes: Sequence[InkStrokes | None]
    ids: Sequence[UUID | None]

    def __len__(self) -> int:
        return len(self.labels)


Reader = Callable[[Path, LabelSet], Iterator[Drawings]]
"""
Reads the drawings of a label set from a file or folder, in the file's order, ROWS_AT_ONCE at most at a time.

Drawings of other labels are left out. Raises NotFoundError for a file that is missing, and InvalidError, naming file
and row, line or record, for one that is not what it should be; nothing in a file is ever executed.
"""


def plain_drawings(labels: Sequence[str], bitmaps: NDArray[np.uint8]) -> Drawings:
    """
    Make drawings of which nothing else is known.

    Args:
        labels: a name for each.
        bitmaps: uint8, shape (num_drawings, height, width); 0 paper, 255 full ink.
    """
    nothing = (None,) * len(labels)
    return Drawings(labels, bitmaps, nothing, nothing)


def check_polarity(bitmaps: NDArray[np.uint8], where: str) -> None:
    """
    Refuse drawings whose border is ink: they are black on white, and would teach the opposite.

    Args:
        bitmaps: uint8, shape (num_drawings, height, width).
        where: names them in the message.

    Raises:
        InvalidError: their outermost pixels are ink, on the whole.

    >>> check_polarity(np.zeros((1, 4, 4), np.uint8), "cat.npy")
    """
    if not len(bitmaps):
        return
    border = np.concatenate([bitmaps[:, (0, -1), :].ravel(), bitmaps[:, :, (0, -1)].ravel()])
    if border.mean() > INVERTED_BORDER:
        raise InvalidError(
            f"The drawings of {where} have ink along their borders; 0 is paper and 255 is ink. Store 255 - bitmap."
        )


def same_label(word: str) -> str:
    """
    Spell a label as one spelling: Quick, Draw! writes "alarm clock", its files also "alarm_clock".

    >>> same_label("Alarm clock") == same_label("alarm_clock")
    True
    """
    return word.lower().replace("_", " ")
