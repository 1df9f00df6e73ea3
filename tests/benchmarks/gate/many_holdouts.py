"""
The gate's check of recent drawings, for hundreds of holdouts at once.

The rule is training_server.gate's, and a test holds the two to the same verdicts; one holdout after the other would
take hours. Blind guessing is left out: none of these networks guesses.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.gate.mixtures import Draws, Pair
from training_server.gate import GatePolicy
from training_server.paired_tests import mcnemar_p

NUM_FLIPS = 5_000
"""Throws of all signs, the same for all holdouts of a size; a p of 0.0002 can be told."""

mcnemar = lru_cache(maxsize=None)(mcnemar_p)


@dataclass(frozen=True)
class ManyTests:
    """
    What the two tests say of each holdout.

    Attributes:
        p: float64, shape (num_draws,), of being right more often.
        p_log_loss: float64, the same of being surer.
        is_behind: bool, the same: the candidate is right less often.
    """

    p: NDArray[np.float64]
    p_log_loss: NDArray[np.float64]
    is_behind: NDArray[np.bool_]

    def is_more_often(self, alpha: float) -> NDArray[np.bool_]:
        """bool, shape (num_draws,): which would pass by being right more often."""
        return self.p < alpha

    def is_surer(self, alpha: float) -> NDArray[np.bool_]:
        """bool, shape (num_draws,): which would pass by being surer."""
        return (self.p_log_loss < alpha) & ~self.is_behind


def run_tests(pair: Pair, draws: Draws, random: np.random.Generator) -> ManyTests:
    """Run both tests on every holdout."""
    signs = np.where(draws.is_better, 1, -1)
    wins, gains = signs * pair.wins[draws.rows], signs * pair.gains[draws.rows]
    won, lost = (wins > 0).sum(axis=1), (wins < 0).sum(axis=1)
    p = np.array([mcnemar(*each) for each in zip(won.tolist(), lost.tolist(), strict=True)])
    return ManyTests(p, _flip(gains.astype(np.float32), random), won < lost)


def passes(tests: ManyTests, policy: GatePolicy, num_rows: int, alpha: float) -> NDArray[np.bool_]:
    """
    Decide as training_server.gate.check_recent does.

    Args:
        tests: of holdouts of one size.
        policy: the gate's.
        num_rows: of each holdout.
        alpha: for each of the two ways to be better.
    """
    if num_rows < policy.min_recent:
        return np.zeros(len(tests.p), bool)
    return tests.is_more_often(alpha) | tests.is_surer(alpha)


def _flip(gains: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float64]:
    """Do what training_server.paired_tests.sign_flip_p does, for shape (num_draws, num_rows) in one multiplication."""
    turned = random.integers(0, 2, (gains.shape[1], NUM_FLIPS), np.int8).astype(np.float32)
    rounding = 1e-6 * np.abs(gains).sum(axis=1, keepdims=True)
    return np.asarray((1 + (gains @ turned <= rounding).sum(axis=1)) / (1 + NUM_FLIPS))
