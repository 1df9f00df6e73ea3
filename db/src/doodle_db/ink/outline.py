"""The outline of a stroke: what the pen covers on its way, as one closed polygon."""

from itertools import pairwise
from math import floor, sqrt
from typing import NamedTuple

from doodle_db.ink.pen import NUM_VERTICES, Pen
from doodle_db.ink.placing import Subpixel


class Segment(NamedTuple):
    """
    A straight piece of a stroke, walked in one direction.

    Attributes:
        start: where it begins.
        way: from there to its end.
        offset: from the middle of the line to its right edge.
        earlier, later: the pen's vertex that touches the right edge; two where the edge is parallel to the pen's side
            between them.
        is_back: whether it is walked on the way back.
    """

    start: Subpixel
    way: Subpixel
    offset: Subpixel
    earlier: int
    later: int
    is_back: bool

    @property
    def touching(self) -> int:
        """The vertex a cap or a turn there begins or ends with; of two, the one cairo's comparison of slopes picks."""
        return self.earlier if self.way[0] < 0 else self.later


def outline(points: list[Subpixel], pen: Pen) -> list[Subpixel]:
    """
    Draw around a stroke as cairo does: there and back again along the right edge, with round joins and round caps.

    Args:
        points: of the stroke, one at least.
        pen: what it is drawn with.

    Returns:
        the corners of a closed polygon; it may cross itself, and whatever it winds around is ink.
    """
    there = _make_segments(points, pen, is_back=False)
    back = _make_segments(points[::-1], pen, is_back=True)
    if not there:
        return _fan(points[0], NUM_VERTICES - 1, NUM_VERTICES, pen)
    corners = []
    for before, after in pairwise([back[-1], *there, *back]):
        (x, y), (way_x, way_y), (offset_x, offset_y) = after[:3]
        corners += _join(before, after, pen)
        corners += [(x + offset_x, y + offset_y), (x + way_x + offset_x, y + way_y + offset_y)]
    return corners


def _make_segments(points: list[Subpixel], pen: Pen, *, is_back: bool) -> list[Segment]:
    ways = [(start, (end[0] - start[0], end[1] - start[1])) for start, end in pairwise(points) if start != end]
    return [Segment(start, way, _find_offset(way, pen), *_find_touching(way, pen), is_back) for start, way in ways]


def _find_offset(way: Subpixel, pen: Pen) -> Subpixel:
    x, y = way
    length = sqrt(x * x + y * y)
    return floor(-y * pen.radius / length + 0.5), floor(x * pen.radius / length + 0.5)


def _find_touching(way: Subpixel, pen: Pen) -> tuple[int, int]:
    """Find the vertices where the pen's outline runs against the way: there it touches the right edge."""
    turns = [_cross(way, side) for side in pen.sides]
    later = next(k for k in range(NUM_VERTICES) if turns[k] >= 0 > turns[k + 1 - NUM_VERTICES])
    return (later if turns[later] else later - 1), later


def _join(before: Segment, after: Segment, pen: Pen) -> list[Subpixel]:
    """Lead from one segment's right edge to the next one's: around the pen outside a turn, through the point inside."""
    turn = _cross(before.way, after.way)
    if turn > 0:
        return [after.start]
    if turn == 0 and _dot(before.way, after.way) > 0:
        return []
    if before.is_back and after.is_back:
        # On the way back cairo takes the vertices between the touching ones only.
        return _fan(after.start, before.later - 1, (before.later - after.earlier) % NUM_VERTICES - 1, pen)
    num_steps = (before.touching - after.touching) % NUM_VERTICES
    return _fan(after.start, before.touching, num_steps + 1 if num_steps else 0, pen)


def _fan(middle: Subpixel, first: int, num: int, pen: Pen) -> list[Subpixel]:
    """Give as many of the pen's vertices as asked for, counterclockwise from the first, around a point."""
    vertices = [pen.vertices[(first - step) % NUM_VERTICES] for step in range(num)]
    return [(middle[0] + x, middle[1] + y) for x, y in vertices]


def _cross(one: Subpixel, other: Subpixel) -> int:
    """Positive when the other way turns clockwise, to the right, from the one."""
    return one[0] * other[1] - one[1] * other[0]


def _dot(one: Subpixel, other: Subpixel) -> int:
    return one[0] * other[0] + one[1] * other[1]
