"""When a drawing looks like nothing known."""

import numpy as np
import pytest

from training_server.errors import ExamplesError
from training_server.rejection import choose_threshold, energy


def test_energy_by_hand() -> None:
    """-log of the sum of exponentials; a sure answer has less of it."""
    logits = np.log(np.array([[1, 1], [50, 50]], np.float32))

    assert energy(logits) == pytest.approx([-np.log(2), -np.log(100)], rel=1e-6)


def test_energy_of_large_logits_is_finite() -> None:
    """No overflow, whatever the network says."""
    assert energy(np.array([[1000.0, 1000.0]], np.float32)) == pytest.approx([-1000 - np.log(2)])


def test_the_threshold_keeps_at_least_its_share() -> None:
    """Of real drawings at least 95 % stay known, and not many more."""
    logits = np.random.default_rng(0).normal(size=(1000, 6)).astype(np.float32)

    kept = (energy(logits) <= choose_threshold(logits)).mean()

    assert 0.95 <= kept <= 0.951


def test_without_drawings_there_is_no_threshold() -> None:
    """Nothing to choose by is an error, not a number."""
    with pytest.raises(ExamplesError, match="at least one"):
        choose_threshold(np.empty((0, 6), np.float32))
