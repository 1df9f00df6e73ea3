"""ROC curves and the area under them, against pairs counted one by one."""

import numpy as np
import pytest
from numpy.typing import NDArray

from training_server.roc import to_log_odds, trace_roc


def count_pairs(scores: NDArray[np.float64], own: NDArray[np.bool_]) -> float:
    """Share of the pairs (its own, another's) in which its own has the higher score; equal ones count half."""
    higher = scores[own][:, np.newaxis] > scores[~own]
    equal = scores[own][:, np.newaxis] == scores[~own]
    return float((higher + 0.5 * equal).mean())


@pytest.mark.parametrize(
    ("scores", "own", "points"),
    [
        ([4.0, 3.0, 2.0, 1.0], [1, 1, 0, 0], [(0.0, 0.0), (0.0, 0.5), (0.0, 1.0), (0.5, 1.0), (1.0, 1.0)]),
        ([4.0, 3.0, 2.0, 1.0], [0, 0, 1, 1], [(0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 0.5), (1.0, 1.0)]),
        ([1.0, 1.0, 1.0, 1.0], [1, 0, 1, 0], [(0.0, 0.0), (1.0, 1.0)]),
        ([2.0, 1.0, 1.0, 0.0], [1, 1, 0, 0], [(0.0, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 1.0)]),
    ],
    ids=["told apart", "the wrong way round", "all equal", "one tie"],
)
def test_curves_by_hand(scores: list[float], own: list[int], points: list[tuple[float, float]]) -> None:
    """Equal scores are one step: neither drawing of a tie comes first."""
    curve = trace_roc(np.array(scores), np.array(own, bool))

    assert curve is not None
    assert list(curve.points) == points


@pytest.mark.parametrize("num_values", [2, 5, 1_000_000])
def test_the_area_is_the_share_of_pairs_in_order(num_values: int) -> None:
    """Exact with few ties and with many, whatever is kept of the curve."""
    chance = np.random.default_rng(num_values)
    own = chance.random(400) < 0.2
    scores = chance.integers(0, num_values, 400) + 0.3 * num_values * own

    curve = trace_roc(scores, own, at_most=4)

    assert curve is not None
    assert curve.area == pytest.approx(count_pairs(scores, own), abs=1e-12)


def test_a_curve_is_thinned_but_not_shortened() -> None:
    """It keeps both ends, rises, and has no more points than asked for."""
    chance = np.random.default_rng(0)
    own = chance.random(5_000) < 0.5

    curve = trace_roc(chance.random(5_000) + 0.5 * own, own, at_most=17)

    assert curve is not None
    assert len(curve.points) == 17
    assert (curve.points[0], curve.points[-1]) == ((0.0, 0.0), (1.0, 1.0))
    assert (np.diff(np.array(curve.points), axis=0) >= 0).all()


@pytest.mark.parametrize("own", [[], [True, True], [False, False]])
def test_without_two_kinds_there_is_nothing_to_tell_apart(own: list[bool]) -> None:
    """A label without drawings, or with nothing but its own, has no curve."""
    assert trace_roc(np.arange(float(len(own))), np.array(own, bool)) is None


def test_log_odds_order_what_probabilities_round_to_one() -> None:
    """Two very sure answers are still told apart, and a fair one has log-odds 0."""
    odds = to_log_odds(np.array([[60, 0], [50, 0], [0, 0]], np.float32))

    assert odds[:, 0].tolist() == [60.0, 50.0, 0.0]
    assert odds[:, 1].tolist() == [-60.0, -50.0, 0.0]
