"""A mask as one row of pixels with a margin, where each neighbour is a fixed step away."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model_server.photo.windows import Mask


class Flat(NamedTuple):
    """
    A mask in one row.

    Attributes:
        pixels: uint8, shape (pixels,), 1 in the mask; one pixel of margin all around.
        width: of a row, with its margin.
        steps: to the neighbours N, NE, E, SE, S, SW, W, NW.
    """

    pixels: NDArray[np.uint8]
    width: int
    steps: tuple[int, ...]


def flatten(mask: Mask) -> Flat:
    """Lay a mask's rows one after the other."""
    padded = np.pad(mask, 1).astype(np.uint8)
    width = padded.shape[1]
    return Flat(padded.ravel(), width, (-width, 1 - width, 1, width + 1, width, width - 1, -1, -width - 1))
