"""When a drawing looks like nothing known."""

import numpy as np
import pytest

from doodle_db.manifest import InkRange, Rejection
from doodle_db.rejection import energy, is_ink, is_unknown, measure_ink, measure_strangeness
from doodle_testing.scribbles import scribble
from doodle_testing.strange_pictures import make_noise

INK = InkRange(min_edges=0.5, max_edges=1.9, min_grey=0.1, max_grey=0.46)
SURE = np.array([[9, 0, 0]], np.float32)


def test_energy_by_hand() -> None:
    """-log of the sum of exponentials; a sure answer has less of it."""
    logits = np.log(np.array([[1, 1], [50, 50]], np.float32))

    assert energy(logits) == pytest.approx([-np.log(2), -np.log(100)], rel=1e-6)


def test_energy_of_large_logits_is_finite() -> None:
    """No overflow, whatever the network says."""
    assert energy(np.array([[1000.0, 1000.0]], np.float32)) == pytest.approx([-1000 - np.log(2)])


def test_ink_is_measured_by_hand() -> None:
    """A bar of two pixels in the corner: full ink beside half; its edges count where the paper ends, too."""
    bar = np.zeros((1, 3, 3), np.uint8)
    bar[0, 0, :2] = 255, 100

    measured = measure_ink(bar)

    # In its row 255 + 155 + 100; in its columns up and down, 2 * 255 and 2 * 100.
    assert measured.edges[0] == (510 + 710) / 355
    assert measured.grey[0] == 100 / 355


def test_blank_paper_is_no_ink() -> None:
    """Where nothing is drawn there is nothing to know, and nothing is divided by zero."""
    assert not is_ink(INK, np.zeros((1, 28, 28), np.uint8))[0]


def test_what_a_pen_draws_is_ink_and_noise_is_not() -> None:
    """A range like that of shipped versions: of noise nothing gets by, of lines nearly everything."""
    noise = np.concatenate(list(make_noise(20, 0, 28, 28).values()))
    lines = np.delete(scribble(120, 0, 28, 28), np.s_[5::6], axis=0)  # scratched-out areas are no lines

    assert not is_ink(INK, noise).any()
    assert is_ink(INK, lines).mean() >= 0.95


def test_without_a_range_the_energy_decides_alone() -> None:
    """As in versions that are older than the range."""
    picture = np.full((1, 28, 28), 255, np.uint8)

    alone = is_unknown(Rejection(score="energy", threshold=-1), SURE, picture)
    both = is_unknown(Rejection(score="energy", threshold=-1, ink=INK), SURE, picture)

    assert (alone[0], both[0]) == (False, True)


def test_what_is_no_ink_is_stranger_than_anything() -> None:
    """However sure the network is."""
    pictures = np.concatenate([scribble(1, 0, 28, 28), np.full((1, 28, 28), 255, np.uint8)])

    strangeness = measure_strangeness(INK, np.repeat(SURE, 2, axis=0), pictures)

    assert strangeness.tolist() == [energy(SURE)[0], np.inf]
