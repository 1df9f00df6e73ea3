"""From the pad to the strokes that are stored: every drawing, however awkward, has one defined form."""

from random import Random

import numpy as np
import pytest

from doodle_db.ink import InkError, InkStrokes, draw, normalise, simplify, validate_ink
from doodle_testing.ink_cases import InkCase, read_ink_cases

CASES = read_ink_cases()
TAKEN = [case for case in CASES if not case.refused]


@pytest.mark.parametrize("case", [case for case in CASES if case.ink is not None], ids=str)
def test_awkward_drawings_become_what_the_cases_say(case: InkCase) -> None:
    """The file is read by TypeScript, too."""
    assert simplify(normalise(case.strokes)) == case.ink


@pytest.mark.parametrize("case", [case for case in CASES if case.refused], ids=str)
def test_what_has_no_place_is_refused(case: InkCase) -> None:
    """Rather than drawn anywhere."""
    with pytest.raises(InkError, match=r"not finite|inf long"):
        draw(case.strokes, 28, 28)


@pytest.mark.parametrize("case", TAKEN, ids=str)
def test_what_is_drawn_may_be_sent(case: InkCase) -> None:
    """The door takes what the pad makes."""
    ink, bitmap = draw(case.strokes, 28, 28)

    validate_ink(ink)
    assert bitmap.any() == bool(ink)


@pytest.mark.parametrize("case", [case for case in TAKEN if case.name != "tiny coordinates"], ids=str)
def test_neither_place_nor_size_matters(case: InkCase) -> None:
    """Half as large and elsewhere it is the same drawing; halves are exact, so no rounding comes in between."""
    moved = [[(x / 2 + 64, y / 2 - 16) for x, y in stroke] for stroke in case.strokes]

    assert normalise(moved) == normalise(case.strokes)


def test_simplifying_twice_changes_nothing_on_corners() -> None:
    """What is left are corners."""
    once = simplify([[[0, 100, 100, 0, 0, 40], [0, 0, 100, 100, 50, 50]]])

    assert simplify(once) == once


def test_points_beyond_an_end_are_kept() -> None:
    """Distance is from the piece of line between the ends, not from the line without end: nothing drawn gets lost."""
    assert simplify([[[50, 0, 200, 100], [0, 0, 0, 0]]]) == [[[50, 0, 200, 100], [0, 0, 0, 0]]]


@pytest.mark.parametrize(("bend", "is_kept"), [(2, False), (3, True)])
def test_a_point_may_lie_two_units_off(bend: int, is_kept: bool) -> None:
    """Quick, Draw! simplified its drawings with an epsilon of 2.0."""
    ((xs, _),) = simplify([[[0, 100, 200], [0, bend, 0]]])

    assert (100 in xs) == is_kept


def test_no_point_lies_further_off_than_epsilon() -> None:
    """On scribbles: each point left out is within 2 units of what is left."""
    random = Random(5)
    ink = [[[random.randint(0, 255) for _ in range(60)] for _ in "xy"] for _ in range(20)]

    for before, after in zip(ink, simplify(ink), strict=True):
        assert max(distance_from(after, x, y) for x, y in zip(*before, strict=True)) <= 2 + 1e-9


def distance_from(stroke: list[list[int]], x: float, y: float) -> float:
    """Give the distance of a point from the nearest place of a stroke."""
    points = np.array(stroke, float).T
    starts, ways = points[:-1], np.diff(points, axis=0)
    along = ((np.array([x, y]) - starts) * ways).sum(axis=1) / (ways**2).sum(axis=1)
    nearest = starts + np.clip(along, 0, 1)[:, np.newaxis] * ways
    return float(np.hypot(*(nearest - [x, y]).T).min())


def test_strokes_keep_their_order_and_number() -> None:
    """Only strokes without points go."""
    ink: InkStrokes = normalise([[(0, 0)], [], [(255, 0)], [(0, 255)]])

    assert ink == [[[0], [0]], [[255], [0]], [[0], [255]]]
