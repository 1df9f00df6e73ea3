"""What networks answer on a run's holdouts, as figures and as pairs for the gate."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.manifest import HoldoutMetrics, Rejection
from doodle_db.training_sets import LabelledBitmaps
from training_server.evaluate import Evaluation, evaluate_logits, predict_logits, to_metrics
from training_server.material import Material
from training_server.paired_holdout import PairedHoldout
from training_server.rejection import note_kept

NUM_CHECKED = 64
"""Drawings the exported files are compared on: the files hold one function, a few dozen inputs tell it from others."""

UNKNOWN = 1e-6
"""
The probability a network is said to give a label it does not know: never a first guess, and still a number.

A network that gave it as little of its own accord would lose 14 nats on a drawing of that label.
"""

Logits = Mapping[str, NDArray[np.float32]]
"""By holdout, "recent" and "base": float32, shape (num_rows, num_labels)."""


def holdouts_of(material: Material) -> dict[str, LabelledBitmaps]:
    """Name the holdouts of a run."""
    return {"recent": material.recent, "base": material.base}


def answer(network: keras.Model, material: Material) -> Logits:
    """Run a network over both holdouts."""
    return {name: predict_logits(network, rows.bitmaps) for name, rows in holdouts_of(material).items()}


def align(logits: Logits, known_names: Sequence[str], label_names: Sequence[str]) -> Logits:
    """
    Put a network's answers in the order of other labels; those it does not know get as good as no probability.

    Args:
        logits: float32, shape (num_rows, len(known_names)), by holdout.
        known_names: the network's labels, all of them among label_names.
        label_names: the labels wanted.

    Returns:
        float32, shape (num_rows, len(label_names)), by holdout.
    """
    if tuple(known_names) == tuple(label_names):
        return logits
    return {name: _align(rows, known_names, label_names) for name, rows in logits.items()}


def _align(logits: NDArray[np.float32], known_names: Sequence[str], label_names: Sequence[str]) -> NDArray[np.float32]:
    highest = logits.max(axis=1, keepdims=True)
    total = highest + np.log(np.exp(logits - highest).sum(axis=1, keepdims=True))
    aligned = np.repeat(total + np.float32(np.log(UNKNOWN)), len(label_names), axis=1)
    aligned[:, [list(label_names).index(name) for name in known_names]] = logits
    return np.asarray(aligned, np.float32)


def answer_for_unknown(founder: Logits, live: Logits, material: Material, unknown: Collection[int]) -> Logits:
    """
    Let the live model answer for the founder of its line, on drawings of labels the founder does not know.

    Args:
        founder, live: what both answer, on the same labels.
        material: the drawings.
        unknown: indices of the labels the founder does not know.
    """
    rows = {name: np.isin(rows.labels, list(unknown)) for name, rows in holdouts_of(material).items()}
    return {name: np.where(rows[name][:, np.newaxis], live[name], founder[name]) for name in founder}


def evaluate(logits: Logits, material: Material) -> dict[str, Evaluation]:
    """Compare answers with labels, on the holdouts that have a row."""
    return {
        name: evaluate_logits(logits[name], rows.labels) for name, rows in holdouts_of(material).items() if len(rows)
    }


def measure(
    logits: Logits, material: Material, label_names: Sequence[str], rejection: Rejection
) -> dict[str, HoldoutMetrics]:
    """
    Give the metrics that runs and manifests keep.

    Args:
        logits: a version's, on label_names.
        material: the drawings.
        label_names: in the order of the logits.
        rejection: by which the version calls drawings unknown.
    """
    rows = holdouts_of(material)
    return {
        name: note_kept(to_metrics(evaluation, label_names), rejection, logits[name], rows[name].bitmaps)
        for name, evaluation in evaluate(logits, material).items()
    }


def metrics_as_json(metrics: Mapping[str, Mapping[str, HoldoutMetrics]]) -> dict[str, Any]:
    """Give metrics by model and holdout as runs keep them."""
    return {
        model: {name: holdout.model_dump(mode="json") for name, holdout in holdouts.items()}
        for model, holdouts in metrics.items()
    }


def pair(
    material: Material,
    label_names: tuple[str, ...],
    candidate: Logits,
    live: Logits,
    founder: Logits | None = None,
    grown: tuple[str, ...] = (),
) -> tuple[PairedHoldout, PairedHoldout]:
    """
    Put the networks' answers side by side.

    Args:
        material: the drawings.
        label_names: in the order of the logits.
        candidate, live: what they answer.
        founder: what the founder of the line answers; None where that is live itself.
        grown: labels the live model does not know.

    Returns:
        The recent holdout, on which the founder is not asked, and the base one.
    """
    recent = PairedHoldout(label_names, material.recent.labels, candidate["recent"], live["recent"], grown=grown)
    base = PairedHoldout(label_names, material.base.labels, candidate["base"], live["base"], grown=grown)
    return replace(recent, num_fresh=material.num_fresh), replace(base, founder=founder["base"] if founder else None)


def choose_checked(material: Material) -> NDArray[np.uint8]:
    """
    Choose drawings for the export check, spread over everything that was read.

    Returns:
        uint8, shape (at most NUM_CHECKED, height, width); 0 paper, 255 full ink.
    """
    bitmaps = np.concatenate([part.bitmaps for part in (material.recent, material.base, material.new)])
    spread = np.linspace(0, len(bitmaps) - 1, num=min(NUM_CHECKED, len(bitmaps)))
    return np.asarray(bitmaps[spread.astype(np.int64)])
