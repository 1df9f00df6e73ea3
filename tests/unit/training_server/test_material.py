"""Replay is at least half of what a run trains on, as long as there is enough of it."""

import numpy as np
import pytest

from doodle_db.training_sets import LabelledBitmaps
from training_server.material import draw_both, draw_replay

NUM_LABELS = 3


class Shelf:
    """Old drawings: so many of each label; counts how often it is asked."""

    def __init__(self, *counts: int) -> None:
        self.counts = counts
        self.num_asked = 0

    def select(self, num_per_label: int) -> LabelledBitmaps:
        self.num_asked += 1
        taken = [min(count, num_per_label) for count in self.counts]
        labels = np.repeat(np.arange(len(taken)), taken)
        return LabelledBitmaps(np.ones((len(labels), 2, 2), np.uint8), labels)


@pytest.mark.parametrize(
    ("counts", "drawn"),
    [
        pytest.param((500, 500, 500), (100, 100, 100), id="enough of all"),
        pytest.param((500, 500, 10), (145, 145, 10), id="a scarce label is made up for"),
        pytest.param((500, 0, 0), (300, 0, 0), id="only one label"),
        pytest.param((20, 30, 40), (20, 30, 40), id="too little: all there is"),
        pytest.param((0, 0, 0), (0, 0, 0), id="nothing"),
    ],
)
def test_replay_is_shared_out_over_the_labels(counts: tuple[int, ...], drawn: tuple[int, ...]) -> None:
    """As even as the shelf allows, and no fewer than wanted while there are any."""
    replay = draw_replay(Shelf(*counts).select, num_wanted=300, num_labels=NUM_LABELS)

    assert tuple(np.bincount(replay.labels, minlength=NUM_LABELS)) == drawn


def test_an_even_shelf_is_read_once() -> None:
    """The usual case costs one query a label."""
    shelf = Shelf(500, 500, 500)

    draw_replay(shelf.select, num_wanted=300, num_labels=NUM_LABELS)

    assert shelf.num_asked == 1


@pytest.mark.parametrize(
    ("base", "older", "drawn"),
    [
        pytest.param((900,) * 3, (900,) * 3, (150, 150), id="half and half"),
        pytest.param((900,) * 3, (9,) * 3, (273, 27), id="few older ones: base data makes up for it"),
        pytest.param((20,) * 3, (900,) * 3, (60, 240), id="little base data: older ones make up for it"),
        pytest.param((0,) * 3, (900,) * 3, (0, 300), id="no base data"),
        pytest.param((900,) * 3, (0,) * 3, (300, 0), id="nothing older"),
        pytest.param((10,) * 3, (20,) * 3, (30, 60), id="too little: all there is"),
    ],
)
def test_users_do_not_crowd_out_base_data(
    base: tuple[int, ...], older: tuple[int, ...], drawn: tuple[int, int]
) -> None:
    """At least half of replay is what holds the ground, however many doodles there are."""
    trusted, others = draw_both(Shelf(*base).select, Shelf(*older).select, num_wanted=300, num_labels=NUM_LABELS)

    assert (len(trusted), len(others)) == drawn
