"""What a network is to answer to each row it is trained on."""

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.training_sets import LabelledBitmaps
from training_server.evaluate import predict_logits, to_log_probabilities
from training_server.fit_plan import FitPlan


def make_targets(
    network: keras.Model, training: LabelledBitmaps, plan: FitPlan, held: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """
    Say what the network is to answer to each row: its label, softened as the plan wants.

    With an anchor, rows the network is right on before training are also to be answered as they are answered now: what
    is known already is held without keeping every old drawing (docs/decisions/0005). Rows whose answer is given are to
    be answered so, right or wrong (docs/decisions/0030).

    Args:
        network: as it is before training.
        training: the rows.
        plan: its label_smoothing and anchor count here.
        held: float32, shape (num_rows, num_labels), each row a distribution, or NaN where no answer is given; None:
            nowhere.

    Returns:
        float32, shape (num_rows, num_labels); each row sums to 1; highest at its label, where no answer is given.

    Source: learning without forgetting, Li & Hoiem 2016, on new rows restricted to those that are right.
    """
    num_labels = network.output_shape[-1]
    exact = np.eye(num_labels, dtype=np.float32)[training.labels]
    targets = (1 - plan.label_smoothing) * exact + plan.label_smoothing / num_labels
    if plan.anchor:
        answers = np.exp(to_log_probabilities(predict_logits(network, training.bitmaps)))
        anchored = np.asarray(answers.argmax(axis=1) == training.labels, np.bool_)
        if held is not None:
            given = np.asarray(np.isfinite(held).all(axis=1), np.bool_)
            answers, anchored = np.where(given[:, np.newaxis], held, answers), anchored | given
        targets[anchored] = (1 - plan.anchor) * targets[anchored] + plan.anchor * answers[anchored]
    return np.asarray(targets, np.float32)
