"""Scores that say how strange a picture is to a version, side by side, and how well each tells strange from known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.bitmap import to_model_input
from doodle_db.manifest import Rejection
from doodle_db.rejection import energy, is_ink, measure_strangeness
from training_server.evaluate import to_log_probabilities
from training_server.roc import trace_roc

ROWS_PER_BATCH = 512
NUM_NEIGHBOURS = 10
BANK_SIZE = 4000
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """
    What a network makes of pictures.

    Attributes:
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.
        features: float32, shape (num_rows, width of the last layer but one).
        logits: float32, shape (num_rows, num_labels).
    """

    bitmaps: NDArray[np.uint8]
    features: NDArray[np.float32]
    logits: NDArray[np.float32]


def ask(network: keras.Model, bitmaps: NDArray[np.uint8]) -> Answers:
    """Run a network whose last layer is named "logits"."""
    inside = keras.Model(network.input, [network.get_layer("logits").input, network.output])
    starts = range(0, len(bitmaps), ROWS_PER_BATCH)
    parts = [inside(to_model_input(bitmaps[start : start + ROWS_PER_BATCH]), training=False) for start in starts]
    features, logits = (np.concatenate([part[index].numpy() for part in parts]) for index in (0, 1))
    return Answers(bitmaps, features, logits)


def make_scores(
    rejection: Rejection, training: Answers, labels: NDArray[np.int64]
) -> Mapping[str, Callable[[Answers], Scores]]:
    """
    Give every score by name, the manifest's own first; each is float64, one a row, higher for stranger.

    Args:
        rejection: of the manifest.
        training: of drawings the version was trained on: what scores of the features compare with.
        labels: int64, shape (num_rows,), of these.
    """
    ink = rejection.ink
    logit_scores: dict[str, Callable[[Answers], Scores]] = {
        "**the manifest's**": lambda answers: measure_strangeness(ink, answers.logits, answers.bitmaps),
        "energy": lambda answers: energy(answers.logits),
        "energy, T = 0.5": lambda answers: energy(answers.logits / np.float32(0.5)),
        "energy, T = 3": lambda answers: energy(answers.logits / np.float32(3)),
        "largest logit": lambda answers: -answers.logits.max(axis=1).astype(np.float64),
        "largest probability": lambda answers: -to_log_probabilities(answers.logits).max(axis=1),
        "entropy": measure_entropy,
    }
    if ink is not None:
        logit_scores["no ink"] = lambda answers: (~is_ink(ink, answers.bitmaps)).astype(np.float64)
    distances = {
        "Mahalanobis": _make_mahalanobis(training.features, labels),
        f"{NUM_NEIGHBOURS} nearest": _make_neighbours(training.features),
    }
    return logit_scores | distances


def measure_entropy(answers: Answers) -> Scores:
    """Measure how undecided the network is, in nats."""
    log_probabilities = to_log_probabilities(answers.logits)
    return np.asarray(-(np.exp(log_probabilities) * log_probabilities).sum(axis=1))


def _make_mahalanobis(features: NDArray[np.float32], labels: NDArray[np.int64]) -> Callable[[Answers], Scores]:
    """K. Lee et al., "A Simple Unified Framework for Detecting Out-of-Distribution Samples", NeurIPS 2018."""
    means = np.stack([features[labels == label].mean(axis=0) for label in np.unique(labels)]).astype(np.float64)
    centred = features - means[labels]
    inverse = np.linalg.pinv(centred.T @ centred / len(centred), hermitian=True)

    def measure(answers: Answers) -> Scores:
        ways = answers.features[:, np.newaxis] - means
        return np.asarray(np.einsum("nlf,fg,nlg->nl", ways, inverse, ways, optimize=True).min(axis=1))

    return measure


def _make_neighbours(features: NDArray[np.float32]) -> Callable[[Answers], Scores]:
    """Y. Sun et al., "Out-of-Distribution Detection with Deep Nearest Neighbors", ICML 2022."""
    bank = _to_unit(features[:: max(1, len(features) // BANK_SIZE)])

    def measure(answers: Answers) -> Scores:
        likeness = _to_unit(answers.features) @ bank.T
        return np.asarray(-np.sort(likeness, axis=1)[:, -NUM_NEIGHBOURS], np.float64)

    return measure


def _to_unit(features: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12))


def measure_area(known: Scores, strange: Scores) -> float:
    """
    Give the area under the ROC curve: how often a strange picture has the higher score; equal ones count half.

    >>> measure_area(np.array([0.0, 1.0]), np.array([1.0, np.inf]))
    0.875
    """
    scores = np.concatenate([known, strange])
    finite = np.where(np.isfinite(scores), scores, scores[np.isfinite(scores)].max(initial=0.0) + 1)
    curve = trace_roc(finite, np.arange(len(scores)) >= len(known))
    assert curve is not None, "no known or no strange picture"
    return curve.area


def measure_missed(known: Scores, strange: Scores, kept_share: float = 0.95) -> float:
    """
    Give the share of strange pictures taken for known where this share of the known ones is ("FPR95").

    >>> measure_missed(np.array([0.0, 1.0]), np.array([1.0, 2.0]))
    0.5
    """
    return float((strange <= np.quantile(known, kept_share, method="inverted_cdf")).mean())
