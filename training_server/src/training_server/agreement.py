"""How far the exported files' answers are from those of the network they were made of."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-5
"""Largest difference allowed; see largest_difference."""

READ_BACK = ("weights", "onnx", "tfjs")
"""What must have been read back and compared: the weights file, the ONNX model, the TensorFlow.js model."""


@dataclass(frozen=True)
class ExportCheck:
    """
    What comparing the files with the network came to.

    Attributes:
        num_doodles: drawings compared.
        differences: by what was read back, one of READ_BACK: the largest difference.
        tolerance: what is allowed.
    """

    num_doodles: int
    differences: Mapping[str, float]
    tolerance: float = TOLERANCE

    @property
    def agrees(self) -> bool:
        """Tell whether everything was compared, on a drawing at least, and is within the tolerance; NaN is not."""
        within = [self.differences.get(name, np.nan) <= self.tolerance for name in READ_BACK]
        return self.num_doodles > 0 and all(within)

    @property
    def largest(self) -> float:
        """The largest of all differences; NaN if one is, or there is none."""
        return float(np.max(list(self.differences.values()))) if self.differences else float("nan")


def largest_difference(given: NDArray[np.float32], expected: NDArray[np.float32]) -> float:
    """
    Tell the largest difference of any logit, relative to max(1, |logit|).

    Relative, because float32 has seven digits: at a logit of 20 two correct sums, added in another order, may differ by
    1e-5. Not below 1, because a logit near 0 is a difference of large numbers and its last digits mean nothing.

    Args:
        given: float32, shape (num_rows, num_labels).
        expected: of the same shape; anything else differs infinitely.

    >>> largest_difference(np.array([[20.0, 0.0]], np.float32), np.array([[10.0, 0.5]], np.float32))
    1.0
    """
    if given.shape != expected.shape:
        return float("inf")
    return float(np.max(np.abs(given - expected) / np.maximum(1.0, np.abs(expected)), initial=0.0))
