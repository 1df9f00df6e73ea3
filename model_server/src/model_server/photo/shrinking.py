"""From a picture of any size and transparency to a small opaque one (step 1 of docs/decisions/0049-photos.md)."""

import numpy as np
from numpy.typing import NDArray

from model_server.photo.errors import NoInkError
from model_server.photo.windows import Integers

MAX_SIDE = 512
"""px; a pen's line on a sheet that fills the picture is then one or two pixels wide."""

BLACK, WHITE = 0, 255


def shrink(pixels: NDArray[np.uint8]) -> Integers:
    """
    Average cells of a picture, laid on the paper that shows its ink.

    Args:
        pixels: uint8, shape (height, width, 4): red, green, blue, alpha (255 opaque), not premultiplied.

    Returns:
        int64, shape (rows, columns, 3), 0..255; neither side is longer than MAX_SIDE.

    Raises:
        NoInkError: all of it is transparent.
    """
    colours, alpha = pixels[..., :3], pixels[..., 3].astype(np.int64)
    side = -(-max(alpha.shape) // MAX_SIDE)
    paper = _choose_paper(pixels)
    num = _sum_cells(np.ones(alpha.shape, np.int64), side)[..., np.newaxis]
    opaque = _sum_cells(alpha, side)[..., np.newaxis]
    ink = np.stack([_sum_cells(colours[..., k] * alpha, side) for k in range(3)], axis=-1)
    return (2 * ink + 2 * paper * (255 * num - opaque) + 255 * num) // (510 * num)


def measure_luma(colours: Integers) -> Integers:
    """Give how bright colours (last axis: red, green, blue) look, 0..255; weights of ITU-R BT.601 in 256ths."""
    return (77 * colours[..., 0] + 150 * colours[..., 1] + 29 * colours[..., 2] + 128) >> 8


def _choose_paper(pixels: NDArray[np.uint8]) -> int:
    """White, unless something is transparent and nothing on it is dark: that was drawn to be seen on black."""
    alpha = pixels[..., 3]
    total = int(alpha.sum(dtype=np.int64))
    if total == 0:
        raise NoInkError("The picture is transparent all over; there is no drawing in it.")
    if total == 255 * alpha.size:
        return WHITE
    dark = int(alpha[measure_luma(pixels[..., :3].astype(np.int64)) < 128].sum(dtype=np.int64))
    return BLACK if 64 * dark < total else WHITE


def _sum_cells(values: Integers, side: int) -> Integers:
    if side == 1:
        return values
    height, width = values.shape
    rows = np.add.reduceat(values, np.arange(0, height, side), axis=0)
    return np.add.reduceat(rows, np.arange(0, width, side), axis=1)
