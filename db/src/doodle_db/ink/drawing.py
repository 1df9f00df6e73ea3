"""The whole way from the pad to the bitmap."""

import numpy as np
from numpy.typing import NDArray

from doodle_db.ink.box import normalise
from doodle_db.ink.rasterisation import rasterise
from doodle_db.ink.simplification import simplify
from doodle_db.ink.strokes import InkStrokes, PadStrokes


def draw(strokes: PadStrokes, height: int, width: int) -> tuple[InkStrokes, NDArray[np.uint8]]:
    """
    Make of a drawing what is stored and what is guessed.

    Args:
        strokes: as the pen drew them, in any unit.
        height: of the bitmap, in pixels.
        width: of the bitmap, in pixels.

    Returns:
        the simplified strokes, and their bitmap: uint8, shape (height, width); 0 paper, 255 full ink.

    Raises:
        InkError: a coordinate is not finite.

    >>> ink, bitmap = draw([[(3.5, 8.0), (9.5, 8.0)]], 28, 28)
    >>> ink
    [[[0, 255], [0, 0]]]
    >>> bitmap.shape
    (28, 28)
    """
    ink = simplify(normalise(strokes))
    return ink, rasterise(ink, height, width)
