"""
Drift: how far what people draw now has moved from what they drew before, or from base data, as one number a feature.

The number is the population stability index, PSI = sum((p - q) * ln(p / q)) over the classes of a feature, p and q
being the shares of the present and of the reference. By the usual rule of thumb (N. Siddiqi, Credit Risk Scorecards,
2006) below 0.1 nothing has changed, and above 0.25 much has. Of two samples of n and m from the same source it still
comes to about (classes - 1) * (1/n + 1/m) (B. Yurdakul, Statistical Properties of Population Stability Index, 2018), so
a number is worth nothing without the samples' sizes.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NUM_CLASSES = 10
"""A number is cut into the reference's deciles."""

PRIOR = 0.5
"""Added to every class's count, so that an empty one weighs much, and not infinitely (Jeffreys' prior)."""


def measure_stability(present: NDArray[np.int64], reference: NDArray[np.int64]) -> float:
    """
    Measure the population stability index between two counts by class.

    Args:
        present, reference: shape (classes,), how many fall into each class.

    Returns:
        0 for equal shares; there is no upper bound.

    >>> measure_stability(np.array([50, 50]), np.array([500, 500]))
    0.0
    >>> round(measure_stability(np.array([900, 100]), np.array([500, 500])), 2)
    0.88
    """
    p, q = _shares(present), _shares(reference)
    return float(np.sum((p - q) * np.log(p / q)))


def _shares(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    weighed = counts.astype(np.float64) + PRIOR
    shares: NDArray[np.float64] = weighed / weighed.sum()
    return shares


def compare_labels(present: Sequence[str], reference: Sequence[str], names: Sequence[str]) -> float:
    """
    Compare how often each label was drawn.

    Args:
        present, reference: labels of the drawings.
        names: all labels there are; others are left out.
    """
    return measure_stability(_count_labels(present, names), _count_labels(reference, names))


def _count_labels(labels: Sequence[str], names: Sequence[str]) -> NDArray[np.int64]:
    return np.array([labels.count(name) for name in names], np.int64)


def compare_numbers(present: NDArray[np.float64], reference: NDArray[np.float64]) -> float:
    """
    Compare how a number is distributed, by the reference's deciles.

    Args:
        present, reference: shape (drawings,), not empty.

    >>> numbers = np.linspace(0, 1, 1000)
    >>> compare_numbers(numbers, numbers), compare_numbers(numbers / 2, numbers) > 0.25
    (0.0, True)
    """
    # Where many numbers are the same, several deciles are, too.
    edges = np.unique(np.quantile(reference, np.arange(1, NUM_CLASSES) / NUM_CLASSES))
    return measure_stability(_count_numbers(present, edges), _count_numbers(reference, edges))


def _count_numbers(numbers: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.bincount(np.searchsorted(edges, numbers, side="right"), minlength=len(edges) + 1)
