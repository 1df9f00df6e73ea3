"""
Changes that leave a drawing what it is, and one that does not: what must, or must not, matter to a model.

Each takes and gives bitmaps: uint8, shape (num_rows, height, width), 0 paper, 255 full ink. What comes in is paper.
"""

from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

Bitmaps = NDArray[np.uint8]


def move(bitmaps: Bitmaps, right_px: int, down_px: int) -> Bitmaps:
    """Shift by whole pixels."""
    _, height, width = bitmaps.shape
    room = max(abs(right_px), abs(down_px))
    padded = np.pad(bitmaps, ((0, 0), (room, room), (room, room)))
    return padded[:, room - down_px : room - down_px + height, room - right_px : room - right_px + width]


def mirror(bitmaps: Bitmaps) -> Bitmaps:
    """Flip left to right."""
    return np.ascontiguousarray(bitmaps[:, :, ::-1])


def thicken(bitmaps: Bitmaps, share: float) -> Bitmaps:
    """Use a broader pen: ink spreads one pixel down and to the right, at a share of its strength."""
    spread = np.maximum.reduce([bitmaps, move(bitmaps, 1, 0), move(bitmaps, 0, 1), move(bitmaps, 1, 1)])
    return blend(bitmaps, spread, share)


def thin(bitmaps: Bitmaps, share: float) -> Bitmaps:
    """Use a finer pen: ink fades, by a share, where it has no ink beside and above it."""
    left = np.minimum.reduce([bitmaps, move(bitmaps, 1, 0), move(bitmaps, 0, 1), move(bitmaps, 1, 1)])
    return blend(bitmaps, left, share)


def fade(bitmaps: Bitmaps, share: float) -> Bitmaps:
    """Press less: all ink loses a share of its strength."""
    return blend(bitmaps, np.zeros_like(bitmaps), share)


def blend(before: Bitmaps, after: Bitmaps, share: float) -> Bitmaps:
    """Go a share of the way from one drawing to another."""
    return np.round((1 - share) * before + share * after).astype(np.uint8)


def turn(bitmaps: Bitmaps, degrees: float, size: float = 1.0) -> Bitmaps:
    """Rotate about the middle, clockwise, and draw at a share of the size; pixels are interpolated between four."""
    _, height, width = bitmaps.shape
    down, right = np.mgrid[:height, :width].astype(np.float64)
    down, right = (down - (height - 1) / 2) / size, (right - (width - 1) / 2) / size
    angle = radians(degrees)
    old_right = cos(angle) * right + sin(angle) * down + (width - 1) / 2
    old_down = cos(angle) * down - sin(angle) * right + (height - 1) / 2
    return _sample(bitmaps, old_down, old_right)


def resize(bitmaps: Bitmaps, size: float) -> Bitmaps:
    """Draw at a share of the size."""
    return turn(bitmaps, 0.0, size)


def _sample(bitmaps: Bitmaps, down: NDArray[np.float64], right: NDArray[np.float64]) -> Bitmaps:
    """Read between pixels: down, right are float64 (height, width), in pixels of the old drawing."""
    _, height, width = bitmaps.shape
    padded = np.pad(bitmaps, ((0, 0), (1, 1), (1, 1))).astype(np.float64)
    down, right = np.clip(down, -1, height) + 1, np.clip(right, -1, width) + 1
    top, left = np.minimum(down.astype(int), height), np.minimum(right.astype(int), width)
    below, beside = down - top, right - left
    upper = (1 - beside) * padded[:, top, left] + beside * padded[:, top, left + 1]
    lower = (1 - beside) * padded[:, top + 1, left] + beside * padded[:, top + 1, left + 1]
    return np.asarray(np.round((1 - below) * upper + below * lower), np.uint8)


def erase_half(bitmaps: Bitmaps) -> Bitmaps:
    """Leave only the upper half of the ink: what is left is less of what it was."""
    ink = bitmaps.sum(axis=(1, 2), dtype=np.int64)[:, np.newaxis]
    above = np.cumsum(bitmaps.sum(axis=2, dtype=np.int64), axis=1)
    return np.where((above <= ink / 2)[:, :, np.newaxis], bitmaps, np.uint8(0))


def scribble(bitmaps: Bitmaps, num_lines: int, seed: int) -> Bitmaps:
    """Draw straight lines across everything, from edge to edge."""
    random = np.random.default_rng(seed)
    _, height, width = bitmaps.shape
    scribbled = bitmaps.copy()
    for row in scribbled:
        for start, end in random.uniform(0, 1, (num_lines, 2)):
            places = np.linspace(0, 1, 2 * height)
            across = np.round((start + (end - start) * places) * (width - 1)).astype(int)
            row[np.round(places * (height - 1)).astype(int), across] = 255
    return scribbled
