"""Statistics for two models measured on the same rows."""

from fractions import Fraction
from math import comb

import numpy as np
from numpy.typing import NDArray

RESAMPLES_AT_ONCE = 100
"""Bounds memory: this many times the number of rows, eight bytes each."""


def mcnemar_p(num_won: int, num_lost: int) -> float:
    """
    Tell how likely it is to win this often or oftener, were both models equally good (exact, one-sided).

    Only rows on which exactly one of the two is right say anything; each is then a fair coin.

    Args:
        num_won: rows on which only the candidate is right.
        num_lost: rows on which only the other is right.

    Returns:
        Probability in (0, 1]; 1 if no row says anything.

    Source: McNemar 1947, in its exact form: the binomial test on discordant pairs.

    >>> mcnemar_p(5, 0)
    0.03125
    """
    return chance_p(num_won, num_won + num_lost, num_choices=2)


def chance_p(num_right: int, num_rows: int, num_choices: int) -> float:
    """
    Tell how likely it is to be right this often or oftener by guessing blindly (exact, one-sided).

    Args:
        num_right: rows guessed right.
        num_rows: all rows.
        num_choices: labels to choose from, at least two.

    Returns:
        Probability in (0, 1]; 1 without rows.

    >>> chance_p(1, 2, num_choices=6) == 11 / 36
    True
    """
    ways = sum(
        comb(num_rows, right) * (num_choices - 1) ** (num_rows - right) for right in range(num_right, num_rows + 1)
    )
    return float(Fraction(ways, num_choices**num_rows))


def bootstrap_lower_bound(gains: NDArray[np.float64], confidence: float, num_resamples: int, seed: int) -> float:
    """
    Tell what the mean gain is at least, with some confidence (percentile bootstrap over rows, one-sided).

    Args:
        gains: float64, shape (num_rows,), at least one; per row, positive where the candidate is better.
        confidence: in (0, 1).
        num_resamples: how often rows are drawn anew.
        seed: of the drawing; the same seed gives the same bound.

    Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
    """
    random = np.random.default_rng(seed)
    means = [
        gains[random.integers(0, len(gains), (min(RESAMPLES_AT_ONCE, num_resamples - start), len(gains)))].mean(axis=1)
        for start in range(0, num_resamples, RESAMPLES_AT_ONCE)
    ]
    return float(np.quantile(np.concatenate(means), 1.0 - confidence))
