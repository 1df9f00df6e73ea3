"""Photos of drawings: from the bytes of a picture to the strokes of what is drawn in it."""

import numpy as np
from numpy.typing import NDArray

from doodle_db.errors import DoodleError
from doodle_db.ink import PadStrokes


class PhotoError(DoodleError):
    """The picture cannot be used."""


def read_pixels(content: bytes) -> NDArray[np.uint8]:
    """Decode a picture within bounds: uint8, shape (height, width, 4), RGBA."""
    raise PhotoError(f"This server reads no pictures ({len(content)} bytes); send strokes, or a bitmap.")


def find_strokes(pixels: NDArray[np.uint8]) -> PadStrokes:
    """Find the lines that are drawn in a picture."""
    raise PhotoError(f"No drawing is found in {pixels.shape[0]} x {pixels.shape[1]} pixels.")
