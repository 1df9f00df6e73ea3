"""A delta run on real drawings: it learns what is new, forgets nothing, and the gate tells sense from nonsense."""

import time
from dataclasses import dataclass

import keras
import numpy as np
import pytest

from benchmarks.drills.rules import AGREEING, learn_beside
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.shipped_version import ShippedVersion
from training_server.dataset import NUM_REPLAY, take
from training_server.evaluate import predict_logits
from training_server.gate import GatePolicy, PairedHoldout, Verdict, decide

NUM_NEW, NUM_RECENT = 850, 150

Splits = tuple[LabelledBitmaps, LabelledBitmaps]


@dataclass(frozen=True)
class Delta:
    """A delta run's figures."""

    verdict: Verdict
    seconds: float

    def number(self, check: str, name: str) -> float:
        """Find a number of a check."""
        return next(each.numbers[name] for each in self.verdict.checks if each.name == check)


def run_delta(shipped: ShippedVersion, splits: Splits, new: LabelledBitmaps) -> Delta:
    """Train the shipped version further on the first new rows, and judge it on the last of them."""
    training, base = splits
    live, candidate = shipped.build(), shipped.build()
    replay = take(training, np.random.default_rng(1).permutation(len(training))[:NUM_REPLAY])
    recent = take(new, np.arange(NUM_NEW, NUM_NEW + NUM_RECENT))
    began = time.monotonic()
    learn_beside(live, shipped.label_set.names, candidate, take(new, np.arange(NUM_NEW)), replay)
    seconds = time.monotonic() - began
    verdict = decide(
        GatePolicy(), pair(shipped, recent, candidate, live), pair(shipped, base, candidate, live), AGREEING
    )
    return Delta(verdict, seconds)


def pair(shipped: ShippedVersion, rows: LabelledBitmaps, candidate: keras.Model, live: keras.Model) -> PairedHoldout:
    """Ask both networks the same."""
    answers = (predict_logits(candidate, rows.bitmaps), predict_logits(live, rows.bitmaps))
    return PairedHoldout(shipped.label_set.names, rows.labels, *answers)


def some_drawings(splits: Splits) -> LabelledBitmaps:
    """A thousand real drawings, in random order."""
    training = splits[0]
    return take(training, np.random.default_rng(2).permutation(len(training))[: NUM_NEW + NUM_RECENT])


@pytest.mark.needs_data
def test_drawings_made_sideways_are_learnt_and_nothing_is_forgotten(shipped: ShippedVersion, splits: Splits) -> None:
    """People who hold the pad sideways are understood after a thousand drawings; all others are as before."""
    drawings = some_drawings(splits)
    sideways = LabelledBitmaps(np.ascontiguousarray(np.rot90(drawings.bitmaps, axes=(1, 2))), drawings.labels)

    delta = run_delta(shipped, splits, sideways)

    assert delta.verdict.outcome == "published", delta.verdict.summary
    assert delta.number("recent", "candidate_right") >= 1.5 * delta.number("recent", "live_right")
    assert delta.number("base", "candidate") >= delta.number("base", "live") - 0.01


@pytest.mark.needs_data
def test_scrambled_labels_are_rejected(shipped: ShippedVersion, splits: Splits) -> None:
    """Nonsense is not learnt into the live model, whatever statistic it flatters; the words say why."""
    drawings = some_drawings(splits)
    scrambled = LabelledBitmaps(drawings.bitmaps, np.random.default_rng(3).permutation(drawings.labels))

    delta = run_delta(shipped, splits, scrambled)

    assert delta.verdict.outcome == "rejected"
    assert "hardly more than by guessing" in delta.verdict.summary
