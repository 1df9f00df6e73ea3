"""
Ways in which people come to draw otherwise than the base data: what a live model has yet to learn.

Each changes a bitmap: uint8, shape (height, width), 0 paper, 255 full ink. Strokes do not survive the change.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from doodle_db.doodles import Doodle

Bitmap = NDArray[np.uint8]


def draw_thinner(bitmap: Bitmap) -> Bitmap:
    """Use a finer pen: ink stays where the neighbours to the right and below are inked too."""
    padded = np.pad(bitmap, ((0, 1), (0, 1)))
    return np.asarray(np.minimum.reduce([bitmap, padded[:-1, 1:], padded[1:, :-1]]))


def hold_upside_down(bitmap: Bitmap) -> Bitmap:
    """Turn the pad by a half."""
    return np.rot90(bitmap, 2)


def take_up(habit: Callable[[Bitmap], Bitmap], doodles: list[Doodle]) -> list[Doodle]:
    """Let every doodle have been drawn so; one that vanishes by it is left out."""
    changed = [_redraw(doodle, habit) for doodle in doodles]
    return [doodle for doodle in changed if any(doodle.bitmap)]


def _redraw(doodle: Doodle, habit: Callable[[Bitmap], Bitmap]) -> Doodle:
    bitmap = habit(np.frombuffer(doodle.bitmap, np.uint8).reshape(doodle.height, doodle.width))
    return replace(doodle, bitmap=bitmap.tobytes(), height=bitmap.shape[0], width=bitmap.shape[1], strokes=None)
