"""Near-duplicates: the same drawing again is found, another drawing is none, and the work is bounded."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from doodle_testing.builders import LABEL_SET
from doodle_testing.real_drawings import sample_doodles
from training_server.screening.duplicates import find_duplicates, take_prints
from training_server.screening.policy import ScreeningPolicy

LIKENESS = ScreeningPolicy().min_likeness


def lines(num: int, seed: int = 0) -> NDArray[np.uint8]:
    """Draw three lines each, anywhere."""
    rng = np.random.default_rng(seed)
    bitmaps = np.zeros((num, 28, 28), np.uint8)
    for bitmap in bitmaps:
        for start, end in rng.integers(4, 24, (3, 2, 2)):
            for step in np.linspace(0, 1, 40):
                y, x = np.rint(start + step * (end - start)).astype(int)
                bitmap[y : y + 2, x : x + 2] = 255
    return bitmaps


def changed(bitmaps: NDArray[np.uint8], change: str) -> NDArray[np.uint8]:
    if change == "shifted":
        return np.roll(bitmaps, (2, -3), axis=(1, 2))
    if change == "shaded":
        return np.asarray(bitmaps * 0.8, np.uint8)
    copied = bitmaps.copy()
    copied[:, 14, 14] ^= 255
    return copied


@pytest.mark.parametrize("change", ["shifted", "shaded", "a pixel"])
def test_the_same_drawing_is_found(change: str) -> None:
    """Changes that leave it the same to the eye do not make it another."""
    bitmaps = lines(30)

    repeated = find_duplicates(np.concatenate([bitmaps, changed(bitmaps, change)]), LIKENESS)

    assert repeated[:30].max() == -1
    assert np.mean(repeated[30:] == np.arange(30)) > 0.9


def test_other_drawings_are_none() -> None:
    """Three lines elsewhere are another drawing."""
    assert find_duplicates(lines(300), LIKENESS).max() == -1


def test_parts_know_of_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """What bounds the memory decides nothing."""
    bitmaps = np.concatenate([lines(40), lines(40)])
    whole = find_duplicates(bitmaps, LIKENESS)

    monkeypatch.setattr("training_server.screening.duplicates.ROWS_AT_ONCE", 7)
    monkeypatch.setattr("training_server.screening.duplicates.PRINTS_AT_ONCE", 3)

    assert find_duplicates(bitmaps, LIKENESS).tolist() == whole.tolist()


def test_a_chain_ends_where_it_has_led_too_far() -> None:
    """Each a little different from the one before: those far from the first are not its repeats."""
    first, last = lines(2).astype(np.float64)
    steps = [first * (1 - share) + last * share for share in np.linspace(0, 1, 60)]

    repeated = find_duplicates(np.asarray(steps, np.uint8), LIKENESS)

    assert (repeated[1:3] == 0).all()
    assert (repeated == -1).sum() > 2


def test_no_drawing_and_no_ink() -> None:
    """Neither is an error, and blank paper is like nothing."""
    assert len(find_duplicates(np.zeros((0, 28, 28), np.uint8), LIKENESS)) == 0
    assert find_duplicates(np.zeros((3, 28, 28), np.uint8), LIKENESS).tolist() == [-1, -1, -1]
    assert take_prints(np.zeros((1, 28, 28), np.uint8)).max() == 0


def test_people_do_not_draw_the_same_twice(data_dir: Path) -> None:
    """Of real drawings hardly one in a hundred is taken for a repeat."""
    drawn = {each.bitmap: each for each in sample_doodles(data_dir, LABEL_SET, 1_200, Random(4))}
    bitmaps = np.stack([np.frombuffer(each, np.uint8).reshape(28, 28) for each in drawn])

    assert (find_duplicates(bitmaps, LIKENESS) >= 0).mean() < 0.01
