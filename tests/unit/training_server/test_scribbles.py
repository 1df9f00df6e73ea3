"""Pen lines that mean nothing."""

import numpy as np

from doodle_db.rejection import is_ink
from training_server.rejection import choose_ink_range
from training_server.scribbles import SCRIBBLES_SHARE, add_scribbles, make_scribbles


def test_the_same_seed_draws_the_same() -> None:
    """A version trained against scribbles can be trained again."""
    first, again, other = (make_scribbles(5, seed, 28, 28) for seed in (1, 1, 2))

    assert (first == again).all()
    assert (first != other).any()


def test_no_two_are_alike_and_each_is_ink() -> None:
    """They teach nothing but shape: by ink alone they are drawings like any other."""
    scribbles = make_scribbles(50, 1, 28, 28)

    assert len(np.unique(scribbles.reshape(50, -1), axis=0)) == 50
    assert is_ink(choose_ink_range(make_scribbles(200, 2, 28, 28)), scribbles).mean() > 0.95


def test_drawings_of_other_things_stay_first_and_whole() -> None:
    """Scribbles come behind, as many as their share says; of nothing there is nothing to add."""
    drawings = np.full((40, 20, 16), 7, np.uint8)

    together = add_scribbles(drawings, seed=3)

    assert together.shape == (40 + round(40 * SCRIBBLES_SHARE), 20, 16)
    assert (together[:40] == 7).all()
    assert len(add_scribbles(drawings[:0], seed=3)) == 0
