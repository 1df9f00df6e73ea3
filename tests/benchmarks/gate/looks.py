"""Many verdicts on much the same drawings: how likely one of them publishes a candidate that is no better."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.gate.many_holdouts import passes, run_tests
from benchmarks.gate.mixtures import Draws, Pair
from training_server.gate import GatePolicy, spend
from training_server.material import NUM_RECENT


@dataclass(frozen=True)
class History:
    """
    An installation in which nothing is ever learnt.

    Attributes:
        num_before: recent drawings held out before the first verdict counted here, all of them looked at.
        num_fresh: that come in before each verdict.
        num_looks: verdicts in all, each on another candidate that is as good as live.
    """

    num_before: int
    num_fresh: int
    num_looks: int


def find_first_publications(
    pairs: Sequence[Pair], policy: GatePolicy, history: History, num_histories: int, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Play a history many times.

    Returns:
        Shape (num_histories,) each: the number of the first verdict that publishes, num_looks + 1 where none does; if
        each verdict spends all of alpha, and as the gate does it.
    """
    num_drawn = history.num_before + history.num_fresh * history.num_looks
    drawn = random.integers(0, len(pairs[0].wins), (num_histories, num_drawn))
    always, spent = (np.full(num_histories, history.num_looks + 1) for _ in range(2))
    for look in range(1, history.num_looks + 1):
        rows = drawn[:, : history.num_before + history.num_fresh * look][:, -NUM_RECENT:]
        pair = pairs[look % len(pairs)]
        draws = Draws(rows, random.random(rows.shape) < 0.5)
        tests = run_tests(pair, draws, random)
        recent = pair.assign(draws.rows[0], draws.is_better[0])
        for first, num_fresh in ((always, None), (spent, history.num_fresh)):
            alpha = spend(policy, replace(recent, num_fresh=num_fresh))
            published = passes(tests, policy, rows.shape[1], alpha)
            first[published & (first > look)] = look
    return always, spent
