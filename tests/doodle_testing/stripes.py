"""Rows that any network learns within seconds."""

import keras
import numpy as np

from doodle_db.training_sets import LabelledBitmaps
from training_server.evaluate import evaluate_logits, predict_logits
from training_server.fit_plan import FitPlan

SHAPE = (28, 28, 1)
"""Height, width, channels."""

PLAN = FitPlan(epochs=3, batch_size=32, learning_rate=3e-3, augmentation=None)


def stripes(num_rows: int, seed: int = 0) -> LabelledBitmaps:
    """Rows of two labels that are easy to tell apart: a line across, a line down, each somewhere."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, num_rows)
    bitmaps = np.zeros((num_rows, 28, 28), np.uint8)
    for bitmap, label, place in zip(bitmaps, labels, random.integers(2, 25, num_rows), strict=True):
        bitmap[(slice(place, place + 2), slice(3, 25)) if label else (slice(3, 25), slice(place, place + 2))] = 255
    return LabelledBitmaps(bitmaps, labels)


def accuracy_of(network: keras.Model, rows: LabelledBitmaps) -> float:
    """Share of rows a network is right on."""
    return evaluate_logits(predict_logits(network, rows.bitmaps), rows.labels).accuracy
