"""From strokes to the bitmap a network sees: the very bitmap Quick, Draw! would have made."""

import numpy as np
from numpy.typing import NDArray

from doodle_db.ink.coverage import cover
from doodle_db.ink.outline import outline
from doodle_db.ink.pen import make_pen
from doodle_db.ink.placing import place
from doodle_db.ink.strokes import InkStrokes


def rasterise(ink: InkStrokes, height: int, width: int) -> NDArray[np.uint8]:
    """
    Draw strokes into a bitmap, centred, one stroke over the other.

    Args:
        ink: valid strokes (see `validate_ink`).
        height: in pixels.
        width: in pixels.

    Returns:
        uint8, shape (height, width); 0 paper, 255 full ink. A stroke of one point is a round blob, no stroke at all
        a blank bitmap.

    Source: docs/decisions/0003-ink.md.

    >>> rasterise([[[0], [0]]], 28, 28)[13, 11:17]
    array([  0,   0, 104, 104,   0,   0], dtype=uint8)
    """
    bitmap = np.zeros((height, width), np.int64)
    pen = make_pen(height, width)
    for points in place(ink, height, width) if ink else []:
        stroke = cover(outline(points, pen), height, width)
        # White over white, rounded as cairo rounds it.
        bitmap = stroke + (bitmap * (255 - stroke) + 126) // 255
    return bitmap.astype(np.uint8)
