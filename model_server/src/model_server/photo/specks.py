"""What of the dark things on a sheet is the drawing (steps 7 and 8 of docs/decisions/0049-photos.md)."""

import numpy as np
from numpy.typing import NDArray

from model_server.photo.components import Boxes, Components, find_components
from model_server.photo.errors import NoInkError
from model_server.photo.thresholds import Thresholds, find_thresholds
from model_server.photo.windows import Integers, Mask, grow

MAX_ROUNDS = 3
"""Of clearing strips: four sides, and what one strip hides is found in the next round."""


def clear_strips(darkness: Integers) -> Integers:
    """
    Clear strips of the table along the picture's border, too narrow to be told from ink by their width.

    Args:
        darkness: int64, shape (height, width), 0..255.

    Returns:
        the same shape; unchanged where nothing else would be left.

    Raises:
        NoInkError: there is nothing dark at all.
    """
    for _ in range(MAX_ROUNDS):
        found = find_components(darkness >= find_thresholds(darkness).low)
        strips = _find_strips(found, darkness.shape)
        cleared = np.where(grow(found.draw(strips, darkness.shape), 2), 0, darkness)
        if not strips.any() or not _holds_drawing(cleared):
            break
        darkness = cleared
    return darkness


def keep_drawing(darkness: Integers, thresholds: Thresholds) -> Mask:
    """
    Keep what is dark enough and either large or close to what is large: an eye, but no crumb beside the drawing.

    Args:
        darkness: int64, shape (height, width), 0..255; at least one pixel reaches thresholds.high.
        thresholds: of this darkness.
    """
    found = find_components(darkness >= thresholds.low)
    values = darkness[found.rows, found.columns]
    mass, boxes = found.add(values), found.measure_boxes()
    dark = found.find_largest(values) >= thresholds.high
    main = dark & (12 * boxes.extent >= boxes.extent[dark].max())
    small = _find_inside(boxes, main) & (400 * mass >= mass[main].max())
    return found.draw(main | (dark & small), darkness.shape)


def _find_strips(found: Components, shape: tuple[int, ...]) -> NDArray[np.bool]:
    """Find the components that lie along a quarter of a side of the picture, and reach nowhere far into it."""
    height, width = shape
    across = np.minimum(found.columns, width - 1 - found.columns)
    depth = found.find_largest(np.minimum(across, np.minimum(found.rows, height - 1 - found.rows)))
    sides = (
        (found.columns == 0, height),
        (found.columns == width - 1, height),
        (found.rows == 0, width),
        (found.rows == height - 1, width),
    )
    hugging: NDArray[np.bool] = np.logical_or.reduce([4 * found.add(touching) >= length for touching, length in sides])
    return hugging & (8 * depth < max(shape))


def _holds_drawing(darkness: Integers) -> bool:
    """Tell whether anything dark is large enough to be a drawing, or a part of one."""
    try:
        low = find_thresholds(darkness).low
    except NoInkError:
        return False
    extent = find_components(darkness >= low).measure_boxes().extent
    return bool((8 * extent >= max(darkness.shape)).any())


def _find_inside(boxes: Boxes, main: NDArray[np.bool]) -> NDArray[np.bool]:
    """Find the boxes that lie in the box around all main ones."""
    across: NDArray[np.bool] = (boxes.left >= boxes.left[main].min()) & (boxes.right <= boxes.right[main].max())
    down: NDArray[np.bool] = (boxes.top >= boxes.top[main].min()) & (boxes.bottom <= boxes.bottom[main].max())
    return across & down
