"""Two versions on the same drawings: every drawing is counted once, and chance has a number."""

import numpy as np
import pytest

from doodle_db.mcnemar import two_sided_p
from training_server.comparison import compare_answers

NAMES = ("bird", "cat", "dog")
LABELS = np.array([0, 0, 0, 1, 1])
FIRST = np.array([0, 0, 1, 1, 0])
SECOND = np.array([0, 1, 0, 1, 2])


def test_every_drawing_is_counted_once() -> None:
    """Both, only the one, only the other, none; over all and by label, and a label without a drawing is left out."""
    found = compare_answers("base", NAMES, LABELS, FIRST, SECOND)

    counted = (found.all.num_both, found.all.num_first, found.all.num_second, found.all.num_neither)
    assert (counted, found.all.num_doodles) == ((2, 1, 1, 1), 5)
    assert set(found.labels) == {"bird", "cat"}
    assert sum(each.num_doodles for each in found.labels.values()) == found.all.num_doodles
    assert (found.labels["bird"].num_first, found.labels["bird"].num_second) == (1, 1)
    assert found.labels["cat"].num_neither == 1


def test_the_other_way_round_is_the_same_seen_from_there() -> None:
    """Who is called first does not matter to chance."""
    one = compare_answers("base", NAMES, LABELS, FIRST, SECOND).all
    other = compare_answers("base", NAMES, LABELS, SECOND, FIRST).all

    assert (one.num_first, one.num_second, one.p_value) == (other.num_second, other.num_first, other.p_value)


@pytest.mark.parametrize(
    ("num_first", "num_second", "p_value"), [(0, 0, 1.0), (10, 0, 2 / 2**10), (2, 1, 1.0), (8, 1, 20 / 512)]
)
def test_chance_is_two_sided(num_first: int, num_second: int, p_value: float) -> None:
    """Nobody said beforehand which of the two is to be the better one."""
    assert two_sided_p(num_first, num_second) == pytest.approx(p_value)
