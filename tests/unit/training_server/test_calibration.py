"""Confidence against accuracy, by hand."""

import numpy as np
import pytest

from training_server.calibration import CalibrationBin, calibrate


def test_bins_by_hand() -> None:
    """A bin holds its lower edge; the last one its upper edge, too."""
    calibration = calibrate(np.array([0.5, 0.7, 0.75, 1.0]), np.array([True, False, True, True]), num_bins=4)

    empty = [CalibrationBin(0.0, 0.25, 0, None, None), CalibrationBin(0.25, 0.5, 0, None, None)]
    half = CalibrationBin(0.5, 0.75, 2, 0.6, 0.5)
    assert list(calibration.bins) == [*empty, half, CalibrationBin(0.75, 1.0, 2, 0.875, 1.0)]


def test_the_error_weighs_each_bin_by_its_drawings() -> None:
    """Three drawings of four are 0.1 off, one is 0.5 off."""
    calibration = calibrate(np.array([0.9, 0.9, 0.9, 0.5]), np.array([True, True, True, True]))

    assert calibration.error == pytest.approx(0.75 * 0.1 + 0.25 * 0.5)


def test_who_is_right_as_often_as_told_has_no_error() -> None:
    """Nine of ten at 0.9."""
    right = np.array([True] * 9 + [False])

    assert calibrate(np.full(10, 0.9), right).error == pytest.approx(0.0)
