"""The house in memory does what a worker does."""

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.drills.drawings import Drawings, join_drawings, send_in
from benchmarks.drills.house import House
from benchmarks.drills.kept import Base
from benchmarks.drills.origin import Origin
from benchmarks.drills.rules import AGREEING, Rules, fine_tune
from doodle_db.manifest import NetworkDefinition
from doodle_db.splits import split_of
from doodle_db.training_sets import LabelledBitmaps
from training_server.agreement import ExportCheck
from training_server.fit import FitResult
from training_server.fit_plan import FitPlan
from training_server.lessons import Lessons
from training_server.live_view import LiveView
from training_server.material import Material

RANDOM = np.random.default_rng
SIZE = 12


def draw(num_rows: int, seed: int) -> LabelledBitmaps:
    """Two labels anybody can tell apart: ink above, or below."""
    labels = np.arange(num_rows) % 2
    bitmaps = RANDOM(seed).integers(0, 60, (num_rows, SIZE, SIZE)).astype(np.uint8)
    bitmaps[labels == 0, : SIZE // 2] = 255
    return LabelledBitmaps(bitmaps, labels.astype(np.int64))


def round_of(num_training: int, num_test: int, seed: int) -> Drawings:
    """A round of such drawings, by two people in turn."""
    return send_in(draw(num_training, seed), draw(num_test, seed + 1), [0, 1] * num_training, RANDOM(seed))


@pytest.fixture(scope="module")
def origin() -> Origin:
    """A version that knows nothing yet."""
    definition = NetworkDefinition(name="mlp", arguments={"first_units": 16, "second_units": 8})
    empty = Origin(definition, (SIZE, SIZE, 1), ("above", "below"), {})
    return empty.with_weights_of(empty.build_untrained(2, seed=1))


@pytest.fixture(scope="module")
def base() -> Base:
    """Forty drawings to train on, twenty to test on."""
    return Base(draw(40, 1), draw(20, 2))


def learn_nothing(network: keras.Model, material: Material, held: Lessons, plan: FitPlan) -> FitResult:
    """Leave the weights as they are."""
    return FitResult((), 0, material.new)


def test_drawings_keep_the_split_they_were_sent_for() -> None:
    """What may be trained on gets ids of the train split, and what is tested on ids of the test split."""
    sent = round_of(30, 10, seed=3)

    assert (len(sent.of_split("train")), len(sent.of_split("test"))) == (30, 10)
    assert sum(split_of(each) == "test" for each in sent.ids) == 10


def test_what_is_learnt_is_published_and_becomes_replay(origin: Origin, base: Base) -> None:
    """A candidate that has learnt goes live; its drawings are no longer new."""
    house = House(origin, base, Rules(exports=AGREEING))
    before = house.measure()["base"].accuracy

    played = house.play(round_of(200, 60, seed=4))

    assert played.trial is not None
    assert played.trial.is_published, played.trial.verdict
    assert played.live["base"].accuracy > before
    assert (len(house.kept.old), len(house.kept.waiting)) == (1, 0)


def test_what_is_rejected_waits_for_the_next_round(origin: Origin, base: Base) -> None:
    """A candidate that is no better stays out; the next one is trained on its drawings, too."""
    house = House(origin, base, Rules(exports=AGREEING, learn=learn_nothing))

    first, second = house.play(round_of(30, 30, seed=5)), house.play(round_of(30, 30, seed=6))

    assert first.trial is not None
    assert not first.trial.is_published
    assert (first.num_new, second.num_new) == (30, 60)


def test_exports_that_differ_keep_a_candidate_out(origin: Origin, base: Base) -> None:
    """Files that agree are a drill's assumption, made aloud; without it the gate says no."""
    house = House(origin, base, Rules(exports=ExportCheck(0, {})))

    played = house.play(round_of(200, 60, seed=4))

    assert played.trial is not None
    assert not played.trial.is_published


def test_what_the_screen_puts_aside_is_neither_trained_nor_tested_on(origin: Origin, base: Base) -> None:
    """The screen sees who sent a drawing, and its word counts."""

    def only_the_first_person(live: LiveView, base: Base, arrived: Drawings) -> NDArray[np.bool_]:
        return np.asarray(arrived.contributors == 0)

    house = House(origin, base, Rules(exports=AGREEING, screen=only_the_first_person))

    played = house.play(round_of(40, 20, seed=7))

    assert (played.num_arrived, played.num_accepted) == (60, 30)
    assert played.num_new + played.live["recent"].num_doodles == 30


def test_what_waits_is_screened_again_with_what_came_since(origin: Origin, base: Base) -> None:
    """As a worker does: train split since the watermark, and all of the test split; what live has learnt stays."""
    asked: list[tuple[int, int]] = []

    def note(live: LiveView, base: Base, drawings: Drawings) -> NDArray[np.bool_]:
        asked.append((len(drawings.of_split("train")), len(drawings.of_split("test"))))
        return np.ones(len(drawings), bool)

    house = House(origin, base, Rules(exports=AGREEING, screen=note, learn=learn_nothing))
    house.play(round_of(30, 10, seed=5))
    house.play(round_of(20, 10, seed=6))
    house.kept = house.kept.move_watermark()

    house.play(round_of(40, 10, seed=7))

    assert asked == [(30, 10), (50, 20), (40, 30)]


def test_the_threshold_goes_live_with_its_version(origin: Origin, base: Base) -> None:
    """A screening asks by what the live manifest says, and that is chosen as a worker chooses it."""
    house = House(origin, base, Rules(exports=AGREEING, policy=None))
    before = house.rejection

    played = house.play(round_of(60, 10, seed=8))

    assert played.trial is not None
    assert house.rejection == played.trial.rejection != before
    assert house.rejection.ink is not None


def test_a_house_without_a_gate_publishes_anything(origin: Origin, base: Base) -> None:
    """So plain fine-tuning can be shown for what it is; what is watched is measured."""
    watched = {"others": draw(10, 8)}
    house = House(origin, base, Rules(exports=AGREEING, policy=None, learn=fine_tune), watched)

    played = house.play(round_of(40, 4, seed=9))

    assert played.trial is not None
    assert played.trial.verdict is None
    assert played.trial.is_published
    assert played.live["others"].num_doodles == 10


def draw_aside(num_rows: int, seed: int) -> LabelledBitmaps:
    """A third label: ink to the left."""
    bitmaps = RANDOM(seed).integers(0, 60, (num_rows, SIZE, SIZE)).astype(np.uint8)
    bitmaps[:, :, : SIZE // 2] = 255
    return LabelledBitmaps(bitmaps, np.full(num_rows, 2, np.int64))


def test_a_new_label_is_learnt_once_there_is_enough_of_it(origin: Origin, base: Base) -> None:
    """Its drawings wait through a published round, and then they all are new to a wider network."""
    watched = {"aside": draw_aside(10, 20)}
    house = House(origin, base, Rules(exports=AGREEING, policy=None), watched, new_labels=("aside",))
    aside = [send_in(draw_aside(40, seed), draw_aside(6, seed + 1), [0] * 46, RANDOM(seed)) for seed in (10, 12)]

    first = house.play(join_drawings([round_of(30, 10, seed=5), aside[0]]))
    num_known_before = house.num_known
    second = house.play(join_drawings([round_of(30, 10, seed=6), aside[1]]))

    assert (num_known_before, house.num_known) == (2, 3)
    assert (first.num_new, second.num_new) == (30, 30 + 80)
    assert first.live["aside"].accuracy == 0.0
    assert second.live["aside"].accuracy >= 0.5
    assert second.trial is not None
    assert second.trial.figures["recent"].num_doodles == 20 + 12


def test_the_same_seed_plays_the_same_round(origin: Origin, base: Base) -> None:
    """A drill can be repeated."""
    figures = [
        House(origin, base, Rules(exports=AGREEING, seed=2)).play(round_of(60, 30, seed=4)).live["base"].log_loss
        for _ in range(2)
    ]

    assert figures[0] == figures[1]
