"""What networks answer on a run's holdouts, as figures and as pairs for the gate."""

from collections.abc import Mapping, Sequence

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.manifest import HoldoutMetrics
from doodle_db.training_sets import LabelledBitmaps
from training_server.evaluate import Evaluation, evaluate_logits, predict_logits, to_metrics
from training_server.gate import PairedHoldout
from training_server.material import Material

NUM_CHECKED = 64
"""Drawings the exported files are compared on: the files hold one function, a few dozen inputs tell it from others."""

Logits = Mapping[str, NDArray[np.float32]]
"""By holdout, "recent" and "base": float32, shape (num_rows, num_labels)."""


def holdouts_of(material: Material) -> dict[str, LabelledBitmaps]:
    """Name the holdouts of a run."""
    return {"recent": material.recent, "base": material.base}


def answer(network: keras.Model, material: Material) -> Logits:
    """Run a network over both holdouts."""
    return {name: predict_logits(network, rows.bitmaps) for name, rows in holdouts_of(material).items()}


def evaluate(logits: Logits, material: Material) -> dict[str, Evaluation]:
    """Compare answers with labels, on the holdouts that have a row."""
    return {
        name: evaluate_logits(logits[name], rows.labels) for name, rows in holdouts_of(material).items() if len(rows)
    }


def measure(logits: Logits, material: Material, label_names: Sequence[str]) -> dict[str, HoldoutMetrics]:
    """Give the metrics a manifest and a run keep."""
    evaluations = evaluate(logits, material)
    return {name: to_metrics(evaluation, label_names) for name, evaluation in evaluations.items()}


def pair(material: Material, label_names: tuple[str, ...], candidate: Logits, live: Logits) -> list[PairedHoldout]:
    """Put the answers of both networks side by side: recent first, then base."""
    return [
        PairedHoldout(label_names, rows.labels, candidate[name], live[name])
        for name, rows in holdouts_of(material).items()
    ]


def choose_checked(material: Material) -> NDArray[np.uint8]:
    """
    Choose drawings for the export check, spread over everything that was read.

    Returns:
        uint8, shape (at most NUM_CHECKED, height, width); 0 paper, 255 full ink.
    """
    bitmaps = np.concatenate([part.bitmaps for part in (material.recent, material.base, material.new)])
    spread = np.linspace(0, len(bitmaps) - 1, num=min(NUM_CHECKED, len(bitmaps)))
    return np.asarray(bitmaps[spread.astype(np.int64)])
