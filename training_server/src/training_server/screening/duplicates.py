"""Near-duplicates: the same drawing again, perhaps shifted or with a few pixels changed, whoever sends it."""

import numpy as np
from numpy.typing import NDArray

ROWS_AT_ONCE = 1_000
"""Bounds memory: 1,000 x 10,000 likenesses are 40 MB."""

PRINTS_AT_ONCE = 200
"""What fits into a processor's cache."""


def find_duplicates(bitmaps: NDArray[np.uint8], min_likeness: float) -> NDArray[np.int64]:
    """
    Find drawings that repeat an earlier one.

    Every drawing is compared with those before it that repeat none themselves: so a chain of small changes ends
    where it has led too far from its beginning.

    Args:
        bitmaps: uint8, shape (num_rows, height, width), in the order in which they came; 0 paper, 255 full ink.
        min_likeness: in [0, 1]; 1 asks for the same drawing up to a shift by whole pixels.

    Returns:
        int64, shape (num_rows,): the row each repeats, the likest; -1 where it repeats none.
    """
    prints = take_prints(bitmaps)
    repeated = np.full(len(prints), -1, np.int64)
    for start in range(0, len(prints), ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, len(prints))
        likeness = prints[start:stop] @ prints[:stop].T
        likeness[:, :start][:, repeated[:start] >= 0] = -1
        for row in range(start, stop):
            before = likeness[row - start, :row]
            if row and before.max() >= min_likeness:
                repeated[row] = before.argmax()
                likeness[:, row] = -1
    return repeated


def take_prints(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
    """
    Take each drawing's print: centred, blurred, made small; the scalar product of two prints is their likeness.

    Args:
        bitmaps: uint8, shape (num_rows, height, width).

    Returns:
        float32, shape (num_rows, features), each of length 1; zero for a drawing without ink.
    """
    parts = [_take_some(bitmaps[start : start + PRINTS_AT_ONCE]) for start in range(0, len(bitmaps), PRINTS_AT_ONCE)]
    return np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)


def _take_some(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
    blurred = _blur(_centre(bitmaps))
    height, width = (size // 2 * 2 for size in blurred.shape[1:])
    halved = blurred[:, :height, :width].reshape(len(blurred), height // 2, 2, width // 2, 2).mean(axis=(2, 4))
    flat = halved.reshape(len(halved), -1)
    return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6), np.float32)


def _centre(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
    """
    Shift each drawing, by parts of a pixel too, so that its ink's middle is the paper's; no ink is lost.

    Were it by whole pixels, one pixel of ink more could decide which way the middle is rounded.
    """
    images = bitmaps.astype(np.float32)
    ink = np.maximum(images.sum(axis=(1, 2)), 1)
    for axis in (1, 2):
        size = images.shape[axis]
        middles = images.sum(axis=3 - axis) @ np.arange(size, dtype=np.float32) / ink
        images = _shift(images, np.float32((size - 1) / 2) - middles, axis)
    return images


def _shift(images: NDArray[np.float32], by_px: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    whole = np.floor(by_px)
    part = (by_px - whole)[:, np.newaxis, np.newaxis]
    places = (np.arange(images.shape[axis]) - whole.astype(np.int64)[:, np.newaxis]) % images.shape[axis]
    index = np.expand_dims(places, 3 - axis)
    near = np.take_along_axis(images, index, axis)
    far = np.take_along_axis(images, (index - 1) % images.shape[axis], axis)
    return np.asarray((1 - part) * near + part * far, np.float32)


def _blur(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of 3 x 3 pixels: a line a pixel further is still much the same line."""
    for axis in (1, 2):
        images = (np.roll(images, 1, axis) + images + np.roll(images, -1, axis)) / np.float32(3)
    return images
