"""Pixels that hang together."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model_server.photo.windows import Integers, Mask


class Components(NamedTuple):
    """
    The components of a mask, over all 8 neighbours; one entry each, in row-major order of their first pixels.

    Attributes:
        rows, columns: of the mask's pixels, int64, shape (pixels,).
        owner: which component each of these pixels belongs to, int64, shape (pixels,).
        num: how many components there are.
    """

    rows: Integers
    columns: Integers
    owner: Integers
    num: int

    def add(self, values: Integers | NDArray[np.bool]) -> Integers:
        """Add up each component's values, given for each pixel."""
        sums = np.zeros(self.num, np.int64)
        np.add.at(sums, self.owner, values.astype(np.int64))
        return sums

    def find_largest(self, values: Integers) -> Integers:
        """Give the largest of each component's values, given for each pixel; none is negative."""
        largest = np.zeros(self.num, np.int64)
        np.maximum.at(largest, self.owner, values)
        return largest

    def measure_boxes(self) -> "Boxes":
        """Measure each component's box."""
        far = np.iinfo(np.int64).max
        left, top = np.full(self.num, far), np.full(self.num, far)
        np.minimum.at(left, self.owner, self.columns)
        np.minimum.at(top, self.owner, self.rows)
        return Boxes(left, self.find_largest(self.columns), top, self.find_largest(self.rows))

    def draw(self, chosen: NDArray[np.bool], shape: tuple[int, ...]) -> Mask:
        """Make a mask of some of the components."""
        mask: Mask = np.zeros(shape, np.bool)
        mask[self.rows, self.columns] = chosen[self.owner]
        return mask


class Boxes(NamedTuple):
    """First and last columns and rows, int64, shape (components,)."""

    left: Integers
    right: Integers
    top: Integers
    bottom: Integers

    @property
    def extent(self) -> Integers:
        """The longer side of each, in pixels."""
        extent: Integers = np.maximum(self.right - self.left, self.bottom - self.top) + 1
        return extent


def find_components(mask: Mask) -> Components:
    """Find the components of a mask: runs of its rows, joined where those of two rows touch."""
    width = mask.shape[1]
    steps = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    row, first = np.nonzero(steps == 1)
    end = np.nonzero(steps == -1)[1]
    # Row by row on one axis, with gaps wide enough that runs of different rows never touch by chance.
    begins, ends = row * (width + 4) + first, row * (width + 4) + end
    below = np.searchsorted(ends, begins + width + 4, "left")
    num_below = np.maximum(np.searchsorted(begins, ends + width + 4, "right") - below, 0)
    above = np.repeat(np.arange(len(row)), num_below)
    joined = join(len(row), above, spread(below, num_below))
    owner = np.unique(joined, return_inverse=True)[1] if len(row) else joined
    length = end - first
    return Components(
        np.repeat(row, length), spread(first, length), np.repeat(owner, length), int(owner.max(initial=-1)) + 1
    )


def spread(first: Integers, num: Integers) -> Integers:
    """Count up from each first, so many numbers each, one after the other."""
    return np.arange(num.sum()) + np.repeat(first - (num.cumsum() - num), num)


def join(num: int, one: Integers, other: Integers) -> Integers:
    """
    Join things that are connected, directly or over others.

    Args:
        num: of things.
        one, other: the things at both ends of each connection.

    Returns:
        for each thing the smallest one that it is connected with.
    """
    root = np.arange(num)
    while True:
        smaller = np.minimum(root[one], root[other])
        if np.array_equal(root[one], root[other]):
            return root
        np.minimum.at(root, root[one], smaller)
        np.minimum.at(root, root[other], smaller)
        root = _follow(root)


def _follow(root: Integers) -> Integers:
    """Go from each thing to its root's root until nothing changes."""
    while not np.array_equal(further := root[root], root):
        root = further
    return root
