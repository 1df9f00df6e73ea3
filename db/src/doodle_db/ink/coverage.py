"""
How much of each pixel a polygon covers, to the very value that cairo finds.

A pixel row is cut into sub-rows, and on each the polygon is a few spans from one edge to another. Where nothing happens
within a pixel row - no edge begins or ends there, none crosses another - cairo does not look at the sub-rows one by one
but takes the edges' areas as they are; such a row is called calm.
"""

import numpy as np
from numpy.typing import NDArray

from doodle_db.ink.edges import SUB_ROWS, Edges, Integers, make_edges
from doodle_db.ink.placing import SUBPIXELS, Subpixel

Crossings = tuple[Integers, Integers, Integers]
"""Where spans begin and end: pixel row, x in half subpixels, +1 where a span begins and -1 where it ends."""

MAX_SAMPLES = 2**18
"""Edges times sub-rows that are looked at together, in less than 100 MB. More are taken in bands of rows."""


def cover(corners: list[Subpixel], height: int, width: int) -> Integers:
    """
    Measure how much of each pixel lies inside a polygon.

    Args:
        corners: of a closed polygon within the bitmap; inside is whatever it winds around.
        height: in pixels.
        width: in pixels.

    Returns:
        int64, shape (height, width); 0 nothing, 255 all of it.
    """
    edges = make_edges(corners)
    num_bands = min(height, 1 + int((edges.end - edges.first).sum()) // MAX_SAMPLES)
    bands = np.array_split(np.arange(height), num_bands)
    area = np.concatenate([_measure_area(edges, band[0], band[-1] + 1, width) for band in bands])
    # 15 sub-rows of 512 half subpixels to 255, in cairo's rounding.
    return (area * 17 + 256) // 512


def _measure_area(edges: Edges, top: int, bottom: int, width: int) -> Integers:
    """Measure the area covered in the pixels of some rows, top <= row < bottom, in sub-rows times half subpixels."""
    edges = edges.take((edges.first < bottom * SUB_ROWS) & (edges.end > top * SUB_ROWS))
    first, end = (np.clip(each, top * SUB_ROWS, bottom * SUB_ROWS) for each in (edges.first, edges.end))
    in_rows, rows = _spread(edges, first // SUB_ROWS, -(-end // SUB_ROWS))
    samples, sub_rows = _spread(edges, first, end)
    calm = _find_calm_rows(edges, in_rows, rows)
    growth = np.zeros((bottom - top, width + 1), np.int64)
    for row, x, sign in (_cross_busy_rows(samples, sub_rows, calm), _cross_calm_rows(in_rows, rows, calm)):
        pixel, rest = np.divmod(x, 2 * SUBPIXELS)
        # Right of a span's beginning all pixels are covered; the one it begins in only from there on.
        np.add.at(growth, (row - top, pixel), sign * (2 * SUBPIXELS - rest))
        np.add.at(growth, (row - top, pixel + 1), sign * rest)
    return growth.cumsum(axis=1)[:, :width]


def _spread(edges: Edges, first: Integers, end: Integers) -> tuple[Edges, Integers]:
    """Repeat each edge for each row from its first to before its end; give the rows, too."""
    num = end - first
    index = np.repeat(np.arange(len(num)), num)
    return edges.take(index), np.arange(len(index)) - (num.cumsum() - num - first)[index]


def _find_calm_rows(edges: Edges, in_rows: Edges, rows: Integers) -> NDArray[np.bool]:
    """Tell of each pixel row down to the last edge's whether no edge begins, ends or crosses another within it."""
    calm = np.ones(edges.end.max(initial=0) // SUB_ROWS + 1, np.bool)
    for sub_row in (edges.first, edges.end):
        calm[(sub_row // SUB_ROWS)[sub_row % SUB_ROWS > 0]] = False
    order, bottom = _sort_in_rows(in_rows, rows)
    has_crossed = (np.diff(rows[order]) == 0) & (np.diff(bottom[order]) < 0)
    calm[rows[order][1:][has_crossed]] = False
    return calm


def _sort_in_rows(in_rows: Edges, rows: Integers) -> tuple[NDArray[np.intp], Integers]:
    """Sort edges by row and from left to right; also give their x at the row's bottom."""
    top, bottom = (in_rows.rounded_x(2 * SUB_ROWS * row) for row in (rows, rows + 1))
    return np.lexsort((in_rows.direction, bottom, top, rows)), bottom


def _cross_busy_rows(samples: Edges, sub_rows: Integers, calm: NDArray[np.bool]) -> Crossings:
    """Find the spans on every sub-row that is not in a calm row."""
    busy = ~calm[sub_rows // SUB_ROWS]
    samples, sub_rows = samples.take(busy), sub_rows[busy]
    x = samples.rounded_x(2 * sub_rows + 1)
    order = np.lexsort((x, sub_rows))
    borders, sign = _find_borders(samples.direction[order])
    crossed = order[borders]
    return sub_rows[crossed] // SUB_ROWS, 2 * x[crossed], sign


def _cross_calm_rows(in_rows: Edges, rows: Integers, calm: NDArray[np.bool]) -> Crossings:
    """
    Spread the edges' areas over the columns they pass in calm rows.

    Cairo gives each column a whole number of sub-rows: the one in which the edge leaves it, too. There the edge counts
    as upright, in the middle of its way through the column.
    """
    in_rows, rows = in_rows.take(calm[rows]), rows[calm[rows]]
    order, _ = _sort_in_rows(in_rows, rows)
    borders, sign = _find_borders(in_rows.direction[order])
    edges, rows = in_rows.take(order[borders]), rows[order[borders]]

    top, bottom = (edges.scaled_x(2 * SUB_ROWS * row) + _skew(edges) for row in (rows, rows + 1))
    left, right = np.minimum(top, bottom), np.maximum(top, bottom)
    steps = np.arange(1, SUB_ROWS + 1)[:, np.newaxis]
    reached = SUB_ROWS * left + (right - left) * steps
    column = -(-reached // (SUB_ROWS * SUBPIXELS * edges.scale)) - 1
    entered = np.maximum(column * SUBPIXELS, left // edges.scale)
    departed = np.minimum((column + 1) * SUBPIXELS, right // edges.scale)
    rows, x, sign = np.broadcast_arrays(rows, entered + departed, sign)
    return rows, x, sign


def _skew(edges: Edges) -> Integers:
    """
    Give the half subpixel (times scale) by which cairo displaces edges in calm rows.

    It steps half a sub-row back from the first sample, and halves the whole part of the slope without its remainder.
    """
    whole = np.sign(edges.run) * (np.abs(edges.run) * 2 * SUBPIXELS // edges.scale)
    return np.fmod(whole, 2) * edges.scale // 2


def _find_borders(direction: Integers) -> tuple[NDArray[np.intp], Integers]:
    """
    Find where spans begin and end among crossings that are sorted from left to right, row after row.

    Returns:
        the crossings' indices, and +1 where a span begins, -1 where it ends.
    """
    after = direction.cumsum()
    before = after - direction
    borders = np.flatnonzero((before == 0) | (after == 0))
    return borders, np.where(before[borders] == 0, 1, -1)
