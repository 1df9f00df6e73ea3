"""Rows as arrays: put together, balanced, split."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import MAX_LABEL_WEIGHT, balance, join, num_replay_for, split_validation, take

some_labels = st.lists(st.integers(0, 4), min_size=1, max_size=200).map(lambda labels: np.array(labels, np.int64))


def numbered(start: int, count: int) -> LabelledBitmaps:
    """Rows whose only pixel is their number."""
    numbers = np.arange(start, start + count)
    return LabelledBitmaps(numbers.astype(np.uint8).reshape(-1, 1, 1), numbers % 3)


def test_joined_rows_keep_their_labels() -> None:
    """A bitmap and its label stay together."""
    joined = join(numbered(0, 4), numbered(10, 2))

    assert joined.bitmaps.ravel().tolist() == [0, 1, 2, 3, 10, 11]
    assert joined.labels.tolist() == [0, 1, 2, 0, 1, 2]


def test_taken_rows_keep_their_labels() -> None:
    """Rows can be taken in any order."""
    taken = take(numbered(0, 6), np.array([5, 0]))

    assert taken.bitmaps.ravel().tolist() == [5, 0]
    assert taken.labels.tolist() == [2, 0]


@given(st.integers(1, 100_000))
def test_replay_is_at_least_half(num_new: int) -> None:
    """Whatever comes in, old rows are never outnumbered."""
    assert num_replay_for(num_new) >= num_new


@given(some_labels)
def test_balanced_labels_count_the_same_up_to_a_limit(labels: NDArray[np.int64]) -> None:
    """Weights have mean 1; no row counts more than the limit times another; below it all labels sum to the same."""
    weights = balance(labels, 5)

    assert weights.dtype == np.float32
    assert weights.mean() == pytest.approx(1.0, abs=1e-5)
    assert weights.max() / weights.min() <= MAX_LABEL_WEIGHT + 1e-5
    counts = np.bincount(labels)
    if counts.max() <= MAX_LABEL_WEIGHT * counts[counts > 0].min():
        totals = [weights[labels == label].sum() for label in np.unique(labels)]
        assert totals == pytest.approx([totals[0]] * len(totals), rel=1e-4)


def test_a_label_with_hardly_a_row_does_not_shout() -> None:
    """One row against a thousand counts four times each of them, not a thousand times."""
    weights = balance(np.array([0] * 1000 + [1]), 2)

    assert weights[-1] / weights[0] == pytest.approx(MAX_LABEL_WEIGHT)


@given(some_labels, st.floats(0, 0.9), st.integers(0, 5))
def test_validation_takes_its_share_of_every_label(labels: NDArray[np.int64], share: float, seed: int) -> None:
    """Each row is on exactly one side, and every label keeps a row to learn from."""
    training, validation = split_validation(labels, share, seed)

    assert sorted([*training, *validation]) == list(range(len(labels)))
    assert set(labels[training]) == set(labels)
    for label in np.unique(labels):
        assert (labels[validation] == label).sum() == int((labels == label).sum() * share)


def test_the_same_seed_splits_the_same_way() -> None:
    """A run that is taken up again holds back the same rows."""
    labels = np.arange(100) % 3

    assert split_validation(labels, 0.2, 7)[1].tolist() == split_validation(labels, 0.2, 7)[1].tolist()
    assert split_validation(labels, 0.2, 7)[1].tolist() != split_validation(labels, 0.2, 8)[1].tolist()
