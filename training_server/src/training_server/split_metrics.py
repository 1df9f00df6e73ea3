"""What a trained network gets right on what it was trained on, on what was held back of it, and on the test split."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.run_orders import Dataset
from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import take
from training_server.evaluate import evaluate_logits, predict_logits, to_metrics
from training_server.fit import FitResult
from training_server.holdouts import Logits
from training_server.material import Material

NUM_MEASURED, NUM_MEASURED_OF_DELTA = 2_000, 500
"""Rows of the training split that are measured: to within a percent; of a delta, which the loop waits for, to two."""


def measure_splits(
    network: keras.Model,
    result: FitResult,
    test: tuple[NDArray[np.float32], NDArray[np.int64]],
    label_names: tuple[str, ...],
    seed: int,
    num_measured: int = NUM_MEASURED,
) -> dict[str, Any]:
    """
    Measure a network that has been trained.

    Args:
        network: as it was kept.
        result: of its training.
        test: the network's logits and the labels of held-out drawings; see choose_test.
        label_names: in the order of the logits.
        seed: of the draw among the rows trained on.
        num_measured: of these, at most.

    Returns:
        "train", "validation" (what the training held back) and "test": figures as a manifest keeps them, or None where
        there is no row.
    """
    trained = None if result.training is None else draw(result.training, num_measured, seed)
    measured = {
        name: None if rows is None else _compare(predict_logits(network, rows.bitmaps), rows.labels, label_names)
        for name, rows in (("train", trained), ("validation", result.validation))
    }
    return {**measured, "test": _compare(*test, label_names)}


def choose_test(logits: Logits, material: Material, dataset: Dataset) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """
    Choose the held-out drawings of what was trained on: base drawings, users' recent ones, or both.

    Args:
        logits: on both holdouts.
        material: with the holdouts.
        dataset: what was trained on.
    """
    holdouts = {"recent": material.recent, "base": material.base}
    names = {"base": ("base",), "users": ("recent",), "new": ("recent",)}.get(dataset, ("recent", "base"))
    return np.concatenate([logits[name] for name in names]), np.concatenate([holdouts[name].labels for name in names])


def draw(rows: LabelledBitmaps, at_most: int, seed: int) -> LabelledBitmaps:
    """Draw rows at random, all of them if there are not more."""
    return take(rows, np.random.default_rng(seed).permutation(len(rows))[:at_most])


def _compare(
    logits: NDArray[np.float32], labels: NDArray[np.int64], label_names: tuple[str, ...]
) -> dict[str, Any] | None:
    if not len(labels):
        return None
    return to_metrics(evaluate_logits(logits, labels), label_names).model_dump(mode="json", exclude={"kept"})
