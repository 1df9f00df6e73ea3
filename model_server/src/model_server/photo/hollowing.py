"""Filled shapes become rings as broad as a line (step 10 of docs/decisions/0049-photos.md)."""

from typing import NamedTuple

import numpy as np

from model_server.photo.thresholds import find_median
from model_server.photo.windows import Integers, Mask


class Hollowed(NamedTuple):
    """
    A drawing without the inside of what is filled.

    Attributes:
        mask: bool, shape (height, width).
        radius: px; no pixel lies deeper in the ink.
    """

    mask: Mask
    radius: int


def hollow(mask: Mask) -> Hollowed:
    """Take away what lies much deeper in the ink than most of it does; people draw outlines."""
    limit = max(4, max(mask.shape) // 8)
    depth = _measure_depth(mask, limit + 1)
    typical = find_median(np.bincount(depth[mask]))
    radius = min(max(4, 5 * typical // 2), limit)
    return Hollowed(mask & (depth <= radius), radius)


def _measure_depth(mask: Mask, num_rounds: int) -> Integers:
    """Count how often each pixel of the ink survives that its rim is taken away, plus one."""
    depth = mask.astype(np.int64)
    left = mask
    for number in range(num_rounds):
        left = _erode(left, is_square=number % 2 == 1)
        if not left.any():
            break
        depth += left
    return depth


def _erode(mask: Mask, *, is_square: bool) -> Mask:
    """Keep pixels whose 4 neighbours, or all 8, are in the mask; in turns, that is nearly round."""
    padded = np.pad(mask, 1)
    across = padded[:, :-2] & padded[:, 1:-1] & padded[:, 2:]
    if is_square:
        return across[:-2] & across[1:-1] & across[2:]
    return across[1:-1] & padded[:-2, 1:-1] & padded[2:, 1:-1]
