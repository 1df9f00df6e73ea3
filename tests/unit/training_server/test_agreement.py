"""When two lists of logits say the same."""

import numpy as np
import pytest

from training_server.agreement import ExportCheck, largest_difference


def test_small_logits_are_compared_as_they_are() -> None:
    """Below 1 a difference counts in full."""
    assert largest_difference(np.array([[0.25]], np.float32), np.array([[0.0]], np.float32)) == 0.25


def test_large_logits_are_compared_by_share() -> None:
    """At 100 a difference of one is one percent."""
    assert largest_difference(np.array([[101.0]], np.float32), np.array([[100.0]], np.float32)) == pytest.approx(0.01)


def test_other_shapes_never_agree() -> None:
    """A file that answers for fewer labels or drawings is not the network's."""
    assert largest_difference(np.zeros((2, 5), np.float32), np.zeros((2, 6), np.float32)) == float("inf")


def test_nan_never_agrees() -> None:
    """An answer that is no number is no answer, even if the network gives none either."""
    nan = np.array([[np.nan]], np.float32)

    assert not ExportCheck(1, dict.fromkeys(("weights", "onnx", "tfjs"), largest_difference(nan, nan))).agrees


def test_the_largest_of_all_is_told() -> None:
    """One number for an operator; NaN shows."""
    assert ExportCheck(1, {"onnx": 1e-7, "tfjs": 3e-7}).largest == 3e-7
    assert np.isnan(ExportCheck(1, {"onnx": 1e-7, "tfjs": float("nan")}).largest)
    assert np.isnan(ExportCheck(1, {}).largest)
