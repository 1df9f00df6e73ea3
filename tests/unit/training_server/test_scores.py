"""Precision, recall, F1 and their averages, by hand."""

from dataclasses import astuple

import numpy as np
import pytest

from training_server.scores import AverageScores, LabelScores, score_labels

CONFUSION = np.array([[6, 2, 0, 0], [1, 3, 0, 0], [2, 2, 0, 0], [0, 0, 0, 0]], np.int64)
"""Of the third label there are drawings nobody finds; of the fourth there are none."""


def test_scores_by_hand() -> None:
    """Precision is of the column, recall of the row, F1 their harmonic mean."""
    first, second, _, _ = score_labels(CONFUSION).labels

    assert first == LabelScores(8, 9, 6 / 9, 6 / 8, 12 / 17)
    assert second == LabelScores(4, 7, 3 / 7, 3 / 4, 6 / 11)


def test_what_cannot_be_measured_is_none() -> None:
    """A label never guessed has no precision, one without drawings no recall; neither is a division by zero."""
    _, _, never_guessed, nowhere = score_labels(CONFUSION).labels

    assert never_guessed == LabelScores(4, 0, None, 0.0, 0.0)
    assert nowhere == LabelScores(0, 0, None, None, None)


def test_a_label_that_is_only_guessed() -> None:
    """Without a drawing every guess of it is wrong: precision and F1 are 0, there is no recall."""
    assert score_labels(np.array([[1, 1], [0, 0]])).labels[1] == LabelScores(0, 1, 0.0, None, 0.0)


def test_averages_by_hand() -> None:
    """Over the three labels that have drawings; the one never guessed counts with 0."""
    scores = score_labels(CONFUSION)

    macro = ((6 / 9 + 3 / 7 + 0) / 3, (6 / 8 + 3 / 4 + 0) / 3, (12 / 17 + 6 / 11 + 0) / 3)
    weighted = ((8 * 6 / 9 + 4 * 3 / 7) / 16, 9 / 16, (8 * 12 / 17 + 4 * 6 / 11) / 16)
    assert astuple(scores.macro) == pytest.approx(macro)
    assert astuple(scores.weighted) == pytest.approx(weighted)


def test_nothing_has_no_average() -> None:
    """A matrix of zeros gives no number at all."""
    scores = score_labels(np.zeros((2, 2), np.int64))

    assert scores.macro == scores.weighted == AverageScores(None, None, None)


def test_the_weighted_recall_is_the_accuracy() -> None:
    """Both count the drawings that are found."""
    confusion = np.random.default_rng(0).integers(1, 50, (5, 5))

    assert score_labels(confusion).weighted.recall == pytest.approx(np.trace(confusion) / confusion.sum())
