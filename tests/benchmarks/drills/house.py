"""
A house in memory: what an installation does with the drawings that come in, round by round, without its database.

Everything that decides is the product's own: splits, how much replay and how it is drawn, training, holdouts, the gate,
the rejection threshold. What is missing is what only keeps or carries: rows, files, the queue, and the comparison of
exported files, which a drill has to say it does without (`Rules.exports`).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import keras
import numpy as np

from benchmarks.drills.drawings import Drawings
from benchmarks.drills.kept import Base, Kept
from benchmarks.drills.origin import Origin
from benchmarks.drills.rules import Rules
from doodle_db.training_sets import LabelledBitmaps
from training_server.evaluate import Evaluation, evaluate_logits, predict_logits
from training_server.gate import Verdict, decide
from training_server.holdouts import Logits, answer, evaluate, pair
from training_server.material import Material
from training_server.rejection import choose_threshold


@dataclass(frozen=True)
class Trial:
    """
    A candidate, and what was found out about it.

    Attributes:
        network: trained.
        seconds: that training took.
        threshold: the rejection threshold its manifest would state.
        figures: what it is right on, by holdout, "recent" and "base", as the gate saw them.
        verdict: of the gate; None if it was not asked.
    """

    network: keras.Model
    seconds: float
    threshold: float
    figures: Mapping[str, Evaluation]
    verdict: Verdict | None

    @property
    def is_published(self) -> bool:
        """Whether the candidate goes live."""
        return self.verdict is None or self.verdict.outcome == "published"


@dataclass(frozen=True)
class Round:
    """
    What a round came to.

    Attributes:
        number: 1 is the first.
        num_arrived, num_accepted: drawings of this round, both splits.
        num_new, num_replay: rows the candidate was shown.
        trial: the candidate; None where there was nothing to train on.
        live: what is live after the round, measured on "recent", "base" and everything the house watches.
    """

    number: int
    num_arrived: int
    num_accepted: int
    num_new: int
    num_replay: int
    trial: Trial | None
    live: Mapping[str, Evaluation]


class House:
    """
    An installation in memory; for one thread.

    Attributes:
        origin: the version it began with.
        live: the network that is live; to be asked, not to be changed.
        kept: all that was accepted.
        rules: how it is run.
        watched: further holdouts to measure after each round, by name; nothing is decided by them.
        num_rounds: played so far.
    """

    def __init__(
        self, origin: Origin, base: Base, rules: Rules, watched: Mapping[str, LabelledBitmaps] | None = None
    ) -> None:
        self.origin = origin
        self.live = origin.build()
        self._founder = origin.build()
        self.kept = Kept(base)
        self.rules = rules
        self.watched = dict(watched or {})
        self.num_rounds = 0

    def play(self, arrived: Drawings) -> Round:
        """Take in a round of drawings, train on all that waits, and publish or reject the candidate."""
        self.num_rounds += 1
        accepted = self._screen(arrived)
        self.kept = self.kept.take_in(accepted)
        material = replace(self._read_material(), num_fresh=len(accepted.of_split("test")))
        trial = self._try(material) if len(material.new) else None
        if trial is not None and trial.is_published:
            self.live = trial.network
            self.kept = self.kept.move_watermark()
        nums = (len(arrived), len(accepted), len(material.new), len(material.replay))
        return Round(self.num_rounds, *nums, trial, self.measure())

    def measure(self) -> dict[str, Evaluation]:
        """Measure what is live, on the holdouts that have a row and on everything watched."""
        material = self._read_material()
        watched = {
            name: evaluate_logits(predict_logits(self.live, rows.bitmaps), rows.labels)
            for name, rows in self.watched.items()
        }
        return evaluate(answer(self.live, material), material) | watched

    def _screen(self, arrived: Drawings) -> Drawings:
        if self.rules.screen is None:
            return arrived
        return arrived.take(np.flatnonzero(self.rules.screen(self.live, self.kept, arrived)))

    def _read_material(self) -> Material:
        random = np.random.default_rng([self.rules.seed, self.num_rounds])
        return self.kept.read_material(len(self.origin.label_names), random)

    def _try(self, material: Material) -> Trial:
        candidate = self.origin.with_weights_of(self.live).build()
        plan = replace(self.rules.plan, seed=self.rules.seed + self.num_rounds)
        began = time.monotonic()
        result = self.rules.learn(candidate, material, plan)
        seconds = time.monotonic() - began
        known = result.validation if len(result.validation) else material.new
        threshold = choose_threshold(predict_logits(candidate, known.bitmaps))
        logits = answer(candidate, material)
        return Trial(candidate, seconds, threshold, evaluate(logits, material), self._judge(material, logits))

    def _judge(self, material: Material, candidate: Logits) -> Verdict | None:
        if self.rules.policy is None:
            return None
        live, founder = answer(self.live, material), answer(self._founder, material)
        recent, base = pair(material, self.origin.label_names, candidate, live, founder)
        return decide(self.rules.policy, recent, base, self.rules.exports)
