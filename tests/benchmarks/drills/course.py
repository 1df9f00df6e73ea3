"""How a drill went: what was known at the start, after each round, and what other ways of training come to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.drills.arrivals import all_tested
from benchmarks.drills.drawings import Drawings
from benchmarks.drills.grounds import Ground, train_origin
from benchmarks.drills.house import House, Round
from benchmarks.drills.rules import Rules
from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import join
from training_server.evaluate import Evaluation, evaluate_logits, predict_logits
from training_server.fit_plan import FitPlan
from training_server.gate import GatePolicy

UNSEEN, ALL_RECENT = "unseen", "all recent"
"""What is watched: base drawings the gate never sees, and the tested drawings of all rounds, also of later ones."""


@dataclass(frozen=True)
class Course:
    """
    How a house did.

    Attributes:
        start: of the version it began with, by holdout.
        rounds: in order.
    """

    start: Mapping[str, Evaluation]
    rounds: tuple[Round, ...]

    @property
    def num_published(self) -> int:
        """Rounds after which something new was live."""
        return sum(each.trial is not None and each.trial.is_published for each in self.rounds)

    @property
    def seconds(self) -> float:
        """That training took, a round."""
        return sum(each.trial.seconds for each in self.rounds if each.trial) / len(self.rounds)

    def accuracies(self, holdout: str) -> list[float]:
        """Give the share of a holdout that is right: at the start, and after each round."""
        return [self.start[holdout].accuracy, *(each.live[holdout].accuracy for each in self.rounds)]

    def worst_margin(self, policy: GatePolicy) -> tuple[float, int]:
        """
        Tell how near any label came to its floor on base drawings, in any round.

        The floor is the gate's rule, asked against the start: at most max_recall_loss less than then, and not below
        recall_floor unless it was so at the start.

        Returns:
            Least recall above the floor (below 0: a label fell through it), and the label's index.
        """
        start = self.start["base"].recalls
        floors = np.maximum(np.minimum(policy.recall_floor, start), start - policy.max_recall_loss)
        margins = np.array([each.live["base"].recalls[: len(start)] - floors for each in self.rounds]).min(axis=0)
        return float(np.nanmin(margins)), int(np.nanargmin(margins))


def play_rounds(
    ground: Ground,
    rounds: Sequence[Drawings],
    rules: Rules,
    tell: Callable[[Round], None] | None = None,
    watched: Mapping[str, LabelledBitmaps] | None = None,
    new_labels: tuple[str, ...] = (),
) -> Course:
    """Play a scenario in a house of its own."""
    house = House(ground.origin, ground.base, rules, watch(ground, rounds) | dict(watched or {}), new_labels)
    start = house.measure()
    played = []
    for arrived in rounds:
        played.append(house.play(arrived))
        if tell is not None:
            tell(played[-1])
    return Course(start, tuple(played))


def watch(ground: Ground, rounds: Sequence[Drawings]) -> dict[str, LabelledBitmaps]:
    """Name what is measured and decides nothing."""
    return {UNSEEN: ground.unseen, ALL_RECENT: all_tested(rounds)}


def train_on_everything(
    ground: Ground,
    rounds: Sequence[Drawings],
    plan: FitPlan,
    watched: Mapping[str, LabelledBitmaps],
    new_labels: tuple[str, ...] = (),
) -> dict[str, Evaluation]:
    """Train from nothing on base drawings and those of all rounds, and measure that: what replay stands in for."""
    everything = join(ground.base.training, *(each.of_split("train") for each in rounds))
    like = replace(ground.origin, label_names=(*ground.origin.label_names, *new_labels))
    network = train_origin(like, everything, plan).build()
    holdouts = {"base": ground.base.holdout, **watch(ground, rounds), **watched}
    return {
        name: evaluate_logits(predict_logits(network, rows.bitmaps), rows.labels) for name, rows in holdouts.items()
    }
