"""Answers of versions that know other labels, in the order of the candidate's."""

import numpy as np

from doodle_db.training_sets import LabelledBitmaps
from training_server.evaluate import to_log_probabilities
from training_server.holdouts import UNKNOWN, align, answer_for_unknown
from training_server.material import Material

LOGITS = np.array([[2.0, -1.0], [90.0, 91.0]], np.float32)


def test_known_labels_keep_their_logits_and_unknown_ones_get_as_good_as_nothing() -> None:
    """Whatever the order: first guesses stay, and what is said of the unknown label is a number."""
    aligned = align({"recent": LOGITS}, ("dog", "cat"), ("cat", "mouse", "dog"))["recent"]

    np.testing.assert_array_equal(aligned[:, [2, 0]], LOGITS)
    assert aligned.argmax(axis=1).tolist() == [2, 0]
    np.testing.assert_allclose(np.exp(to_log_probabilities(aligned))[:, 1], UNKNOWN, rtol=1e-3)


def test_the_same_labels_stay_as_they_are() -> None:
    """The usual run costs nothing."""
    logits = {"recent": LOGITS}

    assert align(logits, ("cat", "dog"), ("cat", "dog")) is logits


def test_a_holdout_without_rows_has_none_afterwards() -> None:
    """No recent drawing yet is nothing to stumble over."""
    assert align({"recent": LOGITS[:0]}, ("cat", "dog"), ("cat", "dog", "mouse"))["recent"].shape == (0, 3)


def test_for_what_the_founder_does_not_know_the_live_model_answers() -> None:
    """So the founder asks nothing of a candidate about labels that came after it."""
    rows = LabelledBitmaps(np.zeros((2, 2, 2), np.uint8), np.array([0, 1]))
    material = Material(rows, rows, rows, rows)
    founder, live = (dict.fromkeys(("recent", "base"), logits) for logits in (LOGITS, -LOGITS))

    asked = answer_for_unknown(founder, live, material, unknown=[1])

    np.testing.assert_array_equal(asked["base"], [LOGITS[0], -LOGITS[1]])
