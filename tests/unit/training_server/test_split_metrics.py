"""What a trained network gets right is measured on each split by itself."""

import numpy as np
import pytest

from doodle_db.run_orders import Dataset
from doodle_db.training_sets import LabelledBitmaps
from training_server.fit import FitResult
from training_server.material import Material
from training_server.networks import build
from training_server.split_metrics import choose_test, measure_splits

NAMES = ("cat", "dog")


def rows(num: int, label: int) -> LabelledBitmaps:
    return LabelledBitmaps(np.zeros((num, 28, 28), np.uint8), np.full(num, label, np.int64))


MATERIAL = Material(rows(9, 0), rows(9, 0), recent=rows(3, 0), base=rows(2, 1))
LOGITS = {name: np.tile(np.array([2, 1], np.float32), (num, 1)) for name, num in (("recent", 3), ("base", 2))}


@pytest.mark.parametrize(
    ("dataset", "accuracy", "number"), [("base", 0, 2), ("users", 1, 3), ("new", 1, 3), ("all", 0.6, 5)]
)
def test_the_test_split_is_that_of_the_data_set(dataset: Dataset, accuracy: float, number: int) -> None:
    """Whoever trains on base data alone is tested on base data alone."""
    result = FitResult((), 0, validation=rows(0, 0), training=rows(40, 0))
    network = build("mlp", (28, 28, 1), 2, {})

    measured = measure_splits(network, result, choose_test(LOGITS, MATERIAL, dataset), NAMES, seed=1, num_measured=10)

    assert (measured["test"]["accuracy"], measured["test"]["num_doodles"]) == (pytest.approx(accuracy), number)
    assert measured["train"]["num_doodles"] == 10
    assert measured["validation"] is None


def test_a_split_without_rows_is_not_measured() -> None:
    """Nobody has drawn yet: there is no figure, not one of zero."""
    nothing = Material(rows(9, 0), rows(0, 0), recent=rows(0, 0), base=rows(0, 0))
    logits = {name: np.empty((0, 2), np.float32) for name in ("recent", "base")}
    result = FitResult((), 0, validation=rows(4, 1))

    measured = measure_splits(build("mlp", (28, 28, 1), 2, {}), result, choose_test(logits, nothing, "all"), NAMES, 1)

    assert (measured["train"], measured["test"], measured["validation"]["num_doodles"]) == (None, None, 4)
