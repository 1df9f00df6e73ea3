"""The gate asks one side of McNemar's test, comparisons ask both: it is one test."""

import pytest

from doodle_db.mcnemar import two_sided_p
from training_server.paired_tests import mcnemar_p


def test_both_give_the_same_probability() -> None:
    """For every small split, and for some large ones."""
    splits = [(one, other) for one in range(25) for other in range(25)] + [(300, 350), (0, 60), (512, 500)]

    for one, other in splits:
        doubled = min(1.0, 2 * mcnemar_p(max(one, other), min(one, other)))
        assert two_sided_p(one, other) == pytest.approx(doubled, rel=1e-9), (one, other)
