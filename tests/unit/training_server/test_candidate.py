"""What a candidate's manifest says of rejection: chosen by what training held back, ink as the parent has it."""

import keras
import numpy as np
import pytest

from doodle_db.manifest import InkRange, Rejection
from doodle_db.training_sets import LabelledBitmaps
from training_server.candidate import renew_rejection
from training_server.evaluate import predict_logits
from training_server.fit import FitResult
from training_server.material import Material
from training_server.networks import build
from training_server.rejection import choose_ink_range, choose_rejection

SIZE = 12
INK = InkRange(min_edges=0.0, max_edges=4.0, min_grey=0.0, max_grey=10.0)


def draw(num_rows: int, seed: int) -> LabelledBitmaps:
    """Any drawings."""
    bitmaps = np.random.default_rng(seed).integers(0, 256, (num_rows, SIZE, SIZE)).astype(np.uint8)
    return LabelledBitmaps(bitmaps, np.arange(num_rows, dtype=np.int64) % 2)


NOTHING = LabelledBitmaps(np.empty((0, SIZE, SIZE), np.uint8), np.empty(0, np.int64))
MATERIAL = Material(new=draw(30, 1), replay=draw(40, 2), recent=draw(5, 3), base=draw(5, 4))


@pytest.fixture(scope="module")
def network() -> keras.Model:
    """Knows nothing."""
    return build("mlp", (SIZE, SIZE, 1), 2, {"first_units": 16, "second_units": 8}, 1)


@pytest.mark.parametrize(("validation", "chosen_by"), [(draw(20, 5), draw(20, 5)), (NOTHING, MATERIAL.new)])
def test_it_is_chosen_by_what_was_held_back_or_else_by_what_is_new(
    network: keras.Model, validation: LabelledBitmaps, chosen_by: LabelledBitmaps
) -> None:
    """Drawings it was trained on flatter a network; there must be some all the same."""
    parent = Rejection(score="energy", threshold=-1.0, ink=INK)

    renewed = renew_rejection(parent, network, FitResult((), 0, validation), MATERIAL)

    assert renewed == choose_rejection(predict_logits(network, chosen_by.bitmaps), chosen_by.bitmaps, INK)


def test_a_parent_older_than_the_condition_learns_what_ink_is(network: keras.Model) -> None:
    """From all that was shown."""
    parent = Rejection(score="energy", threshold=-1.0)

    renewed = renew_rejection(parent, network, FitResult((), 0, draw(20, 5)), MATERIAL)

    assert renewed.ink == choose_ink_range(np.concatenate([MATERIAL.new.bitmaps, MATERIAL.replay.bitmaps]))
