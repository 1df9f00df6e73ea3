"""What the steps of a run make sure of by themselves; the steps together are tested on a real database."""

from uuid import UUID

import numpy as np
import pytest

from training_server.candidate import require_finite
from training_server.errors import DivergedError
from training_server.fit_plan import DELTA_PLAN
from training_server.networks import build
from training_server.steps import seed_of
from training_server.weights import read_weights, write_weights


def test_weights_that_are_no_numbers_are_nobodys_candidate() -> None:
    """A training that diverged fails, and says what to ask for instead."""
    network = build("mlp", (28, 28, 1), 3, {"first_units": 8, "second_units": 8})
    require_finite(network, DELTA_PLAN)
    weights = read_weights(network)
    next(iter(weights.values()))[0] = np.nan
    write_weights(network, weights)

    with pytest.raises(DivergedError, match="ask for a lower one"):
        require_finite(network, DELTA_PLAN)


def test_seeds_fit_into_tensorflows() -> None:
    """Each run has its own seed, and TensorFlow takes it: 31 bits."""
    keys = [UUID(int=number << 96) for number in (0, 1, 2**31, 2**32 - 1)]

    assert [seed_of(key) for key in keys] == [0, 1, 0, 2**31 - 1]
