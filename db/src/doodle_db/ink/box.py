"""From the pad to Quick, Draw!'s box: every drawing begins at 0 and is 255 long on its longer side."""

from math import floor, isfinite

from doodle_db.ink.errors import InkError
from doodle_db.ink.limits import BOX_MAX
from doodle_db.ink.strokes import InkStrokes, PadStrokes


def normalise(strokes: PadStrokes) -> InkStrokes:
    """
    Move and scale a drawing, keeping its proportions, so that it fills the box.

    Args:
        strokes: points in any unit; strokes without points are left out.

    Returns:
        the drawing with its smallest x and y at 0 and the longer side's end at 255, rounded half up; a drawing
        without extent lies at 0.

    Raises:
        InkError: a coordinate, or the distance between two, is no finite number.

    >>> normalise([[(10, 10), (30, 10), (30, 20)]])
    [[[0, 255, 255], [0, 0, 128]]]
    """
    drawn = [stroke for stroke in strokes if stroke]
    if not drawn:
        return []
    min_x, length_x = _find_extent([x for stroke in drawn for x, _ in stroke])
    min_y, length_y = _find_extent([y for stroke in drawn for _, y in stroke])
    side = max(length_x, length_y) or 1.0

    def to_box(value: float, minimum: float) -> int:
        return floor((value - minimum) / side * BOX_MAX + 0.5)

    return [[[to_box(x, min_x) for x, _ in stroke], [to_box(y, min_y) for _, y in stroke]] for stroke in drawn]


def _find_extent(values: list[float]) -> tuple[float, float]:
    """Give the smallest value and the distance to the largest."""
    if not all(map(isfinite, values)):
        raise InkError("A coordinate of the drawing is not finite; leave such points out.")
    minimum, length = min(values), max(values) - min(values)
    if not isfinite(length):
        raise InkError(f"The drawing is {length} long; bring it to a size that a float can hold.")
    return minimum, length
