"""How often the gate errs: its checks on holdouts for which the truth is known."""

from dataclasses import dataclass

import numpy as np

from benchmarks.gate.many_holdouts import passes, run_tests
from benchmarks.gate.mixtures import Pair, drop_label
from training_server.gate import ROUNDING, GatePolicy, check_base, check_labels, spend


@dataclass(frozen=True)
class Trials:
    """
    What is drawn.

    Attributes:
        pair: of networks.
        num_rows: of each holdout.
        num_draws: holdouts.
        random: of the draws.
    """

    pair: Pair
    num_rows: int
    num_draws: int
    random: np.random.Generator


@dataclass(frozen=True)
class RecentRates:
    """
    What came of one size of holdout and one true difference.

    Attributes:
        passed: share of holdouts on which the candidate passed.
        more_often, surer: share on which it would have passed in this way alone, at the whole of alpha.
    """

    passed: float
    more_often: float
    surer: float


def rate_recent(trials: Trials, policy: GatePolicy, difference: float) -> RecentRates:
    """Ask about recent drawings no verdict was made on before."""
    pair, num_rows = trials.pair, trials.num_rows
    draws = pair.draw(difference, num_rows, trials.num_draws, trials.random)
    tests = run_tests(pair, draws, trials.random)
    alpha = spend(policy, pair.assign(draws.rows[0], draws.is_better[0]))
    return RecentRates(
        float(passes(tests, policy, num_rows, alpha).mean()),
        float(tests.is_more_often(policy.alpha).mean()),
        float(tests.is_surer(policy.alpha).mean()),
    )


def rate_base(trials: Trials, policy: GatePolicy, difference: float) -> float:
    """Tell how often a candidate is not worse on base drawings than the margin allows (gate.check_base)."""
    draws = trials.pair.draw(difference, trials.num_rows, trials.num_draws, trials.random)
    wins = np.where(draws.is_better, 1, -1) * trials.pair.wins[draws.rows]
    return float((wins.mean(axis=1) >= -policy.base_margin - ROUNDING).mean())


def rate_labels(trials: Trials, policy: GatePolicy, lost: float) -> float:
    """Tell how often check_labels lets pass what is as good as live but for a share of one label's drawings."""
    pair, num_labels = trials.pair, len(trials.pair.answers.label_names)
    draws = pair.draw(0.0, trials.num_rows, trials.num_draws, trials.random)
    passed = []
    for number, (rows, is_better) in enumerate(zip(draws.rows, draws.is_better, strict=True)):
        holdout = drop_label(pair.assign(rows, is_better), number % num_labels, lost, trials.random)
        passed.append(check_labels(policy, {"base": holdout}).passed)
    return float(np.mean(passed))


def rate_kept(trials: Trials, policy: GatePolicy) -> float:
    """Tell how often an equal passes what base drawings are asked for, margin and labels together."""
    draws = trials.pair.draw(0.0, trials.num_rows, trials.num_draws, trials.random)
    holdouts = (trials.pair.assign(*each) for each in zip(draws.rows, draws.is_better, strict=True))
    return float(
        np.mean([check_base(policy, each).passed and check_labels(policy, {"base": each}).passed for each in holdouts])
    )
