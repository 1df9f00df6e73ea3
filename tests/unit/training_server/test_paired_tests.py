"""Two models on the same rows: when a difference is more than chance."""

import numpy as np
import pytest

from training_server.paired_tests import chance_p, mcnemar_p, sign_flip_p


@pytest.mark.parametrize(
    ("num_won", "num_lost", "expected"),
    [
        (0, 0, 1.0),
        (1, 0, 1 / 2),
        (5, 0, 1 / 32),
        (0, 5, 1.0),
        (1, 1, 3 / 4),
        (8, 2, (45 + 10 + 1) / 1024),
        (9, 1, (10 + 1) / 1024),
        (3, 3, (20 + 15 + 6 + 1) / 64),
    ],
)
def test_mcnemar_by_hand(num_won: int, num_lost: int, expected: float) -> None:
    """The exact one-sided p is the tail of a fair coin, counted by hand."""
    p = mcnemar_p(num_won, num_lost)

    assert p == pytest.approx(expected, rel=1e-12)


def test_mcnemar_of_thousands_of_rows_stays_exact() -> None:
    """Large counts neither overflow nor round to nothing."""
    assert mcnemar_p(2000, 2000) == pytest.approx(0.5 + 0.5 * 0.012615, abs=1e-4)
    assert 0 < mcnemar_p(3000, 2000) < 1e-40


def test_winning_more_is_never_less_likely_to_be_real() -> None:
    """p falls as wins replace losses."""
    values = [mcnemar_p(won, 20 - won) for won in range(21)]

    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("num_right", "num_rows", "expected"),
    [(0, 0, 1.0), (0, 3, 1.0), (3, 3, 1 / 216), (1, 2, 11 / 36), (2, 3, (3 * 5 + 1) / 216)],
)
def test_guessing_one_of_six_by_hand(num_right: int, num_rows: int, expected: float) -> None:
    """The tail of a fair die, counted by hand."""
    assert chance_p(num_right, num_rows, num_choices=6) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("gains", "expected"),
    [
        ([1.0] * 5, 1 / 32),
        ([1.0] * 8 + [-1.0] * 2, (45 + 10 + 1) / 1024),
        ([3.0, 2.0, 1.0], 1 / 8),
        ([3.0, -1.0, 1.0], 3 / 8),
        ([-1.0] * 5, 1.0),
        ([0.0] * 5, 1.0),
        ([], 1.0),
    ],
)
def test_sign_flips_by_hand(gains: list[float], expected: float) -> None:
    """Among all ways to sign the gains, the share whose sum is as large; where all are of one size, McNemar's p."""
    p = sign_flip_p(np.array(gains), 40_000, seed=0)

    assert p == pytest.approx(expected, abs=0.01)


def test_a_gain_that_is_no_number_is_none() -> None:
    """NaN and infinity are never better."""
    assert sign_flip_p(np.array([1.0] * 20 + [np.nan]), 1000, seed=0) == 1.0


def test_few_rows_with_one_large_gain_are_no_proof() -> None:
    """One drawing is as likely to be lost: nothing is below a half."""
    assert sign_flip_p(np.array([9.0] + [0.0] * 30), 2000, seed=0) > 0.45


def test_equal_models_seldom_look_better() -> None:
    """Gains of either sign alike come out below alpha as often as alpha says, also where tails are long."""
    random = np.random.default_rng(6)
    gains = random.standard_t(2, size=(1000, 30))

    share = np.mean([sign_flip_p(each, 400, seed=number) < 0.025 for number, each in enumerate(gains)])

    assert share < 0.035


def test_the_same_seed_gives_the_same_p() -> None:
    """A verdict can be repeated."""
    gains = np.random.default_rng(5).normal(size=50)

    assert sign_flip_p(gains, 500, seed=7) == sign_flip_p(gains, 500, seed=7)
