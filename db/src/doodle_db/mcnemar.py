"""Two versions on the same drawings: how likely it is that chance alone split those which only one is right about."""

import sys
from fractions import Fraction


def two_sided_p(num_first: int, num_second: int) -> float:
    """
    Tell how likely a split as uneven as this or more is, either way, were both equally good.

    Twice the smaller tail of a symmetric distribution, 1 at most. Exact, and quick for ten thousand: each binomial
    coefficient is made of the one before.

    Args:
        num_first, num_second: drawings that only the one, only the other is right about.

    Returns:
        Probability in (0, 1].

    Source: McNemar 1947, in its exact form: the binomial test on discordant pairs.

    >>> two_sided_p(5, 0), two_sided_p(0, 5), two_sided_p(3, 3)
    (0.0625, 0.0625, 1.0)
    """
    num = num_first + num_second
    ways = num_ways = 1
    for chosen in range(min(num_first, num_second)):
        ways = ways * (num - chosen) // (chosen + 1)
        num_ways += ways
    # Less than the smallest number there is is still not nothing.
    return min(1.0, max(float(Fraction(2 * num_ways, 2**num)), sys.float_info.min))
