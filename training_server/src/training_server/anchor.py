"""What holds a line of versions where it began: the founder's answers to base drawings."""

from collections.abc import Sequence

import keras
import numpy as np

from training_server.evaluate import predict_logits, to_log_probabilities
from training_server.holdouts import align
from training_server.lessons import Lessons
from training_server.material import Material


def anchor_to(
    founder: keras.Model, founder_names: Sequence[str], label_names: Sequence[str], material: Material
) -> Lessons:
    """
    Let the founder of the line say how base drawings in replay are to be answered, right or wrong.

    Were each version held to the answers of the one before, every run could move them a little further; and where a
    network is wrong on a drawing it was trained on, insisting on the label teaches it that drawing by heart, at the
    cost of others (docs/decisions/0030).

    Args:
        founder: the version a person put live last.
        founder_names: its labels, all of them among label_names.
        label_names: the candidate's.
        material: of the run.

    Returns:
        Answers to hold on to in replay: to base drawings of labels the founder knows; none to others.
    """
    replay = material.replay
    held = np.full((len(replay), len(label_names)), np.nan, np.float32)
    known = np.isin(replay.labels, [list(label_names).index(name) for name in founder_names])
    rows = np.flatnonzero(known[: material.num_base_replay])
    logits = align({"replay": predict_logits(founder, replay.bitmaps[rows])}, founder_names, label_names)["replay"]
    held[rows] = np.exp(to_log_probabilities(logits))
    return Lessons(held=held)
