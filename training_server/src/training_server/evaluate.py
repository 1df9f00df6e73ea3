"""Measure a network on drawings it has not trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from doodle_db.bitmap import to_model_input
from doodle_db.manifest import HoldoutMetrics
from training_server.errors import ExamplesError

if TYPE_CHECKING:
    import keras  # not at run time: the figures need no TensorFlow

ROWS_PER_BATCH = 512
"""Bounds memory; larger batches were not faster on two cores."""


@dataclass(frozen=True)
class Evaluation:
    """
    What came out on one holdout.

    Attributes:
        num_doodles: rows measured.
        accuracy: share of rows whose highest logit is their label, in [0, 1].
        log_loss: mean of -log(probability of the label), natural logarithm.
        recalls: float64, shape (num_labels,); share found of each label's rows, NaN where a label has none.
        confusion: int64, shape (num_labels, num_labels); row = label, column = guess.
    """

    num_doodles: int
    accuracy: float
    log_loss: float
    recalls: NDArray[np.float64]
    confusion: NDArray[np.int64]


def predict_logits(network: "keras.Model", bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
    """
    Run a network over bitmaps.

    Args:
        network: ends in logits.
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.

    Returns:
        float32, shape (num_rows, num_labels).
    """
    parts = [
        network(to_model_input(bitmaps[start : start + ROWS_PER_BATCH]), training=False).numpy()
        for start in range(0, len(bitmaps), ROWS_PER_BATCH)
    ]
    return np.concatenate([np.empty((0, network.output_shape[-1]), np.float32), *parts])


def to_log_probabilities(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """
    Turn logits into natural logarithms of probabilities, without overflow.

    Args:
        logits: float, shape (num_rows, num_labels).

    Returns:
        float64 of the same shape, each <= 0.
    """
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def evaluate_logits(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> Evaluation:
    """
    Compare logits with labels.

    Args:
        logits: float32, shape (num_rows, num_labels), at least one row.
        labels: int64, shape (num_rows,).

    Raises:
        ExamplesError: there is no row, or not one label per row.
    """
    num_rows, num_labels = logits.shape
    if num_rows == 0 or num_rows != len(labels):
        raise ExamplesError(f"{num_rows} outputs and {len(labels)} labels cannot be compared; give one label a row.")
    confusion = np.zeros((num_labels, num_labels), np.int64)
    np.add.at(confusion, (labels, logits.argmax(axis=1)), 1)
    totals = confusion.sum(axis=1)
    found = np.diagonal(confusion)
    return Evaluation(
        num_doodles=num_rows,
        accuracy=float(found.sum() / num_rows),
        log_loss=float(-to_log_probabilities(logits)[np.arange(num_rows), labels].mean()),
        recalls=np.where(totals > 0, found / np.maximum(totals, 1), np.nan),
        confusion=confusion,
    )


def to_metrics(evaluation: Evaluation, label_names: Sequence[str]) -> HoldoutMetrics:
    """Write an evaluation as a manifest does: recalls by name, of the labels that had rows."""
    recalls = zip(label_names, evaluation.recalls.tolist(), strict=True)
    return HoldoutMetrics(
        num_doodles=evaluation.num_doodles,
        accuracy=evaluation.accuracy,
        log_loss=evaluation.log_loss,
        recalls={name: recall for name, recall in recalls if not np.isnan(recall)},
    )
