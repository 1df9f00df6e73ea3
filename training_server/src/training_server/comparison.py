"""Two versions on the same held-out drawings: who is right where, and whether that could be chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doodle_db.mcnemar import two_sided_p


@dataclass(frozen=True)
class Tally:
    """
    How often either of two versions is right about some drawings.

    Attributes:
        num_doodles: drawings.
        num_both: both are right.
        num_first, num_second: only the one, only the other is.
        num_neither: none is.
        p_value: how likely so uneven a split of those that only one is right about is, were both equally good: exact
            McNemar, two-sided; 1 where there are none.
    """

    num_doodles: int
    num_both: int
    num_first: int
    num_second: int
    num_neither: int
    p_value: float


@dataclass(frozen=True)
class HoldoutComparison:
    """
    Two versions on one holdout.

    Attributes:
        name: "recent" or "base".
        all: of all its drawings.
        labels: of each label's, by name; labels without a drawing are left out.
    """

    name: str
    all: Tally
    labels: dict[str, Tally]


def compare_answers(
    name: str,
    names: Sequence[str],
    labels: NDArray[np.int64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> HoldoutComparison:
    """
    Compare two versions' first guesses.

    Args:
        name: of the holdout.
        names: of the labels.
        labels: int64, shape (num_rows,); index into names.
        first, second: int64, shape (num_rows,); what either guesses, index into names.
    """
    first_right, second_right = first == labels, second == labels
    of_label = {label: labels == index for index, label in enumerate(names)}
    tallies = {label: tally(first_right[rows], second_right[rows]) for label, rows in of_label.items() if np.any(rows)}
    return HoldoutComparison(name, tally(first_right, second_right), tallies)


def tally(first_right: NDArray[np.bool_], second_right: NDArray[np.bool_]) -> Tally:
    """
    Count who is right.

    Args:
        first_right, second_right: bool, shape (num_rows,).

    >>> tally(np.array([True, True, False]), np.array([True, False, False]))
    Tally(num_doodles=3, num_both=1, num_first=1, num_second=0, num_neither=1, p_value=1.0)
    """
    num_first = int((first_right & ~second_right).sum())
    num_second = int((second_right & ~first_right).sum())
    return Tally(
        num_doodles=len(first_right),
        num_both=int((first_right & second_right).sum()),
        num_first=num_first,
        num_second=num_second,
        num_neither=int((~first_right & ~second_right).sum()),
        p_value=two_sided_p(num_first, num_second),
    )
