"""The sheet of paper, what lies around it, and what is painted on it (step 5 of docs/decisions/0049-photos.md)."""

import numpy as np

from model_server.photo.background import Ground, measure_darkness
from model_server.photo.components import find_components, join
from model_server.photo.windows import Integers, Mask, grow

NUM_CELLS = 64
"""Cells along a picture's longer side."""

MAX_STEP = 14
"""Of 255: light changes less from one cell to the next, the step from a sheet to a table is larger."""


def keep_sheet(ground: Ground) -> Integers:
    """
    Clear what lies beside the sheet, and darken what is painted on it too broadly to be a line.

    Args:
        ground: the picture.

    Returns:
        int64, shape (height, width): the darkness on the sheet alone, 0..255.
    """
    height, width = ground.grey.shape
    side = max(1, max(height, width) // NUM_CELLS)
    rows, columns = (np.arange(length) // side for length in (height, width))
    levels = ground.level[_find_middles(height, side)][:, _find_middles(width, side)]

    sheet = _find_sheet(levels, ground.darkness, rows, columns)
    outside, holes = _split_rest(sheet)
    darkness = ground.darkness
    if holes.any():
        painted = grow(holes)
        level = _find_median(levels[painted & sheet])
        broad = np.maximum(darkness, measure_darkness(ground.grey, level))
        darkness = np.where(painted[rows][:, columns], broad, darkness)
    return np.where(grow(outside)[rows][:, columns], 0, darkness)


def _find_middles(length: int, side: int) -> Integers:
    return np.minimum(np.arange(-(-length // side)) * side + side // 2, length - 1)


def _find_sheet(levels: Integers, darkness: Integers, rows: Integers, columns: Integers) -> Mask:
    """
    Find the zone, each cell nearly as light as its neighbour, that bears the most ink, and others with ink as dark.

    A shadow with a hard edge parts a sheet into zones; a table has no ink on it, only its grain.
    """
    cells = np.arange(levels.size).reshape(levels.shape)
    across, down = (np.abs(np.diff(levels, axis=axis)) <= MAX_STEP for axis in (1, 0))
    one = np.concatenate([cells[:, :-1][across], cells[:-1][down]])
    other = np.concatenate([cells[:, 1:][across], cells[1:][down]])
    zones = join(levels.size, one, other)
    zone = zones[cells[rows][:, columns]]
    squares, cubes, light, num = (np.zeros(levels.size, np.int64) for _ in range(4))
    np.add.at(squares, zone, darkness**2)
    np.add.at(cubes, zone, darkness**3)
    np.add.at(light, zones, levels.ravel())
    np.add.at(num, zones, 1)
    typical, level = cubes // np.maximum(squares, 1), light // np.maximum(num, 1)
    most = squares.argmax()
    alike = (5 * typical >= 3 * typical[most]) & (5 * level >= 2 * level[most]) & (100 * squares >= squares[most])
    sheet: Mask = alike[zones].reshape(levels.shape)
    return sheet


def _split_rest(sheet: Mask) -> tuple[Mask, Mask]:
    """Split the other cells into those around the sheet and those that it surrounds."""
    rest = find_components(~sheet)
    bottom, right = sheet.shape[0] - 1, sheet.shape[1] - 1
    on_border = (rest.rows == 0) | (rest.rows == bottom) | (rest.columns == 0) | (rest.columns == right)
    is_outside = rest.add(on_border) > 0
    return rest.draw(is_outside, sheet.shape), rest.draw(~is_outside, sheet.shape)


def _find_median(values: Integers) -> int:
    return int(np.sort(values)[(len(values) - 1) // 2])
