"""The pen that cairo draws round lines with: no circle, but a polygon of twelve vertices."""

from math import floor
from typing import NamedTuple

from doodle_db.ink.placing import BOX_SIDE, SUBPIXELS, Subpixel

LINE_WIDTH = 16
"""Diameter of the pen, in units of the box. Source: Quick, Draw!'s recipe, docs/decisions/0003-ink.md."""

NUM_VERTICES = 12
"""What cairo takes for this radius at 28 x 28 and its tolerance of 0.1 px; we keep it at every size."""

HALF_ROOT_3 = 0.8660254037844386

COSINES = (1, HALF_ROOT_3, 0.5, 0, -0.5, -HALF_ROOT_3, -1, -HALF_ROOT_3, -0.5, 0, 0.5, HALF_ROOT_3)
"""Of every twelfth of a turn; written down, because no standard says how a language rounds a cosine."""


class Pen(NamedTuple):
    """
    A pen for bitmaps of one size.

    Attributes:
        radius: in subpixels.
        vertices: from its middle, clockwise as seen on the screen.
        sides: side k is the way from vertex k - 1 to vertex k.
    """

    radius: float
    vertices: list[Subpixel]
    sides: list[Subpixel]


def make_pen(height: int, width: int) -> Pen:
    """
    Make the pen for bitmaps of one size.

    Args:
        height: in pixels.
        width: in pixels.
    """
    radius = LINE_WIDTH / 2 * SUBPIXELS * min(height, width) / BOX_SIDE
    vertices = [(floor(radius * COSINES[k] + 0.5), floor(radius * COSINES[k - 3] + 0.5)) for k in range(NUM_VERTICES)]
    sides = [(x - vertices[k - 1][0], y - vertices[k - 1][1]) for k, (x, y) in enumerate(vertices)]
    return Pen(radius, vertices, sides)
