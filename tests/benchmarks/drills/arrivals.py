"""What users send, round by round: as before, shifted, or of a label that was not there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.drills.drawings import Drawings, send_in
from benchmarks.drills.grounds import Ground
from benchmarks.drills.shifts import Shift, shift
from doodle_db.splits import TEST_SHARE_PERCENT
from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import join, take

NUM_PEOPLE = 50
"""Contributors of a round: ten drawings each, so that none weighs much."""


@dataclass(frozen=True)
class Mixture:
    """
    What a part of the drawings is exchanged for, in both splits alike.

    Attributes:
        training, test: what comes instead, in random order.
        num_a_round: how many, both splits together.
        in_place_of: the label whose drawings make room; None: any.
    """

    training: LabelledBitmaps
    test: LabelledBitmaps
    num_a_round: int
    in_place_of: int | None


@dataclass(frozen=True)
class Scenario:
    """
    What happens to an installation.

    Attributes:
        num_rounds: to play.
        num_a_round: drawings of both splits.
        how: how everybody draws from the first round on; None as in the base data.
        mixture: other drawings among them; None for none.
        seed: of the changes, ids and order.
    """

    num_rounds: int
    num_a_round: int
    how: Shift | None = None
    mixture: Mixture | None = None
    seed: int = 0


def send_rounds(ground: Ground, scenario: Scenario) -> list[Drawings]:
    """
    Deal the fresh drawings out to rounds; none is dealt twice.

    Raises:
        ValueError: there are too few of them.
    """
    random = np.random.default_rng(scenario.seed)
    num_test = scenario.num_a_round * TEST_SHARE_PERCENT // 100
    training = _deal(ground.fresh, scenario, scenario.num_a_round - num_test, is_test=False)
    test = _deal(ground.fresh_test, scenario, num_test, is_test=True)
    return [
        send_in(_draw(known, scenario, random), _draw(tested, scenario, random), _people(random), random)
        for known, tested in zip(training, test, strict=True)
    ]


def all_tested(rounds: Sequence[Drawings]) -> LabelledBitmaps:
    """Give the test split of all rounds: what none of them trains on."""
    return join(*(each.of_split("test") for each in rounds))


def _draw(rows: LabelledBitmaps, scenario: Scenario, random: np.random.Generator) -> LabelledBitmaps:
    if scenario.how is None:
        return rows
    return LabelledBitmaps(shift(rows.bitmaps, scenario.how, random), rows.labels)


def _people(random: np.random.Generator) -> Iterator[int]:
    while True:
        yield int(random.integers(NUM_PEOPLE))


def _deal(rows: LabelledBitmaps, scenario: Scenario, num_a_round: int, *, is_test: bool) -> list[LabelledBitmaps]:
    """Give each round its rows; those of the mixture take the places of the first they may replace."""
    if len(rows) < scenario.num_rounds * num_a_round:
        raise ValueError(
            f"{len(rows)} fresh drawings do not last for {scenario.num_rounds} rounds of {num_a_round}; play fewer."
        )
    dealt = [take(rows, np.arange(num_a_round) + start * num_a_round) for start in range(scenario.num_rounds)]
    if scenario.mixture is None:
        return dealt
    mixture = scenario.mixture
    others = mixture.test if is_test else mixture.training
    num_others = round(mixture.num_a_round * num_a_round / scenario.num_a_round)
    parts = [take(others, np.arange(num_others) + start * num_others) for start in range(scenario.num_rounds)]
    return [_exchange(known, part, mixture.in_place_of) for known, part in zip(dealt, parts, strict=True)]


def _exchange(known: LabelledBitmaps, others: LabelledBitmaps, label: int | None) -> LabelledBitmaps:
    candidates = np.arange(len(known)) if label is None else np.flatnonzero(known.labels == label)
    kept = np.setdiff1d(np.arange(len(known)), candidates[: len(others)])
    return join(take(known, kept), others)
