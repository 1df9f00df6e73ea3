"""From thin lines to strokes (steps 12 to 14 of docs/decisions/0049-photos.md)."""

import numpy as np

from doodle_db.ink.limits import MAX_POINTS, MAX_STROKES
from model_server.photo.neighbours import Flat, flatten
from model_server.photo.windows import Mask

FIRST = (0, 2, 4, 6, 1, 3, 5, 7)
"""Where a walk turns first: straight neighbours before those across a corner."""

TURNS = (0, 1, -1, 2, -2, 3, -3, 4)
"""Where it goes on, in eighths of a turn from where it came: as straight as it can."""

Stroke = list[tuple[int, int]]
Walk = list[int]


def follow(skeleton: Mask, min_length: int) -> list[Stroke]:
    """
    Follow the lines of a skeleton.

    Args:
        skeleton: bool, shape (height, width); lines of one pixel.
        min_length: px; a branch that ends freely and is no longer is left out: thinning makes such spurs.

    Returns:
        strokes of (x, y) in fifths of a pixel, the longest first, within the limits of ink.
    """
    flat = flatten(skeleton)
    walks = [walk for walk in map(_Knot(flat, min_length).tie, _walk_all(flat)) if walk]
    walks.sort(key=len, reverse=True)
    return [_smooth(walk, flat.width) for walk in _limit(walks)]


def _walk_all(flat: Flat) -> list[Walk]:
    """Walk along all lines, from their ends first; every pixel is passed once."""
    pixels = np.flatnonzero(flat.pixels)
    num_neighbours = sum(flat.pixels[pixels + step] for step in flat.steps)
    left = bytearray(flat.pixels.tobytes())
    begins = [*pixels[num_neighbours <= 1].tolist(), *pixels.tolist()]
    return [_walk(begin, left, flat.steps) for begin in begins if left[begin]]


def _walk(pixel: int, left: bytearray, steps: tuple[int, ...]) -> Walk:
    """Walk from a pixel until there is nowhere to go; take what is passed out of what is left."""
    left[pixel] = 0
    walk = [pixel]
    order: tuple[int, ...] = FIRST
    while (direction := next((each for each in order if left[pixel + steps[each]]), None)) is not None:
        pixel += steps[direction]
        left[pixel] = 0
        walk.append(pixel)
        order = tuple((direction + turn) % 8 for turn in TURNS)
    return walk


class _Knot:
    """Ties walks to the lines they branch off from, and leaves out spurs."""

    def __init__(self, flat: Flat, min_length: int) -> None:
        self._lines = flat.pixels.tobytes()
        self._steps = flat.steps
        self._min_length = min_length

    def tie(self, walk: Walk) -> Walk:
        """Give the walk with the pixels it is tied to; nothing if it is left out."""
        before, after = self._find_hold(walk[0], walk), self._find_hold(walk[-1], walk)
        num_holds = len(before) + len(after)
        if num_holds == 0 and len(walk) > 3 and walk[-1] - walk[0] in self._steps:
            return [*walk, walk[0]]
        if (num_holds == 2 and len(walk) == 1) or (num_holds == 1 and len(walk) <= self._min_length):
            return []
        return before + walk + after

    def _find_hold(self, pixel: int, walk: Walk) -> Walk:
        """Find a neighbour on a line that is not the walk's own."""
        around = (pixel + self._steps[each] for each in FIRST)
        return next(([each] for each in around if self._lines[each] and each not in walk), [])


def _limit(walks: list[Walk]) -> list[Walk]:
    """Keep the first MAX_STROKES walks, and MAX_POINTS of their pixels."""
    limited, num_left = [], MAX_POINTS
    for walk in walks[:MAX_STROKES]:
        limited.append(walk[:num_left])
        num_left -= len(limited[-1])
    return [walk for walk in limited if walk]


def _smooth(walk: Walk, width: int) -> Stroke:
    """Add up each point and the two before and after it, fewer towards the ends: pixels' corners go."""
    rows, columns = np.divmod(np.array(walk), width)
    places = np.arange(len(walk))
    reach = np.minimum(np.minimum(places, places[::-1]), 2)
    near = [places + np.clip(step, -reach, reach) for step in range(-2, 3)]
    xs, ys = (sum(axis[each] for each in near) for axis in (columns, rows))
    return list(zip(xs.tolist(), ys.tolist(), strict=True))
