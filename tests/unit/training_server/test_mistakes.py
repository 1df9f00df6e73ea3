"""The worst mistakes: the surest wrong answers."""

import numpy as np
import pytest

from training_server.mistakes import find_worst

LABELS = np.array([0, 1, 0, 1, 2], np.int64)
LOGITS = np.log(np.array([[8, 1, 1], [6, 2, 2], [1, 8, 1], [7, 2, 1], [6, 2, 2]], np.float32))


def test_the_surest_comes_first() -> None:
    """What is right is no mistake, however unsure; of equally sure ones the earlier row is first."""
    worst = find_worst(LOGITS, LABELS, at_most=10)

    assert [mistake.row for mistake in worst] == [2, 3, 1, 4]
    assert (worst[0].label, worst[0].guess) == (0, 1)
    assert worst[0].confidence == pytest.approx(0.8)
    assert worst[0].label_confidence == pytest.approx(0.1)


def test_no_more_than_asked_for() -> None:
    """The list is cut at its end."""
    assert [mistake.row for mistake in find_worst(LOGITS, LABELS, at_most=1)] == [2]


def test_nothing_wrong_is_an_empty_list() -> None:
    """Neither an empty holdout nor a perfect network is an error."""
    assert find_worst(LOGITS[:1], LABELS[:1], at_most=3) == []
    assert find_worst(np.empty((0, 3), np.float32), np.empty(0, np.int64), at_most=3) == []
