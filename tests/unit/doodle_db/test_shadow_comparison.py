"""Who of two is right: counted from groups of answers."""

import pytest

from doodle_db.mcnemar import two_sided_p
from doodle_db.shadow_comparison import Answers, PairTally, Sureness, count_pairs, summarise


def test_each_group_is_counted_where_it_belongs() -> None:
    """Agreed, both, only one, none: to agree is not to be right."""
    answers = [
        Answers("cat", "cat", "cat", 5, 4.5, 4.0),
        Answers("cat", "cat", "dog", 3, 2.0, 1.5),
        Answers("cat", "dog", "cat", 2, 1.0, 1.5),
        Answers("cat", "dog", "dog", 7, 3.5, 3.5),
        Answers("cat", "dog", "fish", 1, 0.5, 0.5),
    ]

    assert count_pairs(answers) == PairTally(18, 12, 5, 3, 2, 8, 1.0)


def test_how_sure_either_is() -> None:
    """A mean over drawings, not over groups; None where there is nothing to take a mean of."""
    answers = [Answers("cat", "cat", "dog", 3, 2.5, 1.5), Answers("dog", "dog", "cat", 1, 0.5, 0.5)]

    found = summarise("0" * 12, answers, num_seen=4, num_elsewhere=0)

    assert found.live_sureness == Sureness(0.75, None)
    assert found.shadow_sureness == Sureness(None, 0.5)
    assert list(found.labels) == ["cat", "dog"]


@pytest.mark.parametrize(("num_first", "num_second"), [(0, 0), (0, 10_000), (4_900, 5_100)])
def test_a_probability_is_one(num_first: int, num_second: int) -> None:
    """Above nothing, at most one, either way round, and quickly however many there are."""
    p_value = two_sided_p(num_first, num_second)

    assert 0 < p_value <= 1
    assert p_value == two_sided_p(num_second, num_first)
