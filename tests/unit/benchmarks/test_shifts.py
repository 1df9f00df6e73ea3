"""Shifted drawings are what they are said to be."""

import numpy as np

from benchmarks.drills.shifts import Shift, shift, shrink_and_turn, thin


def draw_bar() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """One drawing: an upright bar, two pixels wide."""
    bitmaps = np.zeros((1, 28, 28), np.uint8)
    bitmaps[0, 4:24, 13:15] = 255
    return bitmaps


def test_a_finer_pen_takes_a_pixel_off_a_line() -> None:
    """All of the rim goes, or the share asked for."""
    whole, half = thin(draw_bar(), np.array([1.0])), thin(draw_bar(), np.array([0.5]))

    assert (whole[0, 10, 13], whole[0, 10, 14]) == (255, 0)
    assert (half[0, 10, 13], half[0, 10, 14]) == (255, 128)


def test_a_turned_pad_turns_the_drawing_clockwise() -> None:
    """An upright bar leans to the right at the top after a turn of 45 degrees."""
    turned = shrink_and_turn(draw_bar(), np.ones(1), np.radians([45.0]))[0]

    assert turned[:14, 14:].sum() > 5 * turned[:14, :14].sum()


def test_a_smaller_drawing_stays_in_the_middle() -> None:
    """Half the height is left, about the same centre."""
    rows = np.flatnonzero(shrink_and_turn(draw_bar(), np.array([0.5]), np.zeros(1))[0].any(axis=1))

    assert abs(len(rows) - 10) <= 1
    assert abs(rows.mean() - 13.5) <= 0.5


def test_no_drawing_vanishes() -> None:
    """Whatever the amounts, there is something to learn from; the same seed gives the same drawings."""
    bitmaps = np.repeat(draw_bar(), 50, axis=0)

    shifted = shift(bitmaps, Shift(), np.random.default_rng(0))

    assert shifted.any(axis=(1, 2)).all()
    assert np.array_equal(shifted, shift(bitmaps, Shift(), np.random.default_rng(0)))
