"""
How a shipped version behaves when a drawing changes: what must not matter, and what must.

Bounds are what was measured on the shipped versions' held-out drawings less a margin: about three points for animals,
one or two for digits; wide enough for another version of the same making.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from doodle_db.ink import draw, rasterise
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.changes import Bitmaps, erase_half, fade, mirror, move, resize, scribble, thicken, thin, turn
from doodle_testing.digits import DIGITS, write_digit
from doodle_testing.ink_proof import read_ink_proof
from doodle_testing.shipped_version import ShippedVersion, find_shipped, load_shipped
from training_server.base_material import find_base_data, read_splits
from training_server.dataset import take
from training_server.evaluate import evaluate_logits, predict_logits, to_log_probabilities

Change = Callable[[Bitmaps], Bitmaps]
LABEL_SETS = ("animals", "digits")


NUM_SAMPLED = 1_500
"""Held-out drawings that are changed; a share of them is exact to about a point."""


@dataclass(frozen=True)
class Subject:
    """
    A shipped version with drawings it has never seen.

    Attributes:
        holdout: all of them.
        sample: those that are changed.
        guesses: int64, shape (len(sample),): first guesses about those as they are.
    """

    version: ShippedVersion
    network: keras.Model
    holdout: LabelledBitmaps
    sample: LabelledBitmaps
    guesses: NDArray[np.int64]

    def guess(self, bitmaps: Bitmaps) -> NDArray[np.int64]:
        """Give first guesses, as label indexes."""
        return np.asarray(predict_logits(self.network, bitmaps).argmax(axis=1))


@pytest.fixture(scope="module", params=LABEL_SETS)
def tested(request: pytest.FixtureRequest, data_dir: Path) -> Subject:
    """The shipped version of each label set, in turn."""
    return load_tested(request.param, data_dir)


@pytest.fixture(scope="module")
def animals(data_dir: Path) -> Subject:
    """The shipped version of animals."""
    return load_tested("animals", data_dir)


@pytest.fixture(scope="module")
def digits(data_dir: Path) -> Subject:
    """The shipped version of digits."""
    return load_tested("digits", data_dir)


@cache
def load_tested(label_set: str, data_dir: Path) -> Subject:
    """Load a label set's shipped version and its held-out drawings."""
    (path,) = find_shipped(label_set)
    version = load_shipped(path)
    network = version.build()
    _, holdout = read_splits(find_base_data(data_dir, version.label_set), version.label_set)
    sample = take(holdout, np.random.default_rng(0).permutation(len(holdout))[:NUM_SAMPLED])
    guesses = np.asarray(predict_logits(network, sample.bitmaps).argmax(axis=1))
    return Subject(version, network, holdout, sample, guesses)


MINIMUM = {"animals": (0.87, 0.75), "digits": (0.993, 0.975)}
"""Accuracy and lowest recall; measured: 88.1 % and 79.5 % (dog), 99.4 % and 98.6 % (9)."""


@pytest.mark.needs_data
def test_it_is_right_often_enough_about_every_label(tested: Subject) -> None:
    """The minimum function: overall, and for the label it knows least."""
    evaluation = evaluate_logits(predict_logits(tested.network, tested.holdout.bitmaps), tested.holdout.labels)

    min_accuracy, min_recall = MINIMUM[tested.version.label_set.name]

    assert evaluation.accuracy >= min_accuracy
    assert evaluation.recalls.min() >= min_recall


@dataclass(frozen=True)
class Bound:
    """
    What a change may do.

    Attributes:
        min_same: share of first guesses that stay, at least.
        max_loss: of accuracy.
    """

    min_same: float
    max_loss: float


DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1))
MOVES_OF_ONE = [partial(move, right_px=right, down_px=down) for right, down in DIRECTIONS[:4]]
MOVES_OF_TWO = [partial(move, right_px=2 * right, down_px=2 * down) for right, down in DIRECTIONS]


@pytest.mark.needs_data
@pytest.mark.parametrize(
    ("changes", "of_animals", "of_digits"),
    [
        pytest.param(MOVES_OF_ONE, Bound(0.935, 0.02), Bound(0.98, 0.01), id="moved by one pixel"),
        pytest.param(MOVES_OF_TWO, Bound(0.91, 0.03), Bound(0.97, 0.02), id="moved by two pixels"),
        pytest.param([partial(thicken, share=0.25)], Bound(0.94, 0.025), Bound(0.98, 0.01), id="a broader pen"),
        pytest.param([partial(thin, share=0.25)], Bound(0.91, 0.04), Bound(0.98, 0.01), id="a finer pen"),
        pytest.param([partial(fade, share=0.2)], Bound(0.93, 0.03), Bound(0.98, 0.01), id="pressed less"),
        pytest.param(
            [partial(turn, degrees=5), partial(turn, degrees=-5)], Bound(0.92, 0.035), Bound(0.98, 0.01), id="5°"
        ),
        pytest.param(
            [partial(turn, degrees=10), partial(turn, degrees=-10)], Bound(0.90, 0.04), Bound(0.97, 0.02), id="10°"
        ),
        pytest.param([partial(resize, size=0.9)], Bound(0.90, 0.04), Bound(0.98, 0.01), id="a tenth smaller"),
        pytest.param([partial(resize, size=1.1)], Bound(0.92, 0.03), Bound(0.98, 0.01), id="a tenth larger"),
    ],
)
def test_what_leaves_a_drawing_what_it_is_leaves_the_guess(
    tested: Subject, changes: list[Change], of_animals: Bound, of_digits: Bound
) -> None:
    """Invariance: the guess stays as a rule, accuracy hardly falls, and no label is lost by it."""
    bound = of_animals if tested.version.label_set.name == "animals" else of_digits
    right = (tested.guesses == tested.sample.labels).mean()
    for change in changes:
        changed = tested.guess(change(tested.sample.bitmaps))

        assert (changed == tested.guesses).mean() >= bound.min_same
        assert (changed == tested.sample.labels).mean() >= right - bound.max_loss
        assert lowest_recall(changed, tested.sample.labels) >= LOWEST_RECALL[tested.version.label_set.name]


LOWEST_RECALL = {"animals": 0.62, "digits": 0.92}
"""Of any label, under any of these changes; measured: 70 % (a finer pen, a tenth smaller), 96 % (moved by two)."""


def lowest_recall(guesses: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
    """Give the share found of the label that is found least often."""
    return float(min((guesses[labels == label] == label).mean() for label in np.unique(labels)))


@pytest.mark.needs_data
def test_an_animal_that_looks_to_the_left_is_the_same(animals: Subject) -> None:
    """Invariance: mirrored, most guesses stay (measured: 96 %), and accuracy is the same."""
    mirrored = animals.guess(mirror(animals.sample.bitmaps))

    assert (mirrored == animals.guesses).mean() >= 0.93
    assert abs((mirrored == animals.sample.labels).mean() - (animals.guesses == animals.sample.labels).mean()) <= 0.015


@pytest.mark.needs_data
def test_a_six_upside_down_is_a_nine(digits: Subject) -> None:
    """Direction: what is changed to another label gets the other label (measured: 84 %)."""
    sixes = digits.holdout.bitmaps[digits.holdout.labels == 6]

    assert (digits.guess(np.ascontiguousarray(np.rot90(sixes, 2, axes=(1, 2)))) == 9).mean() >= 0.70


@pytest.mark.needs_data
@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([partial(scribble, num_lines=number, seed=0) for number in (1, 3, 6)], id="scribbled over"),
        pytest.param([partial(turn, degrees=degrees) for degrees in (30, 60)], id="turned further"),
        pytest.param([partial(fade, share=0.6)], id="fainter"),
        pytest.param([erase_half], id="half of it erased"),
    ],
)
def test_what_takes_a_drawing_away_takes_the_certainty_away(tested: Subject, steps: list[Change]) -> None:
    """Direction: the further from what it was, the lower the probability of its label, by two points at least."""
    bitmaps, labels = tested.sample.bitmaps, tested.sample.labels
    drawings = [bitmaps, *(change(bitmaps) for change in steps)]
    sure = [mean_probability(tested.network, each, labels) for each in drawings]

    assert (np.diff(sure) <= -0.02).all(), sure


def mean_probability(network: keras.Model, bitmaps: Bitmaps, labels: NDArray[np.int64]) -> float:
    """Give the mean probability of the labels, in [0, 1]."""
    probabilities = np.exp(to_log_probabilities(predict_logits(network, bitmaps)))
    return float(probabilities[np.arange(len(labels)), labels].mean())


@pytest.mark.needs_data
def test_the_more_is_drawn_the_better_it_is_known(animals: Subject, data_dir: Path) -> None:
    """Direction: guessing while people draw, stroke by stroke, the label's probability rises."""
    proof = read_ink_proof(data_dir)
    names = animals.version.label_set.names
    of_labels = [row for row, word in enumerate(proof.words) if word in names and len(proof.inks[row]) >= 3]
    labels = np.array([names.index(proof.words[row]) for row in of_labels])

    sure = [
        mean_probability(animals.network, np.stack([begin(proof.inks[row], thirds) for row in of_labels]), labels)
        for thirds in (1, 2, 3)
    ]

    assert (np.diff(sure) >= 0.05).all(), sure


def begin(strokes: list[list[list[int]]], thirds: int) -> Bitmaps:
    """Draw so many thirds of a drawing's strokes, as the page does it."""
    num_strokes = -(-len(strokes) * thirds // 3)
    pad = [[(float(x), float(y)) for x, y in zip(*stroke, strict=True)] for stroke in strokes[:num_strokes]]
    return draw(pad, 28, 28)[1]


@pytest.mark.needs_data
def test_our_ink_and_the_data_set_bitmaps_get_the_same_guess(animals: Subject, data_dir: Path) -> None:
    """What the page draws of somebody's strokes is told apart as their bitmap is: no skew between training and use."""
    proof = read_ink_proof(data_dir)
    of_labels = [row for row, word in enumerate(proof.words) if word in animals.version.label_set.names]
    ours = np.stack([rasterise(proof.inks[row], 28, 28) for row in of_labels])

    assert (animals.guess(ours) == animals.guess(proof.bitmaps[of_labels])).all()


def test_digits_of_our_own_are_read() -> None:
    """
    The page's pen is finer, and its digits larger, than those of the training data; they are read all the same.

    Measured on 400: 98 %, and of ones, the digit it finds least often, 75 %.
    """
    (path,) = find_shipped("digits")
    version = load_shipped(path)
    random = Random(7)
    labels = np.arange(400) % len(DIGITS)
    bitmaps = np.stack([draw(write_digit(version.label_set.names[label], random), 28, 28)[1] for label in labels])

    right = predict_logits(version.build(), bitmaps).argmax(axis=1) == labels

    assert right.mean() >= 0.94
    assert min(right[labels == label].mean() for label in range(len(DIGITS))) >= 0.65
