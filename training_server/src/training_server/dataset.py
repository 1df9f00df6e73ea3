"""Rows for training as arrays: put together, balanced and split; nothing here reads a database or knows TensorFlow."""

import numpy as np
from numpy.typing import NDArray

from doodle_db.training_sets import LabelledBitmaps

NUM_REPLAY = 6000
"""Old rows shown beside a delta: half as many cost another point on base drawings (docs/decisions/0005)."""

MAX_REPEATS = 6
"""How often a new row is shown in an epoch at most, where old ones are many more."""

MAX_LABEL_WEIGHT = 4.0
"""A label with hardly a row must not shout: its rows count at most this many times those of the commonest label."""


def take(examples: LabelledBitmaps, rows: NDArray[np.int64]) -> LabelledBitmaps:
    """Give these rows, in this order."""
    return LabelledBitmaps(examples.bitmaps[rows], examples.labels[rows])


def join(*parts: LabelledBitmaps) -> LabelledBitmaps:
    """Put rows of several sources behind each other."""
    return LabelledBitmaps(
        np.concatenate([part.bitmaps for part in parts]), np.concatenate([part.labels for part in parts])
    )


def num_replay_for(num_new: int) -> int:
    """
    Tell how many old rows a delta wants: enough to hold the ground, and at least as many as new ones.

    >>> num_replay_for(200), num_replay_for(9000)
    (6000, 9000)
    """
    return max(num_new, NUM_REPLAY)


def num_repeats_for(num_new: int, num_replay: int) -> int:
    """
    Tell how often to show new rows in an epoch, so that they are about a quarter of what is shown.

    >>> num_repeats_for(200, 6000), num_repeats_for(1000, 6000), num_repeats_for(5000, 6000)
    (6, 2, 1)
    """
    return min(MAX_REPEATS, max(1, num_replay // (3 * max(1, num_new))))


def balance(labels: NDArray[np.int64], num_labels: int, strength: float = 1.0) -> NDArray[np.float32]:
    """
    Weigh rows so that every label counts the same, up to MAX_LABEL_WEIGHT.

    Args:
        labels: int64, shape (num_rows,).
        num_labels: of the label set.
        strength: how far towards that, in [0, 1]; 0 leaves every row as it is.

    Returns:
        float32, shape (num_rows,); mean 1.

    >>> balance(np.array([0, 0, 1]), 2).tolist()
    [0.75, 0.75, 1.5]
    >>> balance(np.array([0, 0, 1]), 2, strength=0.0).tolist()
    [1.0, 1.0, 1.0]
    """
    counts = np.bincount(labels, minlength=num_labels)
    wanted = counts.max() / np.maximum(counts, 1)
    weights = np.minimum(wanted, MAX_LABEL_WEIGHT)[labels] ** strength
    return np.asarray(weights / weights.mean(), np.float32)


def split_validation(labels: NDArray[np.int64], share: float, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Hold back a part of each label's rows; at least one row of each label stays in training.

    Args:
        labels: int64, shape (num_rows,).
        share: part to hold back, in [0, 1).
        seed: of the draw.

    Returns:
        Row numbers for training and for validation, both in rising order.
    """
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    held = [
        of_label[: int(len(of_label) * share)]
        for label in np.unique(labels)
        for of_label in [shuffled[labels[shuffled] == label]]
    ]
    validation = np.sort(np.concatenate([*held, np.empty(0, np.int64)]))
    return np.setdiff1d(np.arange(len(labels)), validation), validation
