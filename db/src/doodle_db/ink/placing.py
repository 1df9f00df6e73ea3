"""From the box to the bitmap's plane: centred, with room for the pen all around."""

from doodle_db.ink.strokes import InkStrokes

Subpixel = tuple[int, int]
"""A point of the bitmap's plane, or the way between two: x, y in 1/256 px, which is cairo's precision."""

SUBPIXELS = 256

BOX_SIDE = 304
"""What the shorter side of a bitmap spans, in units of the box: 256, the line's width of 16 and twice 16 of padding."""


def place(ink: InkStrokes, height: int, width: int) -> list[list[Subpixel]]:
    """
    Bring a drawing to the middle of a bitmap.

    Args:
        ink: strokes in the box, one at least.
        height: of the bitmap, in pixels.
        width: of the bitmap, in pixels.

    Returns:
        the strokes' points; x to the right and y downwards from the bitmap's upper left corner.

    >>> place([[[0, 255], [0, 0]]], 28, 28)
    [[(578, 3584), (6590, 3584)]]
    """
    side = min(height, width)
    max_x, max_y = (max(max(stroke[axis]) for stroke in ink) for axis in (0, 1))

    def to_subpixels(value: int, maximum: int, size: int) -> int:
        # The middle of the drawing, maximum / 2, comes to lie on the middle of the bitmap.
        return size * SUBPIXELS // 2 + (SUBPIXELS * side * (2 * value - maximum) + BOX_SIDE) // (2 * BOX_SIDE)

    return [
        [(to_subpixels(x, max_x, width), to_subpixels(y, max_y, height)) for x, y in zip(xs, ys, strict=True)]
        for xs, ys in ink
    ]
