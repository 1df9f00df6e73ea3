"""What holds a line of versions where it began."""

import numpy as np
import pytest

from doodle_db.training_sets import LabelledBitmaps
from training_server.anchor import anchor_to
from training_server.evaluate import predict_logits, to_log_probabilities
from training_server.material import Material
from training_server.networks import build

NOTHING = LabelledBitmaps(np.empty((0, 12, 12), np.uint8), np.empty(0, np.int64))
REPLAY = LabelledBitmaps(
    np.random.default_rng(0).integers(0, 255, (6, 12, 12)).astype(np.uint8), np.array([0, 1, 2, 0, 1, 2])
)
"""Four base drawings, two of users; label 2 is younger than the founder."""


def test_base_drawings_are_answered_as_the_founder_answers_them() -> None:
    """Users' drawings, and labels that came after the founder, are left to their labels."""
    founder = build("mlp", (12, 12, 1), 2, {}, seed=1)
    material = Material(NOTHING, REPLAY, NOTHING, NOTHING, num_base_replay=4)

    held = anchor_to(founder, ("cat", "dog"), ("cat", "dog", "mouse"), material).held

    assert held is not None
    assert np.isnan(held).any(axis=1).tolist() == [False, False, True, False, True, True]
    answers = np.exp(to_log_probabilities(predict_logits(founder, REPLAY.bitmaps)))
    assert held[[0, 1, 3], :2] == pytest.approx(answers[[0, 1, 3]], abs=1e-5)
    assert held[[0, 1, 3]].sum(axis=1) == pytest.approx(np.ones(3))


def test_without_base_data_nothing_is_held() -> None:
    """An installation that imported none learns from labels alone."""
    founder = build("mlp", (12, 12, 1), 3, {}, seed=1)
    material = Material(NOTHING, REPLAY, NOTHING, NOTHING)

    held = anchor_to(founder, ("cat", "dog", "mouse"), ("cat", "dog", "mouse"), material).held

    assert held is not None
    assert np.isnan(held).all()
