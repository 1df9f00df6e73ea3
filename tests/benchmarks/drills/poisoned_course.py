"""How a house fares whose contributors lie, with and without defences."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from benchmarks.drills.drawings import Drawings
from benchmarks.drills.grounds import Ground
from benchmarks.drills.house import House, Round
from benchmarks.drills.poisons import Attack, Screened, poison
from benchmarks.drills.rules import AGREEING, Rules
from benchmarks.drills.screening import WorkersScreen
from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import join
from training_server.evaluate import Evaluation
from training_server.fit_plan import FitPlan

Defences = Literal["none", "gate", "each step", "all"]
"""
"none": every candidate goes live. "gate": nothing is screened. "each step": all, but candidates are held to the live
version alone, not to the founder of its line. "all": as a worker does. Training is a worker's in each of them.
"""

UNSEEN, HONEST = "unseen", "honest"
"""What is watched: base drawings the gate never sees, and honest people's tested drawings under their right labels."""


@dataclass(frozen=True)
class PoisonedCourse:
    """
    How it went.

    Attributes:
        attack: what was done.
        defences: against it.
        start: the version it began with, by holdout.
        rounds: in order.
        screened: what was put aside; all was used where nothing is screened.
    """

    attack: Attack
    defences: Defences
    start: Mapping[str, Evaluation]
    rounds: tuple[Round, ...]
    screened: Screened

    @property
    def num_published(self) -> int:
        """Rounds after which something new was live."""
        return sum(each.trial is not None and each.trial.is_published for each in self.rounds)

    def worst(self, holdout: str) -> float:
        """Give the largest fall of the live version's accuracy below the start, in points; 0 or less."""
        after = min(each.live[holdout].accuracy for each in self.rounds)
        return min(0.0, 100 * (after - self.start[holdout].accuracy))

    def worst_victim(self, holdout: str) -> float:
        """Give the largest fall of the victim's recall, in points; 0 or less."""
        victim = self.attack.victim
        after = min(float(each.live[holdout].recalls[victim]) for each in self.rounds)
        return min(0.0, 100 * (after - float(self.start[holdout].recalls[victim])))

    def gained(self, holdout: str) -> float:
        """Give by how much the live version's accuracy has changed in the end, in points."""
        return 100 * (self.rounds[-1].live[holdout].accuracy - self.start[holdout].accuracy)


class StepwiseHouse(House):
    """A house that knows nothing of the founder: gate and training hold each candidate to what is live alone."""

    def play(self, arrived: Drawings) -> Round:
        """Forget who founded the line, then do as any house."""
        self._founder = self.live
        return super().play(arrived)


@dataclass(frozen=True)
class Setting:
    """
    What every course is played with.

    Attributes:
        ground: to begin from.
        honest: rounds of honest people's drawings.
        stock: as many parts of drawings that liars make use of.
        plan: of training.
        seed: of training.
    """

    ground: Ground
    honest: Sequence[Drawings]
    stock: Sequence[Drawings]
    plan: FitPlan
    seed: int

    def watched(self) -> dict[str, LabelledBitmaps]:
        """Name what is measured and decides nothing."""
        return {UNSEEN: self.ground.unseen, HONEST: join(*(each.of_split("test") for each in self.honest))}

    def begin(self, defences: Defences, screened: Screened) -> House:
        """Open a house with these defences."""
        ground = self.ground
        screen = WorkersScreen(ground.origin.label_names, screened) if defences in ("each step", "all") else None
        rules = Rules(exports=AGREEING, plan=self.plan, screen=screen, seed=self.seed)
        if defences == "none":
            rules = Rules(exports=AGREEING, policy=None, plan=self.plan, seed=self.seed)
        kind = StepwiseHouse if defences == "each step" else House
        return kind(ground.origin, ground.base, rules, self.watched())


def play_poisoned(
    setting: Setting, attack: Attack, defences: Defences, tell: Callable[[Round], None], num_rounds: int | None = None
) -> PoisonedCourse:
    """Play honest people's rounds with lies among them, in a house of its own."""
    screened = Screened()
    house = setting.begin(defences, screened)
    start = house.measure()
    rounds = []
    for number, honest in enumerate(setting.honest[:num_rounds], start=1):
        arrived = poison(honest, setting.stock[number - 1], attack, house.live, number)
        rounds.append(house.play(arrived))
        if defences in ("none", "gate"):
            screened.count(arrived, np.ones(len(arrived), bool))
        tell(rounds[-1])
    return PoisonedCourse(attack, defences, start, tuple(rounds), screened)
