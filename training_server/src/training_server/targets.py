"""What a network is to answer to each row it is trained on."""

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.training_sets import LabelledBitmaps
from training_server.evaluate import predict_logits, to_log_probabilities
from training_server.fit_plan import FitPlan


def make_targets(network: keras.Model, training: LabelledBitmaps, plan: FitPlan) -> NDArray[np.float32]:
    """
    Say what the network is to answer to each row: its label, softened as the plan wants.

    With an anchor, rows the network is right on before training are also to be answered as they are answered now: what
    is known already is held without keeping every old drawing (docs/decisions/0005).

    Args:
        network: as it is before training.
        training: the rows.
        plan: its label_smoothing and anchor count here.

    Returns:
        float32, shape (num_rows, num_labels); each row sums to 1 and is highest at its label.

    Source: learning without forgetting, Li & Hoiem 2016, restricted to rows that are right.
    """
    num_labels = network.output_shape[-1]
    exact = np.eye(num_labels, dtype=np.float32)[training.labels]
    targets = (1 - plan.label_smoothing) * exact + plan.label_smoothing / num_labels
    if plan.anchor:
        answers = np.exp(to_log_probabilities(predict_logits(network, training.bitmaps)))
        right = answers.argmax(axis=1) == training.labels
        targets[right] = (1 - plan.anchor) * targets[right] + plan.anchor * answers[right]
    return np.asarray(targets, np.float32)
