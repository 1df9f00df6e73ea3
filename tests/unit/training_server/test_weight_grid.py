"""Grids of 8 bits: 0 is on each, the ends are kept, what was rounded once stays."""

import numpy as np
import pytest
from numpy.typing import NDArray

from training_server.weight_grid import find_grid, from_codes, is_on_grid, to_codes

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(RANDOM.normal(0, 0.2, (3, 3, 8, 5)), id="of both signs"),
        pytest.param(RANDOM.uniform(0.5, 0.9, (40, 3)), id="all above 0"),
        pytest.param(RANDOM.uniform(-9e4, -1e-3, (40, 3)), id="all below 0"),
        pytest.param(RANDOM.normal(0, 1e-30, (40, 3)), id="tiny"),
        pytest.param(np.zeros((4, 2)), id="nothing but 0"),
        pytest.param(np.full((4, 2), -0.3), id="one number"),
    ],
)
def test_rounding_goes_to_the_nearest_value_and_stays_there(given: NDArray[np.float64]) -> None:
    """No number moves by more than half a step; 0 stays 0; rounded ones are of their own grid."""
    weights = given.astype(np.float32)
    grid = find_grid(weights)

    rounded = from_codes(to_codes(weights, grid), grid)

    assert np.abs(rounded.astype(np.float64) - weights).max() <= grid.step * 0.501
    assert from_codes(np.array([grid.zero], np.uint8), grid)[0] == 0
    assert is_on_grid(rounded, find_grid(rounded))


def test_numbers_between_the_values_are_not_on_the_grid() -> None:
    """Weights that nobody has rounded are told from those that somebody has."""
    weights = RANDOM.normal(0, 0.2, (10, 10)).astype(np.float32)

    assert not is_on_grid(weights, find_grid(weights))
