"""The bitmap codec: bytes in a row, arrays in a network; 0 paper, 255 full ink."""

import numpy as np
from numpy.typing import NDArray

from doodle_db.errors import BitmapShapeError, BlankBitmapError

PREPROCESSING_VERSION = 1
"""Raised when the way from bitmap to model input changes; a manifest names the one its model was trained with."""


def check_bitmap(bitmap: bytes, height: int, width: int) -> None:
    """
    Refuse bytes that are no drawing of this size.

    Args:
        bitmap: row-major uint8, 0 paper, 255 full ink.
        height: rows.
        width: columns.

    Raises:
        BitmapShapeError: the number of bytes is not height x width.
        BlankBitmapError: every pixel is paper.
    """
    if len(bitmap) != height * width:
        raise BitmapShapeError(
            f"The bitmap has {len(bitmap)} bytes; {height} x {width} = {height * width} were expected.",
            field="bitmap",
        )
    if not any(bitmap):
        raise BlankBitmapError("The bitmap is blank; draw something first.", field="bitmap")


def to_model_input(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
    """
    Scale stored bitmaps to what the network expects.

    Args:
        bitmaps: uint8, shape (batch, height, width); 0 is paper, 255 is full ink.

    Returns:
        float32, shape (batch, height, width, 1), each value in [0, 1].

    Raises:
        BitmapShapeError: the array has not three axes.

    >>> to_model_input(np.zeros((2, 28, 28), np.uint8)).shape
    (2, 28, 28, 1)
    """
    if bitmaps.ndim != 3:
        raise BitmapShapeError(f"Bitmaps have three axes (batch, height, width); these have {bitmaps.ndim}.")
    return (bitmaps.astype(np.float32) / np.float32(255))[..., np.newaxis]
