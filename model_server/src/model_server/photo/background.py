"""How much darker than the paper behind it each pixel is (step 4 of docs/decisions/0049-photos.md)."""

from typing import NamedTuple

import numpy as np

from model_server.photo.windows import Grey, Integers, close

MIN_LEVEL = 64
"""Darker paper counts as this light: deep in the shadow, differences are noise."""


class Ground(NamedTuple):
    """
    A picture and the paper behind its ink; all of shape (height, width).

    Attributes:
        grey: uint8; 0 ink, 255 paper.
        level: int64, 0..255, how light the paper would be if nothing were drawn on it.
        darkness: int64; 0 paper, 255 full ink.
    """

    grey: Grey
    level: Integers
    darkness: Integers


def find_ground(grey: Grey) -> Ground:
    """
    Tell ink from paper where light falls unevenly: whatever is narrower than a twelfth or so of the picture is ink.

    Args:
        grey: uint8, shape (height, width); 0 ink, 255 paper.
    """
    level = close(grey, max(grey.shape) // 12 + 2).astype(np.int64)
    return Ground(grey, level, measure_darkness(grey, level))


def measure_darkness(grey: Grey, level: Integers | int) -> Integers:
    """Give how much darker than a level pixels are, 255 for black on paper; negative if they are lighter."""
    return (level - grey.astype(np.int64)) * 255 // np.maximum(level, MIN_LEVEL)
