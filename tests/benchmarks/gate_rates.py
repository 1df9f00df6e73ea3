"""
Simulate how often the gate errs: worse candidates that pass, better ones that are turned away, and many looks.

    DOODLE_DATA_DIR=... python tests/benchmarks/gate_rates.py [--quick] [--seed 0] [--draws 500]

Networks of differing quality are trained on a part of the train split and asked once about the rest; holdouts of every
size are then drawn from their answers, and the gate's own checks decide. No drawing of the test split is touched, so
the policy may be chosen by what comes out (docs/decisions/0031). Prints Markdown.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from benchmarks.gate.answers import Answers, Sizes, collect
from benchmarks.gate.looks import History, find_first_publications
from benchmarks.gate.mixtures import Pair, choose_pair, pair_up
from benchmarks.gate.rates import Trials, rate_base, rate_kept, rate_labels, rate_recent
from doodle_db.label_sets import load_label_set
from doodle_testing.machine import describe_machine
from training_server.base_material import find_base_data, read_splits
from training_server.gate import GatePolicy

RECENT_SIZES = (20, 50, 100, 200, 500, 1000, 2000)
RECENT_DIFFERENCES = (-0.02, -0.01, 0.0, 0.01, 0.02, 0.05, 0.1)
BASE_SIZES = (500, 1000, 2000, 4000)
BASE_DIFFERENCES = (0.0, -0.005, -0.01, -0.015, -0.02, -0.03)
MARGINS = (0.005, 0.01, 0.02)
NUM_BASE = 3_600
LABEL_LOSSES = (0.0, 0.05, 0.1, 0.15, 0.2)
MAX_RECALL_LOSSES = (0.05, 0.08)
LOOKS = (1, 5, 20, 57)
HISTORIES = {
    "from the first one on": History(0, 35, LOOKS[-1]),
    "2,000 already, 35 fresh each": History(2_000, 35, LOOKS[-1]),
    "the very same 2,000": History(2_000, 0, LOOKS[-1]),
}
QUICK = Sizes(num_training=1_000, num_asked=1_500, epochs=6, short_epochs=(), num_deltas=1)


@dataclass(frozen=True)
class Simulation:
    """
    What is drawn from.

    Attributes:
        pairs: of networks, of every distance.
        equals: pairs that are about equally good: a live model and its deltas.
        num_draws: holdouts for each figure.
        num_looks: verdicts played at most.
        seed: of the draws.
    """

    pairs: tuple[Pair, ...]
    equals: tuple[Pair, ...]
    num_draws: int
    num_looks: int
    seed: int

    @classmethod
    def of_answers(cls, answers: Answers, num_draws: int, num_looks: int, seed: int) -> "Simulation":
        """Pair the live network with every other one."""
        pairs = {name: pair_up(answers, "live", name) for name in answers.logits if name != "live"}
        equals = tuple(pair for name, pair in pairs.items() if name.startswith("delta"))
        return cls(tuple(pairs.values()), equals, num_draws, num_looks, seed)


def describe_networks(answers: Answers) -> list[str]:
    """Tabulate who is asked."""
    rows = [
        f"| {name} | {answers.right(name).mean():.1%} | {(answers.right(name) != answers.right('live')).mean():.1%} |"
        for name in answers.logits
    ]
    return [f"| network | right on {len(answers.labels):,} drawings | otherwise than live |", "|---|---:|---:|", *rows]


def describe_recent(simulation: Simulation, policy: GatePolicy) -> list[str]:
    """Tabulate the check of recent drawings; each difference by the networks that are nearest to it."""
    random = np.random.default_rng(simulation.seed)
    rows = []
    for size in RECENT_SIZES:
        pairs = [choose_pair(simulation.pairs, each) for each in RECENT_DIFFERENCES]
        rates = [
            rate_recent(Trials(pair, size, simulation.num_draws, random), policy, difference)
            for pair, difference in zip(pairs, RECENT_DIFFERENCES, strict=True)
        ]
        equal = rates[RECENT_DIFFERENCES.index(0.0)]
        rows.append(_row(f"{size:,}", *(each.passed for each in rates), equal.more_often, equal.surer))
    names = [*map(_points, RECENT_DIFFERENCES), "0, more often alone", "0, surer alone"]
    return [*_head("recent drawings", *names), *rows]


def describe_base(simulation: Simulation, policy: GatePolicy) -> list[str]:
    """Tabulate the check of base drawings, for every margin that might be chosen."""
    random = np.random.default_rng(simulation.seed)
    pair = choose_pair(simulation.pairs, BASE_DIFFERENCES[-1])
    rows = []
    for margin, size in product(MARGINS, BASE_SIZES):
        trials = Trials(pair, size, simulation.num_draws, random)
        rates = [rate_base(trials, replace(policy, base_margin=margin), each) for each in BASE_DIFFERENCES]
        rows.append(_row(f"{100 * margin:.1f}", f"{size:,}", *rates))
    return [*_head("margin, points", "base drawings", *map(_points, BASE_DIFFERENCES)), *rows]


def describe_labels(simulation: Simulation, policy: GatePolicy) -> list[str]:
    """Tabulate the check of labels, for every loss that might be allowed."""
    random = np.random.default_rng(simulation.seed)
    rows = []
    for allowed, size in product(MAX_RECALL_LOSSES, BASE_SIZES):
        trials = Trials(simulation.equals[0], size, simulation.num_draws, random)
        rates = [rate_labels(trials, replace(policy, max_recall_loss=allowed), each) for each in LABEL_LOSSES]
        rows.append(_row(f"{100 * allowed:.0f}", f"{size:,}", *rates))
    return [*_head("allowed, points", "base drawings", *(_points(-each) for each in LABEL_LOSSES)), *rows]


def describe_equals(simulation: Simulation, policy: GatePolicy) -> list[str]:
    """Tabulate publications for nothing, by all checks together: recent and base drawings are drawn apart."""
    random = np.random.default_rng(simulation.seed)
    pair, num_draws = simulation.equals[0], simulation.num_draws
    kept = rate_kept(Trials(pair, NUM_BASE, num_draws, random), policy)
    rows = [
        _row(f"{size:,}", kept * rate_recent(Trials(pair, size, 4 * num_draws, random), policy, 0.0).passed)
        for size in RECENT_SIZES
    ]
    return [*_head(f"recent drawings, and {NUM_BASE:,} of base", "published for nothing"), *rows]


def describe_looks(simulation: Simulation, policy: GatePolicy) -> list[str]:
    """Tabulate what becomes of chance when many candidates are judged on much the same drawings."""
    random = np.random.default_rng(simulation.seed)
    rows = []
    for name, history in HISTORIES.items():
        played = replace(history, num_looks=min(history.num_looks, simulation.num_looks))
        firsts = find_first_publications(simulation.equals, policy, played, simulation.num_draws, random)
        for rule, first in zip(("all of alpha each time", "alpha for what is fresh"), firsts, strict=True):
            rows.append(_row(name, rule, *((first <= look).mean() for look in LOOKS)))
    return [*_head("recent drawings", "each verdict spends", *(f"{each} verdicts" for each in LOOKS)), *rows]


def _head(*names: str) -> list[str]:
    return [f"| {' | '.join(names)} |", "|" + "---:|" * len(names)]


def _row(*cells: str | float) -> str:
    return f"| {' | '.join(cell if isinstance(cell, str) else f'{100 * cell:.1f}' for cell in cells)} |"


def _points(difference: float) -> str:
    return f"{100 * difference:+.1f}" if difference else "0"


def measure(answers: Answers, simulation: Simulation) -> list[str]:
    """Simulate everything; gives Markdown."""
    policy = GatePolicy()
    return [
        *describe_networks(answers),
        "\nShare of candidates, %, found better on recent drawings, by how many points they truly are:\n",
        *describe_recent(simulation, policy),
        "\nShare of candidates, %, found not worse on base drawings, by how many points they truly are:\n",
        *describe_base(simulation, policy),
        "\nShare of candidates, %, with no label found lost, by how many points one label truly loses:\n",
        *describe_labels(simulation, policy),
        "\nShare of candidates, %, exactly as good as the live model, that pass all checks:\n",
        *describe_equals(simulation, policy),
        "\nShare of installations, %, that have found such a candidate better on recent drawings, after so many:\n",
        *describe_looks(simulation, policy),
    ]


def main(words: Sequence[str] | None = None) -> None:
    """Train, simulate, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="try that it works; the figures say nothing")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--draws", type=int, default=500, help="holdouts for each figure")
    given = parser.parse_args(words)
    label_set = load_label_set("animals")
    data_dir = Path(os.environ["DOODLE_DATA_DIR"])
    training, _ = read_splits(find_base_data(data_dir, label_set), label_set)
    answers = collect(label_set, training, QUICK if given.quick else Sizes(), given.seed)
    num_draws, num_looks = (4, 2) if given.quick else (given.draws, LOOKS[-1])
    print("\n".join(measure(answers, Simulation.of_answers(answers, num_draws, num_looks, given.seed))))
    print(f"\n{describe_machine(datetime.now(UTC).date())}")


if __name__ == "__main__":
    main()
