"""Drawings are dealt out to rounds honestly: none twice, and what is tested on is never trained on."""

import numpy as np
import pytest

from benchmarks.drills.arrivals import Mixture, Scenario, all_tested, send_rounds
from benchmarks.drills.grounds import Ground
from benchmarks.drills.kept import Base
from benchmarks.drills.origin import Origin
from doodle_db.manifest import NetworkDefinition
from doodle_db.training_sets import LabelledBitmaps

ORIGIN = Origin(NetworkDefinition(name="mlp", arguments={}), (2, 2, 1), ("cat", "dog"), {})


def number_drawings(first: int, num_rows: int, label: int | None = None) -> LabelledBitmaps:
    """Drawings that can be told apart: each bitmap holds its number."""
    numbers = np.arange(first, first + num_rows)
    bitmaps = np.stack([numbers // 256, numbers % 256, numbers * 0, numbers * 0], axis=1).astype(np.uint8)
    labels = numbers % 2 if label is None else np.full(num_rows, label)
    return LabelledBitmaps(bitmaps.reshape(-1, 2, 2), labels.astype(np.int64))


def numbers_of(rows: LabelledBitmaps) -> list[int]:
    """Read the numbers back."""
    return [int(high) * 256 + int(low) for high, low in rows.bitmaps[:, 0]]


@pytest.fixture
def ground() -> Ground:
    """A hundred drawings to train on and thirty to test on."""
    nothing = number_drawings(0, 0)
    return Ground(ORIGIN, Base(nothing, nothing), nothing, number_drawings(0, 100), number_drawings(500, 30))


def test_no_drawing_is_dealt_twice_and_each_keeps_its_split(ground: Ground) -> None:
    """Fifteen of a hundred are tested on."""
    rounds = send_rounds(ground, Scenario(num_rounds=4, num_a_round=20))

    training = [number for each in rounds for number in numbers_of(each.of_split("train"))]
    tested = numbers_of(all_tested(rounds))
    assert sorted(training) == list(range(68))
    assert sorted(tested) == list(range(500, 512))


def test_others_take_the_places_of_a_label(ground: Ground) -> None:
    """A mixture's drawings come in both splits in proportion, and only the label they stand for makes room."""
    mixture = Mixture(number_drawings(1000, 40, label=0), number_drawings(2000, 9, label=0), 10, in_place_of=0)

    first, _ = send_rounds(ground, Scenario(num_rounds=2, num_a_round=40, mixture=mixture))

    training, tested = first.of_split("train"), first.of_split("test")
    assert (len(training), len(tested)) == (34, 6)
    assert sum(number >= 1000 for number in numbers_of(training)) == 8
    assert sum(number >= 2000 for number in numbers_of(tested)) == 2
    assert (training.labels == 1).sum() == 17


def test_too_few_drawings_are_refused(ground: Ground) -> None:
    """A drill that would have to repeat itself says so."""
    with pytest.raises(ValueError, match="100 fresh drawings do not last for 10 rounds of 17"):
        send_rounds(ground, Scenario(num_rounds=10, num_a_round=20))
