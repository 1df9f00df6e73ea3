"""Scanned digits drawn again by our own pen: thinned to their middle line, and that line inked."""

import numpy as np
from numpy.typing import NDArray

from doodle_db.ink import draw

NEIGHBOURS = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
"""(row, column), clockwise from the one above."""

FORWARD = ((0, 1), (1, 0), (1, 1), (1, -1))
"""Each pair of neighbours once."""


def thin(inked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """
    Thin a picture's lines to one pixel.

    Args:
        inked: bool, shape (height, width), its outermost pixels False.

    Source: T. Y. Zhang and C. Y. Suen, "A fast parallel algorithm for thinning digital patterns", CACM 27, 1984.
    """
    while True:
        before = inked
        for first, second in (((0, 2, 4), (2, 4, 6)), ((0, 2, 6), (0, 4, 6))):
            around = np.stack([np.roll(inked, (-row, -column), (0, 1)) for row, column in NEIGHBOURS])
            num_inked = around.sum(axis=0)
            num_rises = (~around & np.roll(around, -1, axis=0)).sum(axis=0)
            loose = (num_inked >= 2) & (num_inked <= 6) & (num_rises == 1)
            loose &= ~around[list(first)].all(axis=0) & ~around[list(second)].all(axis=0)
            inked = inked & ~loose
        if (inked == before).all():
            return inked


def trace(bitmap: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """
    Draw a scanned digit with our pen, as large as the page would.

    Args:
        bitmap: uint8, shape (28, 28); 0 paper, 255 full ink.

    Returns:
        uint8, shape (height, width); 0 paper, 255 full ink.
    """
    line = thin(np.pad(bitmap > 100, 1))
    places = {(int(row), int(column)) for row, column in np.argwhere(line)}
    strokes = [
        [(float(column), float(row)), (float(column + right), float(row + down))]
        for row, column in sorted(places)
        for down, right in FORWARD
        if (row + down, column + right) in places
    ]
    dots = [[(float(column), float(row))] for row, column in sorted(places)[:1]]
    return draw(strokes or dots, height, width)[1]
