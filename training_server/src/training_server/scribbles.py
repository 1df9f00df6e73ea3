"""Scribbles: pen lines that mean nothing, to learn what is no drawing of anything; seeded, and nobody's."""

import numpy as np
from numpy.typing import NDArray

from doodle_db.ink import draw

SCRIBBLES_SHARE = 0.1
"""Scribbles added per drawing of something else (docs/decisions/0032)."""

MAX_STROKES = 5
POINTS_PER_ARC = 8
SIDE = 100.0
"""Of the paper; the ink has no unit."""


def make_scribbles(num: int, seed: int, height: int, width: int) -> NDArray[np.uint8]:
    """
    Draw scribbles: one to five strokes, each of one to six arcs that bend anywhere.

    Args:
        num: how many, 0 or more.
        seed: of every choice.
        height, width: of the bitmaps, in pixels.

    Returns:
        uint8, shape (num, height, width); 0 paper, 255 full ink.

    >>> make_scribbles(2, seed=1, height=28, width=28).shape
    (2, 28, 28)
    """
    random = np.random.default_rng(seed)
    bitmaps = np.zeros((num, height, width), np.uint8)
    for index in range(num):
        strokes = [_bend(random) for _ in range(random.integers(1, MAX_STROKES + 1))]
        bitmaps[index] = draw(strokes, height, width)[1]
    return bitmaps


def add_scribbles(drawings: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """
    Put scribbles behind drawings of other things: what is known is to be told from both.

    Args:
        drawings: uint8, shape (num_drawings, height, width); 0 paper, 255 full ink.
        seed: of the scribbles.

    Returns:
        uint8, shape (num_drawings + a tenth, height, width).
    """
    num, (height, width) = round(SCRIBBLES_SHARE * len(drawings)), drawings.shape[1:]
    return np.concatenate([drawings, make_scribbles(num, seed, height, width)])


def _bend(random: np.random.Generator) -> list[tuple[float, float]]:
    """Make a stroke of quadratic Bézier arcs, which go over into each other at the middles between their bends."""
    bends = random.uniform(0, SIDE, (random.integers(3, 9), 2))
    # A stroke is small or large, and lies anywhere.
    bends = bends * random.uniform(0.2, 1.0) + random.uniform(0, 0.5 * SIDE, 2)
    ends = (bends[1:] + bends[:-1]) / 2
    time = np.linspace(0, 1, POINTS_PER_ARC)[:, np.newaxis]
    arcs = [
        (1 - time) ** 2 * start + 2 * time * (1 - time) * bend + time**2 * end
        for start, bend, end in zip(ends[:-1], bends[1:-1], ends[1:], strict=True)
    ]
    return [(float(x), float(y)) for x, y in np.concatenate(arcs)]
