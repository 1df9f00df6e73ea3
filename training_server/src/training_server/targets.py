"""What a network is to answer to each row it is trained on."""

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.training_sets import LabelledBitmaps
from training_server.evaluate import predict_logits, to_log_probabilities
from training_server.fit_plan import FitPlan
from training_server.lessons import NO_LESSONS, Lessons


def make_targets(
    network: keras.Model, training: LabelledBitmaps, plan: FitPlan, lessons: Lessons = NO_LESSONS
) -> NDArray[np.float32]:
    """
    Say what the network is to answer to each row: its label, softened as the plan wants, mixed with teachers' answers.

    With an anchor, rows the network is right on before training are also to be answered as they are answered now: what
    is known already is held without keeping every old drawing (docs/decisions/0005).

    Args:
        network: as it is before training.
        training: the rows.
        plan: its label_smoothing, distillation and anchor count here.
        lessons: for these rows.

    Returns:
        float32, shape (num_rows, num_labels); each row sums to 1. Without teachers it is highest at its label.

    Source: learning without forgetting, Li & Hoiem 2016, restricted to rows that are right; distillation, Hinton,
        Vinyals & Dean 2015, at temperature 1.
    """
    num_labels = network.output_shape[-1]
    exact = np.eye(num_labels, dtype=np.float32)[training.labels]
    targets = (1 - plan.label_smoothing) * exact + plan.label_smoothing / num_labels
    if lessons.answers is not None:
        targets = (1 - plan.distillation) * targets + plan.distillation * lessons.answers
    if plan.anchor:
        answers = np.exp(to_log_probabilities(predict_logits(network, training.bitmaps)))
        right = answers.argmax(axis=1) == training.labels
        targets[right] = (1 - plan.anchor) * targets[right] + plan.anchor * answers[right]
    return np.asarray(targets, np.float32)
