"""Fewer points for the same line: Ramer-Douglas-Peucker, exact because it is done in integers."""

import numpy as np
from numpy.typing import NDArray

from doodle_db.ink.strokes import InkStroke, InkStrokes

EPSILON = 2
"""How far from the line a point may lie and be left out, in units of the box; Quick, Draw!'s own choice."""


def simplify(ink: InkStrokes) -> InkStrokes:
    """
    Leave out the points that hardly bend their stroke.

    Args:
        ink: strokes in the box.

    Returns:
        as many strokes, each with its first and last point; no point twice in a row.

    >>> simplify([[[0, 50, 100, 100], [0, 1, 0, 90]]])
    [[[0, 100, 100], [0, 0, 90]]]
    """
    return [_simplify_stroke(stroke) for stroke in ink]


def _simplify_stroke(stroke: InkStroke) -> InkStroke:
    points = np.array(stroke, np.int64)
    kept = np.zeros(points.shape[1], np.bool)
    kept[[0, -1]] = True
    spans = [(0, len(kept) - 1)]
    while spans:
        first, last = spans.pop()
        corner = _find_corner(points[:, first : last + 1])
        if corner:
            kept[first + corner] = True
            spans += [(first, first + corner), (first + corner, last)]
    xs, ys = _without_repeats(points[:, kept])
    return [xs.tolist(), ys.tolist()]


def _find_corner(points: NDArray[np.int64]) -> int:
    """
    Find the point furthest from the straight line between the first and the last.

    Args:
        points: int64, shape (2, points): xs and ys.

    Returns:
        its index, the first of equals; 0 when all lie within EPSILON of the line.
    """
    (chord_x, chord_y), (x, y) = points[:, -1] - points[:, 0], points - points[:, :1]
    square = chord_x * chord_x + chord_y * chord_y
    along = x * chord_x + y * chord_y
    across = x * chord_y - y * chord_x
    past_x, past_y = x - chord_x, y - chord_y
    # Squared distances times the chord's squared length: beyond an end it is the distance to the end that counts.
    distances = np.where(
        along <= 0,
        (x * x + y * y) * max(square, 1),
        np.where(along >= square, (past_x * past_x + past_y * past_y) * square, across * across),
    )
    corner = int(distances.argmax())
    return corner if distances[corner] > EPSILON * EPSILON * max(square, 1) else 0


def _without_repeats(points: NDArray[np.int64]) -> NDArray[np.int64]:
    moved = np.ones(points.shape[1], np.bool)
    moved[1:] = (points[:, 1:] != points[:, :-1]).any(axis=0)
    return points[:, moved]
