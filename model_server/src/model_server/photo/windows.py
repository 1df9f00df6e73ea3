"""What lies around each pixel: sums and extremes over square windows, as far as they lie in the picture."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Grey = NDArray[np.uint8]
Mask = NDArray[np.bool]


def average(grey: Grey, radius: int) -> Integers:
    """
    Average over the window around each pixel, rounded down.

    Args:
        grey: uint8, shape (height, width).
        radius: in pixels; the window has 2 * radius + 1 columns and rows.

    Returns:
        int64, shape (height, width).
    """
    sums = np.zeros((grey.shape[0] + 1, grey.shape[1] + 1), np.int64)
    sums[1:, 1:] = grey.cumsum(0, dtype=np.int64).cumsum(1)
    (top, bottom), (left, right) = (_find_ends(length, radius) for length in grey.shape)
    inside = sums[bottom][:, right] - sums[top][:, right] - sums[bottom][:, left] + sums[top][:, left]
    return inside // ((bottom - top)[:, np.newaxis] * (right - left))


def close(grey: Grey, radius: int) -> Grey:
    """
    Fill what is dark and narrower than the window: the largest value around each pixel, and of these the smallest.

    Args:
        grey: uint8, shape (height, width).
        radius: in pixels; the window has 2 * radius + 1 columns and rows.
    """
    largest = _run(_run(grey, radius, np.maximum, 0).T, radius, np.maximum, 0)
    return _run(_run(largest, radius, np.minimum, 255).T, radius, np.minimum, 255)


def grow(mask: Mask, radius: int = 1) -> Mask:
    """Add to a mask what lies within so many rows and columns of it."""
    padded = np.pad(mask, radius)
    height, width = mask.shape
    rows = np.logical_or.reduce([padded[step : step + height] for step in range(2 * radius + 1)])
    grown: Mask = np.logical_or.reduce([rows[:, step : step + width] for step in range(2 * radius + 1)])
    return grown


def _find_ends(length: int, radius: int) -> tuple[Integers, Integers]:
    places = np.arange(length)
    return np.maximum(places - radius, 0), np.minimum(places + radius + 1, length)


def _run(grey: Grey, radius: int, pick: Callable[[Grey, Grey], Grey], nothing: int) -> Grey:
    """Pick among the 2 * radius + 1 values around each, down the columns; each step doubles the window."""
    height, window = grey.shape[0], 2 * radius + 1
    values = np.full((height + 2 * radius, grey.shape[1]), nothing, np.uint8)
    values[radius : radius + height] = grey
    span = 1
    while 2 * span <= window:
        values = pick(values[:-span], values[span:])
        span *= 2
    return pick(values[:height], values[window - span : window - span + height])
