"""The drawing alone, and large enough to be followed (step 9 of docs/decisions/0049-photos.md)."""

import numpy as np

from model_server.photo.thresholds import Thresholds
from model_server.photo.windows import Integers, Mask, grow

MIN_SIDE = 192
"""px; a drawing of 28 px, enlarged to this, keeps the small loops that are only greyer than their rim."""


def cut_out(darkness: Integers, mask: Mask, thresholds: Thresholds) -> Mask:
    """
    Cut a picture to its drawing; enlarge it, between its pixels, if it is small.

    Args:
        darkness: int64, shape (height, width), 0..255.
        mask: which pixels are the drawing's; one at least.
        thresholds: of this darkness.

    Returns:
        bool; its longer side is MIN_SIDE or more, unless nothing would be left of so faint a drawing.
    """
    (top, bottom), (left, right) = (_find_ends(mask, axis) for axis in (1, 0))
    cut = mask[top:bottom, left:right]
    times = -(-MIN_SIDE // max(cut.shape))
    if times == 1:
        return cut
    near = np.pad(np.where(grow(mask), darkness, 0), 1)[top : bottom + 2, left : right + 2]
    enlarged = _enlarge(_enlarge(near, times).T, times).T
    share = 65 if times >= 4 else 50
    half = max(thresholds.low, share * thresholds.typical // 100)
    ink: Mask = enlarged >= 4 * times * times * half
    return ink if ink.any() else cut


def _find_ends(mask: Mask, axis: int) -> tuple[int, int]:
    places = np.flatnonzero(mask.any(axis=axis))
    return int(places[0]), int(places[-1]) + 1


def _enlarge(values: Integers, times: int) -> Integers:
    """Put `times` rows in place of each, linear between the rows' middles, and 2 * times as large."""
    num = len(values)
    first, weight = np.divmod(2 * np.arange(num * times) + 1 - times, 2 * times)
    above, below = (values[np.clip(row, 0, num - 1)] for row in (first, first + 1))
    enlarged: Integers = above * (2 * times - weight)[:, np.newaxis] + below * weight[:, np.newaxis]
    return enlarged
