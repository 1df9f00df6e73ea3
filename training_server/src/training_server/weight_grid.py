"""Numbers of 8 bits for weights: 256 values a tensor may have, evenly spaced, one of them exactly 0."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NUM_STEPS = 255
"""Between the lowest and the highest of 256 values."""

LARGEST_DISTANCE = 1e-3
"""Steps a number may be away from the grid and be of it: float32 rounds 255 of them by up to 2e-5, several times."""


@dataclass(frozen=True)
class WeightGrid:
    """
    256 values: (code - zero) * step for the codes 0 to 255.

    Attributes:
        step: between two values; above 0.
        zero: the code of 0.0, from 0 to 255.
    """

    step: float
    zero: int


def find_grid(weights: NDArray[np.float32]) -> WeightGrid:
    """
    Find the grid from a tensor's lowest to its highest value; 0 is always between them.

    Args:
        weights: float32, any shape; finite.

    >>> find_grid(np.array([-1.0, 0.25, 1.55], np.float32)).zero
    100
    """
    low, high = min(0.0, float(weights.min())), max(0.0, float(weights.max()))
    step = (high - low) / NUM_STEPS or 1.0
    return WeightGrid(step, round(-low / step))


def to_codes(weights: NDArray[np.float32], grid: WeightGrid) -> NDArray[np.uint8]:
    """
    Round each number to the nearest value of a grid.

    Args:
        weights: float32, any shape.
        grid: see find_grid.

    Returns:
        uint8 codes, same shape.

    >>> to_codes(np.array([-1.0, 0.0, 0.004, 1.55], np.float32), WeightGrid(0.01, 100)).tolist()
    [0, 100, 100, 255]
    """
    codes = np.rint(weights.astype(np.float64) / grid.step) + grid.zero
    return np.asarray(np.clip(codes, 0, NUM_STEPS), np.uint8)


def from_codes(codes: NDArray[np.uint8], grid: WeightGrid) -> NDArray[np.float32]:
    """
    Give the numbers of codes as TensorFlow.js does: code * step + lowest value, then float32.

    Args:
        codes: uint8, any shape.
        grid: that they are of.
    """
    return np.asarray(codes.astype(np.float64) * grid.step + lowest(grid), np.float32)


def lowest(grid: WeightGrid) -> float:
    """
    Give the value of code 0.

    >>> lowest(WeightGrid(0.5, 100))
    -50.0
    """
    return -grid.zero * grid.step


def is_on_grid(weights: NDArray[np.float32], grid: WeightGrid) -> bool:
    """
    Tell whether rounding to a grid would change nothing, but for float32's own rounding.

    >>> is_on_grid(np.array([0.02], np.float32), WeightGrid(0.01, 0))
    True
    >>> is_on_grid(np.array([0.025], np.float32), WeightGrid(0.01, 0))
    False
    """
    distance = np.abs(from_codes(to_codes(weights, grid), grid).astype(np.float64) - weights)
    return bool(distance.max(initial=0.0) <= LARGEST_DISTANCE * grid.step)
