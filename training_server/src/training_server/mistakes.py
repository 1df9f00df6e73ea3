"""The worst mistakes: drawings a network is surest about and wrong."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training_server.evaluate import to_log_probabilities


@dataclass(frozen=True)
class Mistake:
    """
    A drawing whose first guess is wrong.

    Attributes:
        row: which drawing.
        label, guess: index of what it is said to be, and of what the network takes it for.
        confidence: in the guess, in [0, 1].
        label_confidence: in the label, in [0, 1].
    """

    row: int
    label: int
    guess: int
    confidence: float
    label_confidence: float


def find_worst(logits: NDArray[np.float32], labels: NDArray[np.int64], at_most: int) -> list[Mistake]:
    """
    Find the mistakes a network is surest about, the surest first; of equally sure ones the first row.

    Args:
        logits: float32, shape (num_rows, num_labels).
        labels: int64, shape (num_rows,).
        at_most: how many.
    """
    if not len(labels):
        return []
    probabilities = np.exp(to_log_probabilities(logits))
    guesses = logits.argmax(axis=1)
    confidences = probabilities[np.arange(len(labels)), guesses]
    wrong = np.flatnonzero(guesses != labels)
    worst = wrong[np.argsort(-confidences[wrong], kind="stable")][:at_most]
    return [
        Mistake(
            row=int(row),
            label=int(labels[row]),
            guess=int(guesses[row]),
            confidence=float(confidences[row]),
            label_confidence=float(probabilities[row, labels[row]]),
        )
        for row in worst
    ]
