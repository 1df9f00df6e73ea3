"""Drift: nothing where nothing changed, much where much did, and no more than chance where only chance was at work."""

from random import Random

import numpy as np
import pytest

from doodle_db.drift import compare_labels, compare_numbers, measure_stability
from doodle_db.drift_samples import DrawingSample, measure_accuracy, measure_drift, part_newest

NAMES = ("cat", "dog", "fish")


def sample(number: int, *, labels: tuple[str, ...] = NAMES, ink: float = 0.2, seed: int = 0) -> DrawingSample:
    """Make drawings at random: every second one guessed, with some confidence."""
    random, numbers = Random(seed), np.random.default_rng(seed)
    is_guessed = np.arange(number) % 2 == 0
    return DrawingSample(
        labels=random.choices(labels, k=number),
        ink=numbers.normal(ink, 0.05, number),
        confidence=np.where(is_guessed, numbers.uniform(size=number), np.nan),
        is_right=is_guessed & (np.arange(number) % 4 == 0),
        versions=["0" * 12 if guessed else None for guessed in is_guessed],
    )


def test_the_index_is_the_books() -> None:
    """By hand: (0.9 - 0.5) ln(0.9 / 0.5) + (0.1 - 0.5) ln(0.1 / 0.5), but for the prior."""
    by_hand = 0.4 * np.log(0.9 / 0.5) - 0.4 * np.log(0.1 / 0.5)

    assert measure_stability(np.array([9_000, 1_000]), np.array([5_000, 5_000])) == pytest.approx(by_hand, rel=0.01)


def test_an_empty_class_is_no_infinity() -> None:
    """A label nobody draws any more weighs much, and the number stays one."""
    gone = measure_stability(np.array([1_000, 0]), np.array([500, 500]))

    assert 0.25 < gone < 10


@pytest.mark.parametrize("seed", range(5))
def test_chance_alone_is_no_drift(seed: int) -> None:
    """Two samples of one source stay below the first threshold of the rule of thumb."""
    found = measure_drift(sample(1_000, seed=seed), {"older": sample(2_000, seed=seed + 100)}, NAMES)

    assert [drift.feature for drift in found] == ["label", "ink", "confidence"]
    assert all(drift.index < 0.1 for drift in found)
    assert [drift.num_drawings for drift in found] == [1_000, 1_000, 500]


def test_another_pen_and_another_subject_are_drift() -> None:
    """More ink, and one label drawn no more: both indices rise above the second threshold."""
    present = sample(1_000, labels=NAMES[:2], ink=0.3)
    drifts = {drift.feature: drift.index for drift in measure_drift(present, {"base": sample(2_000, seed=1)}, NAMES)}

    assert drifts["label"] > 0.25
    assert drifts["ink"] > 0.25


def test_too_few_drawings_tell_nothing() -> None:
    """Of ninety-nine drawings no index is told."""
    assert measure_drift(sample(99), {"older": sample(2_000)}, NAMES) == []


def test_equal_numbers_have_no_deciles_to_trip_over() -> None:
    """Where all drawings are alike nothing has drifted."""
    same = np.full(500, 0.5)

    assert compare_numbers(same, same) == 0
    assert compare_labels(["cat"] * 9, ["cat"] * 9, NAMES) == 0


def test_the_newest_are_parted_in_halves_while_there_are_few() -> None:
    """Later the present has a fixed size, and the rest is what it is compared with."""
    assert [len(part) for part in part_newest(sample(250))] == [125, 125]
    assert [len(part) for part in part_newest(sample(3_000))] == [1_000, 2_000]


def test_only_its_own_guesses_are_counted_for_a_version() -> None:
    """Drawings nobody guessed, or another version did, say nothing about it."""
    assert measure_accuracy(sample(100), "0" * 12) == (0.5, 50)
    assert measure_accuracy(sample(100), "1" * 12) is None
