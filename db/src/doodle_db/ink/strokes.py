"""What a drawing is made of, and the check at the door."""

from collections.abc import Sequence
from typing import Any

from doodle_db.ink.errors import InkError
from doodle_db.ink.limits import BOX_MAX, MAX_POINTS, MAX_STROKES

PadPoint = tuple[float, float]
"""Where the pen was: x to the right, y downwards, in any unit that is the same for the whole drawing."""

PadStrokes = Sequence[Sequence[PadPoint]]

InkStroke = list[list[int]]
"""A stroke as Quick, Draw! keeps it: [xs, ys], equally long, integers 0..255."""

InkStrokes = list[InkStroke]


def validate_ink(ink: Any) -> InkStrokes:
    """
    Refuse what is no drawing within the limits.

    Args:
        ink: anything, as it came out of JSON.

    Returns:
        the same object.

    Raises:
        InkError: it is no list of strokes [xs, ys], a coordinate is no integer in 0..255, or there are too many
            strokes or points; the message names the place.

    >>> validate_ink([[[0, 255], [0, 7]]])
    [[[0, 255], [0, 7]]]
    """
    if not isinstance(ink, list):
        raise InkError(f"Strokes are a list of [xs, ys]; this is {type(ink).__name__}.")
    if len(ink) > MAX_STROKES:
        raise InkError(f"The drawing has {len(ink)} strokes; at most {MAX_STROKES} are taken.")
    num_points = sum(_check_stroke(stroke, f"strokes[{index}]") for index, stroke in enumerate(ink))
    if num_points > MAX_POINTS:
        raise InkError(f"The drawing has {num_points} points; at most {MAX_POINTS} are taken.")
    return ink


def _check_stroke(stroke: Any, place: str) -> int:
    """Give the number of points, or refuse the stroke."""
    if not isinstance(stroke, list) or len(stroke) != 2 or not all(isinstance(axis, list) for axis in stroke):
        raise InkError(f"{place} is not [xs, ys], two lists of integers.")
    xs, ys = stroke
    if len(xs) != len(ys) or not xs:
        raise InkError(f"{place} has {len(xs)} xs and {len(ys)} ys; expected as many of each, and at least one.")
    for name, axis in (("xs", xs), ("ys", ys)):
        for index, value in enumerate(axis):
            # bool is an int to Python, but no coordinate.
            if type(value) is not int or not 0 <= value <= BOX_MAX:
                raise InkError(f"{place} {name}[{index}] is {value!r:.40}; expected an integer in 0..{BOX_MAX}.")
    return len(xs)
