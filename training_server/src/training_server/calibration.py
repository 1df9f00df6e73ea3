"""Whether a network is right as often as it says: accuracy by confidence."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NUM_BINS = 10
"""Of equal width, as in Guo et al., "On Calibration of Modern Neural Networks", ICML 2017 (there 15)."""


@dataclass(frozen=True)
class CalibrationBin:
    """
    The drawings whose first guess has a confidence in [low, high), the last bin with 1.0.

    Attributes:
        low, high: of the confidence.
        num_doodles: how many.
        confidence: their mean confidence; None if there are none.
        accuracy: share of them that is right; None if there are none.
    """

    low: float
    high: float
    num_doodles: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Calibration:
    """
    Attributes:
        bins: by rising confidence.
        error: expected calibration error in [0, 1]: mean distance of accuracy and confidence, weighted by drawings.
    """

    bins: tuple[CalibrationBin, ...]
    error: float


def calibrate(confidences: NDArray[np.float64], right: NDArray[np.bool_], num_bins: int = NUM_BINS) -> Calibration:
    """
    Compare confidence with accuracy.

    Args:
        confidences: float64, shape (num_rows,), at least one; of the first guess, in [0, 1].
        right: bool, shape (num_rows,); whether that guess is the label.
        num_bins: of equal width.

    >>> round(calibrate(np.array([0.9, 0.9]), np.array([True, False])).error, 6)
    0.4
    """
    index = np.minimum((confidences * num_bins).astype(np.int64), num_bins - 1)
    bins = tuple(_fill(each, num_bins, confidences[index == each], right[index == each]) for each in range(num_bins))
    distances = [abs((each.accuracy or 0.0) - (each.confidence or 0.0)) * each.num_doodles for each in bins]
    return Calibration(bins, error=sum(distances) / len(confidences))


def _fill(index: int, num_bins: int, confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> CalibrationBin:
    low, high = index / num_bins, (index + 1) / num_bins
    if not len(confidences):
        return CalibrationBin(low, high, 0, None, None)
    return CalibrationBin(low, high, len(right), float(confidences.mean()), float(right.mean()))
