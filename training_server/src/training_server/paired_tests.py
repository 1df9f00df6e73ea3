"""Statistics for two models measured on the same rows."""

from fractions import Fraction
from math import comb

import numpy as np
from numpy.typing import NDArray

FLIPS_AT_ONCE = 1_000
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


def sign_flip_p(gains: NDArray[np.float64], num_flips: int, seed: int) -> float:
    """
    Tell how likely a mean gain of this size or larger is, were both models equally good (random sign flips, one-sided).

    If it does not matter which model is called the candidate, each row's gain is as likely to have the other sign.

    Args:
        gains: float64, shape (num_rows,); per row, positive where the candidate is better.
        num_flips: how often all signs are thrown; no p below 1 / (num_flips + 1) can be told.
        seed: of the throws; the same seed gives the same p.

    Returns:
        Probability in (0, 1]; 1 if no row says anything, or a gain is no number.

    Source: Fisher's randomisation test for pairs, with the count of Phipson & Smyth 2010 (never 0).

    >>> sign_flip_p(np.array([1.0, 1.0, 1.0, 1.0, 1.0]), 10_000, seed=0) < 0.05
    True
    """
    random = np.random.default_rng(seed)
    # A throw comes to the observed sum or more where what is turned is no gain in all; the rest is rounding.
    rounding = 1e-9 * np.abs(gains).sum()
    num_as_large = 0
    for start in range(0, num_flips, FLIPS_AT_ONCE):
        num = min(FLIPS_AT_ONCE, num_flips - start)
        bits = np.unpackbits(random.integers(0, 256, (num, -(-len(gains) // 8)), np.uint8), axis=1)[:, : len(gains)]
        num_as_large += int((~(bits.astype(np.float64) @ gains > rounding)).sum())
    return (1 + num_as_large) / (1 + num_flips)
