"""How a house fares whose contributors lie, with and without defences."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.drills.drawings import Drawings
from benchmarks.drills.grounds import Ground
from benchmarks.drills.house import House, Round
from benchmarks.drills.poisons import Attack, Tally, count_used, poison
from benchmarks.drills.rules import AGREEING, Rules, fine_tune, plainly
from benchmarks.drills.screening import WorkersScreen
from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import join
from training_server.evaluate import Evaluation
from training_server.fit_plan import FitPlan

Defences = Literal["plain", "none", "gate", "each step", "all"]
"""
"plain": fine-tuning on all that came in, and every candidate goes live: what one would begin with. The others train as
a worker does, with replay and the founder's answers to it. "none": every candidate goes live. "gate": nothing is
screened. "each step": all, but what holds training and gate is the live version, not the founder of its line. "all": a
worker's.
"""

UNSEEN, HONEST = "unseen", "honest"
"""What is watched: base drawings the gate never sees, and honest people's tested drawings under their right labels."""

HOLDOUTS = ("base", UNSEEN, HONEST)


@dataclass(frozen=True)
class Standing:
    """
    What a version is right on.

    Attributes:
        num_doodles: rows measured.
        accuracy: share of them that is right, in [0, 1].
        found: share of the victim's rows that is right.
        mistaken: share of the victim's rows that is taken for what the liars call it.
    """

    num_doodles: int
    accuracy: float
    found: float
    mistaken: float


@dataclass(frozen=True)
class PoisonedCourse:
    """
    How it went: plain values, to be kept in a file.

    Attributes:
        tally: what was used of what came in, in the end.
        num_published: rounds after which something new was live.
        standings: of what was live: at the start and after each round, by holdout.
    """

    tally: Tally
    num_published: int
    standings: Mapping[str, tuple[Standing, ...]]

    @property
    def num_rounds(self) -> int:
        """How many were played."""
        return len(self.standings["base"]) - 1

    def lowest(self, holdout: str) -> float:
        """Give the largest fall of accuracy below the start, in points; 0 or less."""
        return 100 * min(each.accuracy - self.standings[holdout][0].accuracy for each in self.standings[holdout])

    def lowest_found(self, holdout: str) -> float:
        """Give the largest fall of the victim's recall below the start, in points; 0 or less."""
        return 100 * min(each.found - self.standings[holdout][0].found for each in self.standings[holdout])

    def gained(self, holdout: str) -> float:
        """Give by how much accuracy has changed in the end, in points."""
        return 100 * (self.standings[holdout][-1].accuracy - self.standings[holdout][0].accuracy)

    def gained_found(self, holdout: str) -> float:
        """Give by how much the victim's recall has changed in the end, in points."""
        return 100 * (self.standings[holdout][-1].found - self.standings[holdout][0].found)


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

    def begin(self, defences: Defences) -> House:
        """Open a house with these defences."""
        ground = self.ground
        kind = StepwiseHouse if defences == "each step" else House
        return kind(ground.origin, ground.base, self._rules(defences), self.watched())

    def _rules(self, defences: Defences) -> Rules:
        if defences == "plain":
            return Rules(exports=AGREEING, policy=None, plan=plainly(self.plan), learn=fine_tune, seed=self.seed)
        if defences == "none":
            return Rules(exports=AGREEING, policy=None, plan=self.plan, seed=self.seed)
        screen = None if defences == "gate" else WorkersScreen(self.ground.origin.label_names)
        return Rules(exports=AGREEING, plan=self.plan, screen=screen, seed=self.seed)


def play_poisoned(
    setting: Setting, attack: Attack, defences: Defences, tell: Callable[[Round], None], num_rounds: int
) -> PoisonedCourse:
    """Play the first rounds of honest people, with lies among them, in a house of its own."""
    house = setting.begin(defences)
    measured: list[Mapping[str, Evaluation]] = [house.measure()]
    num_published = 0
    for number in range(1, num_rounds + 1):
        arrived = poison(setting.honest[number - 1], setting.stock[number - 1], attack, house.live, number)
        played = house.play(arrived)
        num_published += played.trial is not None and played.trial.is_published
        measured.append(played.live)
        tell(played)
    standings = {name: tuple(stand(each[name], attack) for each in measured) for name in HOLDOUTS}
    return PoisonedCourse(count_used(house.kept), num_published, standings)


def stand(evaluation: Evaluation, attack: Attack) -> Standing:
    """Give what of an evaluation an attack is measured by."""
    row = evaluation.confusion[attack.victim]
    num_victims = max(1, int(row.sum()))
    found, mistaken = (float(row[label] / num_victims) for label in (attack.victim, attack.taken_for))
    return Standing(evaluation.num_doodles, float(evaluation.accuracy), found, mistaken)
