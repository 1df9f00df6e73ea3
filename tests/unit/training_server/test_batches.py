"""Batches: every row once an epoch, in an order the seed decides, drawings of other things behind them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from training_server.batches import Batch, Batches

NUM_LABELS = 3


def make(num: int, batch_size: int, seed: int = 0, num_others: int = 0) -> Batches:
    """Batches of rows whose every array tells which row it is; those of other things have inks from 200 on."""
    numbers = np.arange(num, dtype=np.float32)
    targets = np.repeat(numbers[:, None], NUM_LABELS, axis=1)
    rows = Batch(draw(np.arange(num)), targets, targets + 0.5, numbers)
    return Batches(rows, draw(200 + np.arange(num_others)) if num_others else None, batch_size, seed)


def draw(inks: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Bitmaps of 2 x 2, all of an ink."""
    return np.repeat(inks.astype(np.uint8), 4).reshape(-1, 2, 2)


def test_an_epoch_shows_every_row_once_with_what_belongs_to_it() -> None:
    """Bitmaps, targets, answers and weights of a row stay together, and none comes twice."""
    batches = make(12, batch_size=4)

    shown = list(batches)

    assert [len(each.bitmaps) for each in shown] == [4, 4, 4]
    assert len(batches) == 3
    rows = np.concatenate([each.bitmaps[:, 0, 0] for each in shown])
    assert sorted(rows) == list(range(12))
    np.testing.assert_array_equal(np.concatenate([each.weights for each in shown]), rows)
    np.testing.assert_array_equal(np.concatenate([each.targets[:, 1] for each in shown]), rows)
    np.testing.assert_array_equal(np.concatenate([each.answers[:, 2] for each in shown]), rows + 0.5)


def test_the_seed_decides_the_order_and_each_epoch_has_another() -> None:
    """Two epochs differ; the same seed gives the same two."""
    first, again, other = make(40, 8), make(40, 8), make(40, 8, seed=1)

    epochs = [[each.weights.tolist() for each in first] for _ in range(2)]

    assert epochs[0] != epochs[1]
    assert epochs == [[each.weights.tolist() for each in again] for _ in range(2)]
    assert epochs[0] != [each.weights.tolist() for each in other]


@pytest.mark.parametrize(("num", "sizes"), [(10, [4, 4]), (3, [3]), (4, [4])])
def test_rows_that_fill_no_batch_are_left_out_unless_there_are_no_others(num: int, sizes: list[int]) -> None:
    """Ten rows are two batches of four; three rows are one of three."""
    assert [len(each.bitmaps) for each in make(num, batch_size=4)] == sizes


def test_drawings_of_other_things_stand_behind_the_rows() -> None:
    """Half as many, with no target and the weight 1; all of them have their turn before one comes again."""
    batches = make(12, batch_size=4, num_others=6)

    shown = list(batches)

    for batch in shown:
        assert len(batch.bitmaps) == len(batch.targets) == len(batch.answers) == len(batch.weights) == 6
        assert (batch.bitmaps[:4] < 200).all()
        assert not batch.targets[4:].any()
        assert not batch.answers[4:].any()
        assert (batch.weights[4:] == 1).all()
    assert sorted(np.concatenate([each.bitmaps[4:, 0, 0] for each in shown])) == list(range(200, 206))


def test_the_background_goes_on_over_epochs() -> None:
    """Where an epoch shows two of five, two and a half epochs show all five."""
    batches = make(4, batch_size=4, num_others=5)

    others = [int(ink) for _ in range(5) for batch in batches for ink in batch.bitmaps[4:, 0, 0]]

    assert sorted(others[:5]) == sorted(others[5:]) == list(range(200, 205))
    assert others[:5] != others[5:]
