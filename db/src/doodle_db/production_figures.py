"""What counts of guesses say: shares with their uncertainty, and how far confidences can be trusted. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from doodle_db.production import Bin

Z_95 = 1.959963984540054
"""Normal deviate of a two-sided interval of 95 %."""


@dataclass(frozen=True)
class Share:
    """
    A share of some doodles, and where the true one lies with 95 % confidence.

    Attributes:
        num: so many
        of: of so many, at least one.
        value: num / of.
        low, high: the ends of Wilson's score interval, in [0, 1].
    """

    num: int
    of: int
    value: float
    low: float
    high: float


def find_share(num: int, of: int) -> Share | None:
    """
    Give a share with its interval; None where there is nothing to take a share of.

    Wilson's interval stays within [0, 1] and is honest about few doodles: 3 right of 3 is no 100 %.

    Args:
        num: so many, from 0 to `of`
        of: of so many.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927).

    >>> share = find_share(3, 3)
    >>> round(share.low, 2), share.high
    (0.44, 1.0)
    """
    if of == 0:
        return None
    value, squared = num / of, Z_95 * Z_95
    middle = (value + squared / (2 * of)) / (1 + squared / of)
    half = Z_95 / (1 + squared / of) * sqrt(value * (1 - value) / of + squared / (4 * of * of))
    # At the ends the interval reaches the end itself; rounding must not make it 1e-17 or 0.9999.
    low = 0.0 if num == 0 else max(0.0, middle - half)
    high = 1.0 if num == of else min(1.0, middle + half)
    return Share(num, of, value, low, high)


def find_calibration_error(bins: Sequence[Bin]) -> float | None:
    """
    Give the expected calibration error: how far, on average, confidence and accuracy are apart; None without guesses.

    Args:
        bins: by confidence, each with at least one guess.

    Returns:
        In [0, 1].

    Source: M. P. Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
    binning", AAAI 2015.

    >>> find_calibration_error([Bin(9, 4, 3, 0.95), Bin(5, 4, 2, 0.55)])
    0.125
    """
    num_doodles = sum(each.num_doodles for each in bins)
    if num_doodles == 0:
        return None
    apart = (abs(each.num_right - each.num_doodles * each.confidence) for each in bins)
    return round(sum(apart) / num_doodles, 12)
