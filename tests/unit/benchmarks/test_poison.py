"""Liars in the house in memory: what they send is what the drill says they send."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from benchmarks.comparisons.results import recall_or_make
from benchmarks.drills.drawings import Drawings, send_in
from benchmarks.drills.grounds import Ground
from benchmarks.drills.kept import Base, Kept
from benchmarks.drills.origin import Origin
from benchmarks.drills.poison_tables import Played, find_faults, tabulate_side_by_side
from benchmarks.drills.poisoned_course import Defences, PoisonedCourse, Setting, Standing, play_poisoned
from benchmarks.drills.poisons import Attack, Tally, choose_stock, count_used, is_lie, poison
from doodle_db.manifest import NetworkDefinition
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.scripts import load_script
from training_server.evaluate import predict_logits
from training_server.fit_plan import FitPlan
from training_server.networks import build
from training_server.weights import read_weights

SIZE, NUM_LABELS, VICTIM, TAKEN_FOR = 12, 3, 1, 0
RANDOM = np.random.default_rng
PLAN = FitPlan(epochs=1, batch_size=16, learning_rate=1e-3, augmentation=None)


def draw(num_rows: int, seed: int) -> LabelledBitmaps:
    """Three labels anybody can tell apart: ink above, in the middle, or below."""
    labels = np.arange(num_rows) % NUM_LABELS
    bitmaps = RANDOM(seed).integers(0, 60, (num_rows, SIZE, SIZE)).astype(np.uint8)
    for label in range(NUM_LABELS):
        bitmaps[labels == label, label * 4 : label * 4 + 4] = 255
    return LabelledBitmaps(bitmaps, labels.astype(np.int64))


def round_of(num_training: int, num_test: int, seed: int) -> Drawings:
    """A round of honest drawings by ten people."""
    people = [number % 10 for number in range(num_training + num_test)]
    return send_in(draw(num_training, seed), draw(num_test, seed + 1), people, RANDOM(seed))


@pytest.fixture(scope="module")
def origin() -> Origin:
    """A version that knows nothing yet."""
    definition = NetworkDefinition(name="mlp", arguments={"first_units": 16, "second_units": 8})
    network = build(definition.name, (SIZE, SIZE, 1), NUM_LABELS, definition.arguments, 1)
    return Origin(definition, (SIZE, SIZE, 1), ("above", "middle", "below"), read_weights(network))


@pytest.fixture(scope="module")
def live(origin: Origin) -> keras.Model:
    """What everybody has."""
    return origin.build()


ATTACK = Attack(0.2, "targeted", is_one=False, victim=VICTIM, taken_for=TAKEN_FOR)
"""On the middle, by many."""


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3])
def test_lies_take_the_place_of_honest_drawings_in_both_splits(live: keras.Model, share: float) -> None:
    """As many drawings come in as without them, and a doodle's id says its split, whoever sends it."""
    honest, stock = round_of(100, 20, seed=1), round_of(300, 60, seed=3)

    sent = poison(honest, stock, replace(ATTACK, share=share), live, number=1)

    lies = is_lie(sent)
    assert len(sent) == len(honest)
    assert len(sent.of_split("test")) == 20
    assert lies.sum() == round(share * 100) + round(share * 20)
    assert len(sent.take(np.flatnonzero(lies)).of_split("test")) == round(share * 20)


def test_targeted_lies_are_victims_under_the_other_label(live: keras.Model) -> None:
    """All dogs called cat: nothing else is touched."""
    stock = round_of(300, 60, seed=3)

    sent = poison(round_of(100, 20, seed=1), stock, ATTACK, live, number=1)

    lies = sent.take(np.flatnonzero(is_lie(sent)))
    truth = {each: int(label) for each, label in zip(stock.ids, stock.labels, strict=True)}
    assert set(lies.labels) == {TAKEN_FOR}
    assert {truth[each] for each in lies.ids} == {VICTIM}


def test_random_lies_are_never_the_truth(live: keras.Model) -> None:
    """Any label but the right one."""
    stock = round_of(300, 60, seed=3)

    sent = poison(round_of(100, 20, seed=1), stock, replace(ATTACK, kind="random"), live, number=1)

    lies = sent.take(np.flatnonzero(is_lie(sent)))
    truth = {each: int(label) for each, label in zip(stock.ids, stock.labels, strict=True)}
    assert all(truth[each] != label for each, label in zip(lies.ids, lies.labels, strict=True))
    assert len(set(lies.labels)) == NUM_LABELS


@pytest.mark.parametrize(("is_one", "num_liars"), [(True, 1), (False, 3)])
def test_one_liar_or_as_many_as_it_takes(live: keras.Model, is_one: bool, num_liars: int) -> None:
    """Many liars send ten drawings each, as honest people do."""
    sent = poison(round_of(150, 10, seed=1), round_of(300, 60, seed=3), replace(ATTACK, is_one=is_one), live, number=1)

    assert len(set(sent.contributors[is_lie(sent)])) == num_liars


def test_careful_liars_send_what_is_nearly_believed(live: keras.Model) -> None:
    """They have the live version's files, as every page has."""
    stock = round_of(300, 60, seed=3)

    sent = poison(round_of(100, 20, seed=1), stock, replace(ATTACK, share=0.1, is_careful=True), live, number=1)

    logits = predict_logits(live, stock.bitmaps)
    believed = dict(zip(stock.ids, (logits[:, TAKEN_FOR] - logits[:, VICTIM]).tolist(), strict=True))
    lies = set(sent.take(np.flatnonzero(is_lie(sent))).ids)
    others = [believed[each] for each, label in zip(stock.ids, stock.labels, strict=True) if label == VICTIM]
    assert np.mean([believed[each] for each in lies]) > np.quantile(others, 0.8)


def test_what_is_used_is_counted(live: keras.Model) -> None:
    """Lies and honest drawings apart, over all rounds."""
    first, honest = round_of(100, 20, seed=1), round_of(10, 2, seed=5)
    sent = poison(first, round_of(300, 60, seed=3), ATTACK, live, number=1)

    kept = Kept(Base(draw(9, 1), draw(9, 2))).take_in(sent).take_in(honest).screen(lambda drawings: ~is_lie(drawings))

    assert count_used(kept) == Tally(num_lies=24, num_lies_used=0, num_honest=108, num_honest_used=108)


def test_liars_stock_is_dealt_to_rounds_once() -> None:
    """Honest rounds first; what is left is dealt, and nothing twice."""
    rounds = [round_of(20, 4, seed=10 * number) for number in range(6)]

    honest, stock = choose_stock(rounds, 2)

    assert [len(each) for each in honest] == [24, 24]
    assert [len(each) for each in stock] == [48, 48]
    ids = [each for part in (*honest, *stock) for each in part.ids]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("defences", ["plain", "none", "gate", "each step", "all"])
def test_a_course_is_played_with_each_kind_of_defence(origin: Origin, defences: Defences) -> None:
    """Every round is measured on base drawings the gate sees, on those it does not, and on honest people's."""
    ground = Ground(origin, Base(draw(90, 1), draw(60, 2)), draw(30, 3), draw(3, 4), draw(3, 5))
    setting = Setting(ground, [round_of(60, 24, 6), round_of(60, 24, 8)], [round_of(60, 24, 10)] * 2, PLAN, seed=0)

    course = play_poisoned(setting, ATTACK, defences, lambda _: None, num_rounds=2)

    assert course.num_rounds == 2
    assert course.tally.num_lies == 2 * (round(0.2 * 60) + round(0.2 * 24))
    assert (course.tally.num_lies_used == course.tally.num_lies) or defences in ("each step", "all")
    assert (course.num_published == 2) or defences not in ("plain", "none")
    assert course.lowest("base") <= 0 >= course.lowest("unseen")
    assert -100 <= course.gained("honest") <= 100
    assert course.lowest_found("base") <= 0


def make_course(*accuracies: float) -> PoisonedCourse:
    """A course with these shares of everything right."""
    standings = tuple(Standing(100, accuracy, accuracy, 0.0) for accuracy in accuracies)
    return PoisonedCourse(Tally(10, 2, 90, 88), 1, dict.fromkeys(("base", "unseen", "honest"), standings))


def test_a_course_that_is_kept_is_not_played_again(tmp_path: Path) -> None:
    """A drill goes on where it was; with anything else it begins anew."""
    made: list[float] = []

    def play(accuracy: float) -> PoisonedCourse:
        made.append(accuracy)
        return make_course(0.8, accuracy)

    path = tmp_path / "flood" / "course.json"
    told = [
        recall_or_make(path, {"seed": seed}, PoisonedCourse, lambda: play(accuracy))  # noqa: B023 - called at once
        for seed, accuracy in ((0, 0.7), (0, 0.6), (1, 0.5))
    ]

    assert made == [0.7, 0.5]
    assert told == [make_course(0.8, 0.7), make_course(0.8, 0.7), make_course(0.8, 0.5)]


def test_a_fall_of_more_than_a_point_is_a_fault_in_spite_of_all_defences() -> None:
    """In any round, not only in the end; without defences it is what was to be shown."""
    fallen, held = make_course(0.8, 0.78, 0.8), make_course(0.8, 0.795, 0.81)

    faults = [find_faults([Played(ATTACK, *each)]) for each in (("all", fallen), ("none", fallen), ("all", held))]

    assert faults == [["20 % dogs called cats: base drawings lost 2.0 points."], [], []]


def test_ways_of_defence_stand_side_by_side() -> None:
    """A line an attack; what was not played is empty."""
    many = [
        Played(replace(ATTACK, share=0.0), "none", make_course(0.8, 0.8)),
        Played(replace(ATTACK, share=0.0), "all", make_course(0.8, 0.79)),
        Played(ATTACK, "all", make_course(0.8, 0.78)),
    ]

    table = tabulate_side_by_side(many)

    assert "| wrong labels | no defences | all |" in table
    assert "| none | +0.0 | -1.0 |" in table
    assert "| 20 % dogs called cats |  | -2.0 |" in table


@pytest.mark.needs_data
def test_the_drill_runs(
    data_dir: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The script that fills docs/figures.md goes through, in its quick mode."""
    monkeypatch.setenv("DOODLE_DATA_DIR", str(data_dir))

    load_script("tests/benchmarks/poison.py").main(["--quick", "--only", "slow", "--results", str(tmp_path)])

    assert capsys.readouterr().out.count("dogs called cats") == 4
