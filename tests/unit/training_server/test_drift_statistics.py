"""The statistics of drift: nothing where nothing changed, much where much did, and chance told from both."""

import numpy as np
import pytest

from training_server.drift_statistics import (
    compare_by_kernel,
    compare_classes,
    compare_numbers,
    cut_into_deciles,
    draw_splits,
    measure_kernel,
    measure_likeness,
    measure_stability,
)

NOW, THEN = 100, 200


def random_of(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def splits_of(blocks: np.ndarray | None = None, num_shuffles: int = 199) -> np.ndarray:
    return draw_splits(np.arange(NOW + THEN) if blocks is None else blocks, NOW, num_shuffles, random_of(1))


def test_the_index_is_the_books() -> None:
    """By hand: (0.9 - 0.5) ln(0.9 / 0.5) + (0.1 - 0.5) ln(0.1 / 0.5), but for the prior."""
    by_hand = 0.4 * np.log(0.9 / 0.5) - 0.4 * np.log(0.1 / 0.5)

    measured = measure_stability(np.array([9_000.0, 1_000.0]), np.array([5_000.0, 5_000.0]))

    assert float(measured) == pytest.approx(by_hand, rel=0.01)


def test_an_empty_class_is_no_infinity() -> None:
    """A label nobody draws any more weighs much, and the number stays one."""
    assert 0.25 < float(measure_stability(np.array([1_000.0, 0.0]), np.array([500.0, 500.0]))) < 10


def test_what_chance_gives_is_the_bias_of_the_book() -> None:
    """Of two samples of one source the index comes to about (classes - 1)(1/n + 1/m), and that is taken off."""
    classes = np.arange(NOW + THEN) % 10

    found = compare_classes(classes, 10, splits_of(num_shuffles=999))

    assert found.chance == pytest.approx(9 * (1 / NOW + 1 / THEN), rel=0.15)
    assert found.value == 0


def test_the_first_split_is_the_real_one() -> None:
    """The others have as many present drawings, or more by less than a block."""
    blocks = np.concatenate([np.arange(NOW) // 7, 1_000 + np.arange(THEN) // 7])

    splits = splits_of(blocks)

    assert splits[0].tolist() == [1] * NOW + [0] * THEN
    assert splits[1:].sum(axis=1).min() >= NOW
    assert splits[1:].sum(axis=1).max() < NOW + 7


def test_blocks_stay_together() -> None:
    """What one person drew is shuffled as one."""
    blocks = np.arange(NOW + THEN) // 5

    for split in splits_of(blocks, 20):
        assert set(np.unique(split.reshape(-1, 5).sum(axis=1)).tolist()) <= {0.0, 5.0}


def test_a_keen_person_is_no_change() -> None:
    """Sittings with a habit each: drawing by drawing they pass for a change far too often, as blocks they do not."""
    found = {True: 0, False: 0}
    sittings = np.repeat(np.arange((NOW + THEN) // 10), 10)
    for seed in range(40):
        numbers = (
            random_of(seed).normal(size=sittings.max() + 1)[sittings] + random_of(99).normal(size=len(sittings)) / 9
        )
        for in_blocks in found:
            splits = draw_splits(sittings if in_blocks else np.arange(len(sittings)), NOW, 99, random_of(seed))
            found[in_blocks] += compare_numbers(numbers, splits).p_value <= 0.05

    assert found[False] > 20
    assert found[True] <= 6


def test_p_values_are_those_of_a_test() -> None:
    """Where nothing has changed they are spread evenly: one in ten is below a tenth."""
    below = 0
    for seed in range(200):
        vectors = random_of(seed).normal(size=(60, 4)).astype(np.float32)
        splits = draw_splits(np.arange(60), 20, 99, random_of(seed))
        below += compare_by_kernel(measure_kernel(vectors), splits).p_value <= 0.1

    assert 8 <= below <= 33


def test_the_kernel_test_is_the_books() -> None:
    """The same as the unbiased formula of Gretton et al., written out."""
    vectors = random_of(2).normal(size=(NOW + THEN, 3)).astype(np.float32)
    vectors[:NOW] += 0.5
    kernel = measure_kernel(vectors)
    splits = splits_of()

    found = compare_by_kernel(kernel, splits)

    now, then = slice(0, NOW), slice(NOW, None)
    by_hand = (
        kernel[now, now].sum() / (NOW * (NOW - 1))
        + kernel[then, then].sum() / (THEN * (THEN - 1))
        - 2 * kernel[now, then].mean()
    )
    assert found.value + found.chance == pytest.approx(by_hand, rel=1e-4)
    assert found.p_value == 1 / splits.shape[0]
    assert measure_likeness(kernel, NOW)[:NOW].mean() > measure_likeness(kernel, NOW)[NOW:].mean()


def test_the_kernels_width_is_the_median_distance() -> None:
    """Three points in a row, 1 apart: the median of 1, 1, 2 is 1."""
    kernel = measure_kernel(np.array([[0.0], [1.0], [2.0]], np.float32))

    assert kernel[0] == pytest.approx([0, np.exp(-0.5), np.exp(-2)])


def test_equal_drawings_trip_over_nothing() -> None:
    """Where all are alike nothing has changed: no decile and no distance to divide by."""
    same = np.full(NOW + THEN, 0.5)

    assert set(cut_into_deciles(same).tolist()) == {1}
    assert (compare_numbers(same, splits_of()).value, compare_numbers(same, splits_of()).p_value) == (0, 1)
    kernel = measure_kernel(np.ones((NOW + THEN, 2), np.float32))
    assert compare_by_kernel(kernel, splits_of()).p_value == 1


def test_the_same_seed_gives_the_same() -> None:
    """The same drawings are always judged alike."""
    numbers = random_of(3).normal(size=NOW + THEN)

    assert compare_numbers(numbers, splits_of()) == compare_numbers(numbers, splits_of())
