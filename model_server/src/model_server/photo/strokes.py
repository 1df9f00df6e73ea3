"""The story: from a picture to the strokes somebody drew (docs/decisions/0049-photos.md)."""

import numpy as np
from numpy.typing import NDArray

from model_server.photo.background import find_ground
from model_server.photo.cutting import cut_out
from model_server.photo.errors import NoInkError
from model_server.photo.following import Stroke, follow
from model_server.photo.grey import find_grey
from model_server.photo.hollowing import hollow
from model_server.photo.sheet import keep_sheet
from model_server.photo.shrinking import shrink
from model_server.photo.specks import clear_strips, keep_drawing
from model_server.photo.thinning import thin
from model_server.photo.thresholds import find_thresholds


def find_strokes(pixels: NDArray[np.uint8]) -> list[Stroke]:
    """
    Find the lines that are drawn in a picture, on whatever ground; bit for bit what frontend/src/photo finds.

    Args:
        pixels: uint8, shape (height, width, 4): red, green, blue, alpha (255 opaque), not premultiplied, upright.

    Returns:
        strokes of points (x, y), x to the right and y downwards; their unit is the drawing's own. At most 200 of them,
        and 10,000 points.

    Raises:
        NoInkError: the picture is blank.
    """
    ground = find_ground(find_grey(shrink(pixels)))
    darkness = clear_strips(keep_sheet(ground))
    thresholds = find_thresholds(darkness)
    drawing = cut_out(darkness, keep_drawing(darkness, thresholds), thresholds)
    lines = hollow(drawing)
    strokes = follow(thin(lines.mask), max(2, lines.radius // 2))
    if not strokes:
        raise NoInkError
    return strokes
