"""What a network in training is blamed for, as graphs; all in nats, one number a drawing."""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

TEMPERATURE = 2.0
"""At which teachers are followed: their second thoughts count for more than at 1 (docs/decisions/0034)."""


def soften(answers: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    Give what teachers would answer at TEMPERATURE.

    Args:
        answers: float32, shape (num_rows, num_labels), each row a distribution.

    Returns:
        The same shape, each row a distribution.

    >>> soften(np.array([[0.8, 0.2]], np.float32)).round(3).tolist()
    [[0.6669999957084656, 0.3330000042915344]]
    """
    softer = answers ** (1 / TEMPERATURE)
    return np.asarray(softer / softer.sum(axis=1, keepdims=True), np.float32)


def miss_teachers(softened: Any, logits: Any) -> Any:
    """
    Measure how far answers are from the teachers', at TEMPERATURE.

    Args:
        softened: float32 tensor (batch, labels), as soften gives it; zeros where there is no answer.
        logits: float32 tensor (batch, labels).

    Returns:
        float32 tensor (batch,); its gradients are as large as those of a cross-entropy at temperature 1.

    Source: Hinton, Vinyals & Dean, "Distilling the Knowledge in a Neural Network", 2015.
    """
    return TEMPERATURE**2 * tf.nn.softmax_cross_entropy_with_logits(softened, logits / TEMPERATURE)


def measure_confusion(logits: Any, known: Any) -> Any:
    """
    Measure how badly drawings of labels and of other things are told apart.

    The energy is read as log-odds: sum(exp(logits)) stands against exp(0) for everything that has no label. So it is
    the cross-entropy of a network with one more logit, "none of these", that is always 0.

    Args:
        logits: float32 tensor (batch, labels).
        known: float32 tensor (batch,); 1 a drawing of a label, 0 one of something else.

    Returns:
        float32 tensor (batch,).
    """
    return tf.nn.sigmoid_cross_entropy_with_logits(known, tf.reduce_logsumexp(logits, axis=1))
