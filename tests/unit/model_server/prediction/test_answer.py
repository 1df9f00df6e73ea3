"""What is said of logits: the same as a page says."""

import numpy as np
import pytest

from doodle_db.manifest import InkRange, Rejection
from doodle_testing.builders import LABEL_SET, manifest
from model_server.prediction.answer import describe, softmax

BITMAPS = np.zeros((2, 28, 28), np.uint8)
BITMAPS[:, 10:18, 10:12] = 255


def test_equal_labels_stand_in_the_manifests_order() -> None:
    """As on a page, where sorting keeps it, too."""
    (first, _) = describe(manifest(), np.zeros((2, 6), np.float32), BITMAPS, 6)

    assert [each["label"] for each in first["top"]] == list(LABEL_SET.names)


def test_what_no_pen_draws_is_not_known() -> None:
    """Whatever the network is sure of: the manifest's ink range decides, too, and the energy is told as it is."""
    limits = InkRange(min_edges=0, max_edges=0.1, min_grey=0, max_grey=1)
    sure = np.array([[9, 0, 0, 0, 0, 0]] * 2, np.float32)
    without = manifest().model_copy(update={"rejection": Rejection(score="energy", threshold=0)})
    with_ink = manifest().model_copy(update={"rejection": Rejection(score="energy", threshold=0, ink=limits)})

    assert [each["known"] for each in describe(without, sure, BITMAPS, 1)] == [True, True]
    told = describe(with_ink, sure, BITMAPS, 1)

    assert [each["known"] for each in told] == [False, False]
    assert told[0]["rejection_score"] == pytest.approx(-9.0, abs=0.001)


def test_probabilities_are_numbers_whatever_the_logits() -> None:
    """Logits of thousands overflow an exponential."""
    rows = softmax(np.array([[5000, -5000, 0], [-5000, -5000, -5000]], np.float32))

    assert np.isfinite(rows).all()
    assert rows.sum(axis=1).tolist() == pytest.approx([1, 1])
