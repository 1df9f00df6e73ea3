"""McNemar's test stands twice: with fractions in training_server, with logarithms where somebody waits for it."""

import pytest

from doodle_db.shadow_comparison import two_sided_p as by_logarithms
from training_server.comparison import two_sided_p as with_fractions


def test_both_give_the_same_probability() -> None:
    """For every small split, and for some large ones."""
    splits = [(one, other) for one in range(25) for other in range(25)] + [(300, 350), (0, 60), (512, 500)]

    for one, other in splits:
        assert by_logarithms(one, other) == pytest.approx(with_fractions(one, other), rel=1e-9), (one, other)
