"""How people come to draw otherwise than the base data: thinner, smaller, on a pad held at a slant."""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

Bitmaps = NDArray[np.uint8]
"""uint8, shape (num_rows, height, width); 0 paper, 255 full ink."""


@dataclass(frozen=True)
class Shift:
    """
    How a crowd draws; each drawing has its own amounts, even between the two ends.

    Attributes:
        thinner: how much of the pixel that a finer pen takes off lines is gone, in [0, 1].
        sizes: share of the original height and width, in (0, 1].
        degrees: turned clockwise by.
    """

    thinner: tuple[float, float] = (0.2, 0.8)
    sizes: tuple[float, float] = (0.7, 1.0)
    degrees: tuple[float, float] = (10.0, 40.0)


def shift(bitmaps: Bitmaps, how: Shift, random: np.random.Generator) -> Bitmaps:
    """Redraw drawings as a crowd would draw them."""
    shares, sizes, degrees = (random.uniform(*ends, len(bitmaps)) for ends in (how.thinner, how.sizes, how.degrees))
    return shrink_and_turn(thin(bitmaps, shares), sizes, np.radians(degrees))


def thin(bitmaps: Bitmaps, shares: NDArray[np.float64]) -> Bitmaps:
    """
    Use a finer pen: ink stays where the neighbours to the right and below are inked too.

    Args:
        bitmaps: any number.
        shares: how much of the other ink goes, in [0, 1], one a row; below 1 no drawing vanishes.
    """
    padded = np.pad(bitmaps, ((0, 0), (0, 1), (0, 1)))
    thinnest = np.minimum.reduce([bitmaps, padded[:, :-1, 1:], padded[:, 1:, :-1]])
    taken = shares[:, np.newaxis, np.newaxis] * (bitmaps - thinnest)
    return np.asarray(np.round(bitmaps - taken).astype(np.uint8))


def shrink_and_turn(bitmaps: Bitmaps, sizes: NDArray[np.float64], radians: NDArray[np.float64]) -> Bitmaps:
    """
    Draw smaller and turned about the centre.

    Args:
        bitmaps: any number.
        sizes: share of the original size, one a row.
        radians: turned clockwise by, one a row.
    """
    height, width = bitmaps.shape[1:]
    centre_y, centre_x = (height - 1) / 2, (width - 1) / 2
    a, b = np.cos(radians) / sizes, np.sin(radians) / sizes
    c, f = centre_x - a * centre_x - b * centre_y, centre_y + b * centre_x - a * centre_y
    none = np.zeros(len(bitmaps))
    moved = tf.raw_ops.ImageProjectiveTransformV3(
        images=bitmaps[..., np.newaxis].astype(np.float32),
        transforms=np.stack([a, b, c, -b, a, f, none, none], axis=1).astype(np.float32),
        output_shape=[height, width],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
    )
    return np.asarray(np.clip(np.round(moved.numpy()[..., 0]), 0, 255).astype(np.uint8))
