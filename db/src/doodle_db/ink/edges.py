"""A polygon's edges, as the scan converter reads them: from top to bottom, sampled on sub-rows."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from doodle_db.ink.placing import SUBPIXELS, Subpixel

Integers = NDArray[np.int64]

SUB_ROWS = 15
"""Sub-rows of a pixel row; each is sampled along its middle. Source: cairo, cairo-tor-scan-converter.c."""


class Edges(NamedTuple):
    """
    Edges of a polygon; every attribute is an int64 array of shape (edges,).

    Attributes:
        direction: +1 when the polygon runs down the edge, -1 when it runs up.
        first, end: the sub-rows it crosses, first <= sub-row < end.
        run, rise: from its upper to its lower end, in subpixels; rise > 0.
        origin: see `scaled_x`.
    """

    direction: Integers
    first: Integers
    end: Integers
    run: Integers
    rise: Integers
    origin: Integers

    def take(self, index: NDArray[np.intp] | NDArray[np.bool]) -> "Edges":
        """Give some of the edges, or some of them more than once."""
        return Edges(*(column[index] for column in self))

    @property
    def scale(self) -> Integers:
        """What `scaled_x` is to be divided by."""
        return 2 * SUB_ROWS * self.rise

    def scaled_x(self, half_sub_row: Integers) -> Integers:
        """Give x in subpixels, times `scale` to keep it whole, so many halves of a sub-row below the bitmap's top."""
        return self.origin + SUBPIXELS * half_sub_row * self.run

    def rounded_x(self, half_sub_row: Integers) -> Integers:
        """Give x in whole subpixels."""
        return (2 * self.scaled_x(half_sub_row) + self.scale) // (2 * self.scale)


def make_edges(corners: list[Subpixel]) -> Edges:
    """
    Take a closed polygon apart.

    Args:
        corners: in order; the last one leads back to the first.

    Returns:
        the edges that cross the middle of a sub-row at least.
    """
    ends = np.array(corners, np.int64)
    starts = np.roll(ends, 1, axis=0)
    goes_up = ends[:, 1] < starts[:, 1]
    x, y = np.where(goes_up, ends.T, starts.T)
    run, rise = np.where(goes_up, -1, 1) * (ends - starts).T
    first, end = (SUB_ROWS * np.array([y, y + rise]) + SUBPIXELS // 2) // SUBPIXELS
    edges = Edges(np.where(goes_up, -1, 1), first, end, run, rise, 2 * SUB_ROWS * (x * rise - y * run))
    return edges.take(first < end)
