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
from doodle_db.manifest import Rejection
from doodle_db.training_sets import LabelledBitmaps
from training_server.anchor import anchor_to
from training_server.candidate import renew_rejection
from training_server.dataset import join
from training_server.evaluate import Evaluation, evaluate_logits, predict_logits
from training_server.fit import FitResult
from training_server.fit_plan import FitPlan
from training_server.gate import Verdict, decide
from training_server.growth import choose_unseen, grow, plan_growth, set_loudness
from training_server.holdouts import Logits, align, answer, answer_for_unknown, evaluate, holdouts_of, pair
from training_server.label_plan import Stock, is_enough
from training_server.live_view import LiveView
from training_server.material import Material
from training_server.weights import read_weights, write_weights


@dataclass(frozen=True)
class Trial:
    """
    A candidate, and what was found out about it.

    Attributes:
        network: trained.
        seconds: that training took.
        rejection: what its manifest would state.
        figures: what it is right on, by holdout, "recent" and "base", as the gate saw them.
        verdict: of the gate; None if it was not asked.
    """

    network: keras.Model
    seconds: float
    rejection: Rejection
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
        num_arrived, num_accepted: drawings of this round, both splits; accepted are those used at once.
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
        label_names: what people may draw: the origin's labels, and behind them new ones, learnt one after the other.
        live: the network that is live; to be asked, not to be changed.
        rejection: of what is live.
        kept: all that came in.
        rules: how it is run.
        watched: further holdouts to measure after each round, by name; nothing is decided by them.
        num_rounds: played so far.
    """

    def __init__(
        self,
        origin: Origin,
        base: Base,
        rules: Rules,
        watched: Mapping[str, LabelledBitmaps] | None = None,
        new_labels: tuple[str, ...] = (),
    ) -> None:
        self.origin = origin
        self.label_names = (*origin.label_names, *new_labels)
        self.live = origin.build()
        self._founder = origin.build()
        self.rejection = origin.rejection
        self.kept = Kept(base)
        self.rules = rules
        self.watched = dict(watched or {})
        self.num_rounds = 0
        self._num_tried = dict.fromkeys(range(len(self.label_names)), 0)

    @property
    def num_known(self) -> int:
        """How many of the labels the live network tells apart: the first ones."""
        return int(self.live.output_shape[-1])

    def play(self, arrived: Drawings) -> Round:
        """Take in a round of drawings, train on all that waits, and publish or reject the candidate."""
        self.num_rounds += 1
        self.kept = self._screen(self.kept.take_in(arrived))
        accepted = arrived.take(np.flatnonzero(self.kept.used[-1]))
        num_labels = self._plan_labels()
        material = self._read_material(num_labels)
        num_unseen = int((material.recent.labels >= self.num_known).sum())
        fresh = accepted.of_split("test").labels < self.num_known
        trial = self._try(replace(material, num_fresh=int(fresh.sum()) + num_unseen)) if len(material.new) else None
        self._conclude(trial, num_labels)
        nums = (len(arrived), len(accepted), len(material.new), len(material.replay))
        return Round(self.num_rounds, *nums, trial, self.measure())

    def measure(self) -> dict[str, Evaluation]:
        """Measure what is live, on the holdouts that have a row and on everything watched."""
        material = self._read_material(self.num_known)
        holdouts = {**holdouts_of(material), **self.watched}
        logits = {name: predict_logits(self.live, rows.bitmaps) for name, rows in holdouts.items() if len(rows)}
        aligned = self._align(logits, len(self.label_names))
        return {name: evaluate_logits(rows, holdouts[name].labels) for name, rows in aligned.items()}

    def _screen(self, kept: Kept) -> Kept:
        screen = self.rules.screen
        if screen is None:
            return kept
        live = LiveView(self.live, self.label_names[: self.num_known], self.rejection)
        return kept.screen(lambda drawings: screen(live, kept.base, drawings))

    def _plan_labels(self) -> int:
        """Say how many labels a candidate is to tell apart: those known, and each next one there is enough of."""
        num_labels = self.num_known
        while num_labels < len(self.label_names) and is_enough(self._count_stock(num_labels)):
            num_labels += 1
        return num_labels

    def _count_stock(self, label: int) -> Stock:
        return replace(self.kept.count(label), num_tried=self._num_tried[label])

    def _read_material(self, num_labels: int) -> Material:
        random = np.random.default_rng([self.rules.seed, self.num_rounds])
        return self.kept.read_material(self.num_known, num_labels, random)

    def _try(self, material: Material) -> Trial:
        plan = replace(self.rules.plan, seed=self.rules.seed + self.num_rounds)
        candidate = self._begin(material, plan.seed)
        began = time.monotonic()
        result = self._learn(candidate, material, plan)
        seconds = time.monotonic() - began
        rejection = renew_rejection(self.rejection, candidate, result, material)
        logits = answer(candidate, material)
        return Trial(candidate, seconds, rejection, evaluate(logits, material), self._judge(material, logits))

    def _learn(self, candidate: keras.Model, material: Material, plan: FitPlan) -> FitResult:
        names = self.label_names[: candidate.output_shape[-1]]
        held = anchor_to(self._founder, self.origin.label_names, names, material)
        if len(names) == self.num_known:
            return self.rules.learn(candidate, material, held, plan)
        result = self.rules.learn(candidate, material, held, plan_growth(plan))
        set_loudness(candidate, self.num_known, choose_unseen(result.validation, material.replay))
        return result

    def _begin(self, material: Material, seed: int) -> keras.Model:
        """Begin from what is live; where the drawings have labels it does not know, with a wider last layer."""
        num_labels = max(self.num_known, int(material.new.labels.max()) + 1)
        candidate = self.origin.build_untrained(num_labels, seed)
        if num_labels > self.num_known:
            return grow(self.live, candidate, join(material.replay, material.new))
        write_weights(candidate, read_weights(self.live))
        return candidate

    def _judge(self, material: Material, candidate: Logits) -> Verdict | None:
        if self.rules.policy is None:
            return None
        num_labels = candidate["base"].shape[1]
        names = self.label_names[:num_labels]
        live = self._align(answer(self.live, material), num_labels)
        founder = self._align(answer(self._founder, material), num_labels)
        founder = answer_for_unknown(founder, live, material, range(len(self.origin.label_names), num_labels))
        recent, base = pair(material, names, candidate, live, founder, grown=names[self.num_known :])
        return decide(self.rules.policy, recent, base, self.rules.exports)

    def _align(self, logits: Logits, num_labels: int) -> Logits:
        """Put answers of a network that may know fewer labels in the order of more."""
        num_known = {rows.shape[1] for rows in logits.values()}.pop()
        return align(logits, self.label_names[:num_known], self.label_names[:num_labels])

    def _conclude(self, trial: Trial | None, num_labels: int) -> None:
        if trial is not None and trial.is_published:
            self.live, self.rejection = trial.network, trial.rejection
            self.kept = self.kept.move_watermark()
            return
        for label in range(self.num_known, num_labels):
            self._num_tried[label] = self.kept.count(label).num_train
