"""When a drawing looks like nothing the model knows."""

import numpy as np
from numpy.typing import NDArray

from training_server.errors import ExamplesError

KEPT_SHARE = 0.95
"""Share of real drawings of known things that must not be called unknown."""


def energy(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """
    Tell how little each drawing looks like anything known: -log(sum(exp(logits))); higher is stranger.

    Args:
        logits: float32, shape (num_rows, num_labels).

    Returns:
        float64, shape (num_rows,).

    Source: W. Liu et al., "Energy-based Out-of-distribution Detection", NeurIPS 2020 (temperature 1).
    """
    largest = logits.max(axis=1).astype(np.float64)
    return np.asarray(-(largest + np.log(np.exp(logits - largest[:, np.newaxis]).sum(axis=1))))


def choose_threshold(logits: NDArray[np.float32], kept_share: float = KEPT_SHARE) -> float:
    """
    Choose the energy above which a drawing is called unknown.

    Args:
        logits: float32, shape (num_rows, num_labels), of real drawings held back from training.
        kept_share: share of them that must stay known, in (0, 1].

    Raises:
        ExamplesError: there is no row to choose by.

    >>> round(choose_threshold(np.log(np.array([[1, 1], [2, 2], [4, 4], [8, 8]], np.float32)), kept_share=0.75), 4)
    -1.3863
    """
    if not len(logits):
        raise ExamplesError("There is no held-back drawing to choose the rejection threshold by; give at least one.")
    return float(np.quantile(energy(logits), kept_share, method="inverted_cdf"))
