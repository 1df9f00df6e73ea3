"""Figures on held-out drawings, by hand."""

import numpy as np
import pytest

from training_server.errors import ExamplesError
from training_server.evaluate import evaluate_logits, to_log_probabilities, to_metrics

LABELS = np.array([0, 0, 0, 1], np.int64)
LOGITS = np.log(np.array([[8, 1, 1], [6, 2, 2], [2, 6, 2], [1, 8, 1]], np.float32))


def test_figures_by_hand() -> None:
    """Three of four are right; the loss is the mean of -log of each label's share."""
    evaluation = evaluate_logits(LOGITS, LABELS)

    assert evaluation.num_doodles == 4
    assert evaluation.accuracy == 0.75
    assert evaluation.log_loss == pytest.approx(-np.log([0.8, 0.6, 0.2, 0.8]).mean(), rel=1e-6)
    assert evaluation.recalls[:2].tolist() == pytest.approx([2 / 3, 1.0])
    assert np.isnan(evaluation.recalls[2])
    assert evaluation.confusion.tolist() == [[2, 1, 0], [0, 1, 0], [0, 0, 0]]


def test_a_manifest_lists_only_recalls_that_were_measured() -> None:
    """A label without a drawing has no recall; NaN is not JSON."""
    metrics = to_metrics(evaluate_logits(LOGITS, LABELS), ("cat", "dog", "fish"))

    assert metrics.recalls == {"cat": pytest.approx(2 / 3), "dog": 1.0}


def test_large_logits_do_not_overflow() -> None:
    """Log-probabilities of very sure answers are finite."""
    log_probabilities = to_log_probabilities(np.array([[1000.0, 0.0], [-1000.0, 0.0]], np.float32))

    assert log_probabilities.tolist() == [[0.0, -1000.0], [-1000.0, 0.0]]


def test_no_row_has_no_figures() -> None:
    """An empty holdout is the caller's business, not a division by zero."""
    with pytest.raises(ExamplesError, match="give one label a row"):
        evaluate_logits(np.empty((0, 3), np.float32), np.empty(0, np.int64))
