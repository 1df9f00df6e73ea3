"""From which darkness on a pixel is ink (step 6 of docs/decisions/0049-photos.md)."""

from typing import NamedTuple

import numpy as np

from model_server.photo.errors import NoInkError
from model_server.photo.windows import Integers


class Thresholds(NamedTuple):
    """
    Darknesses, 0..255.

    Attributes:
        low: ink, if it hangs together with something darker.
        high: ink for certain.
        typical: of this picture's ink.
    """

    low: int
    high: int
    typical: int


def find_thresholds(darkness: Integers) -> Thresholds:
    """
    Find what is ink by how dark the darkest part is and how restless the paper.

    Args:
        darkness: int64, shape (height, width), 0..255.

    Raises:
        NoInkError: nothing is darker than paper is anyway.
    """
    counts = np.bincount(darkness.ravel(), minlength=256)
    floor = 3 * find_median(counts) + 20
    values = np.arange(256)
    counts[values < floor] = 0
    if not counts.any():
        raise NoInkError
    typical = int((counts * values**3).sum() // (counts * values**2).sum())
    return Thresholds(max(floor, 35 * typical // 100), max(floor, 50 * typical // 100), typical)


def find_median(counts: Integers) -> int:
    """Find the smallest value that at least half of the values do not exceed, given how often each occurs."""
    return int((2 * counts.cumsum() >= counts.sum()).argmax())
