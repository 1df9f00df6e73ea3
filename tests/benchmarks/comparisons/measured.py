"""What a recipe came to on held-out drawings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training_server.evaluate import evaluate_logits, to_metrics


@dataclass(frozen=True)
class Measured:
    """
    A recipe with one seed.

    Attributes:
        accuracy: share of held-out drawings whose first guess is right, in [0, 1].
        log_loss: mean of -log(probability of the label), natural logarithm.
        recalls: by label.
        num_parameters, num_multiply_adds: what it costs; None where that is no measure.
        seconds: of the training.
    """

    accuracy: float
    log_loss: float
    recalls: Mapping[str, float]
    num_parameters: int | None = None
    num_multiply_adds: int | None = None
    seconds: float = 0.0


def measure_probabilities(
    probabilities: NDArray[np.float64], labels: NDArray[np.int64], names: Sequence[str]
) -> Measured:
    """
    Measure answers that are not a network's.

    Args:
        probabilities: float64, shape (num_rows, num_labels); each row sums to 1; a 0 counts as one in a million.
        labels: int64, shape (num_rows,).
        names: of the labels.
    """
    return measure_logits(np.log(np.maximum(probabilities, 1e-6)).astype(np.float32), labels, names)


def measure_logits(logits: NDArray[np.float32], labels: NDArray[np.int64], names: Sequence[str]) -> Measured:
    """Measure a network's answers: float32 (num_rows, num_labels), int64 (num_rows,)."""
    metrics = to_metrics(evaluate_logits(logits, labels), names)
    return Measured(metrics.accuracy, metrics.log_loss, metrics.recalls)
