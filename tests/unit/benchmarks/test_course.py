"""What a drill finds fault with."""

from collections.abc import Mapping

import numpy as np
import pytest

from benchmarks.drills.course import ALL_RECENT, UNSEEN, Course
from benchmarks.drills.course_tables import Drilled, show_rounds, summarise
from benchmarks.drills.house import Round
from benchmarks.forgetting import find_faults
from training_server.evaluate import Evaluation
from training_server.gate import GatePolicy


def evaluation(accuracy: float, *recalls: float) -> Evaluation:
    """A figure as measured."""
    return Evaluation(1000, accuracy, 0.5, np.array(recalls or (accuracy, accuracy)), np.zeros((2, 2), np.int64))


def figures(base: Evaluation, recent: float) -> Mapping[str, Evaluation]:
    """What is measured after a round."""
    return {"base": base, UNSEEN: base, ALL_RECENT: evaluation(recent)}


def drilled(*base: Evaluation, recent: float = 0.6) -> Drilled:
    """A drill in which base drawings went so from 0.85, and recent ones from 0.4, 0.6 being wanted."""
    rounds = [Round(number, 500, 500, 425, 6000, None, figures(each, recent)) for number, each in enumerate(base, 1)]
    course = Course(figures(evaluation(0.85, 0.9, 0.8), 0.4), tuple(rounds))
    everything = figures(evaluation(0.86), 0.7)
    return Drilled("a drill", ("cat", "dog"), course, course, everything, also=(), wanted={ALL_RECENT: 0.6})


@pytest.mark.parametrize(
    ("played", "fault"),
    [
        pytest.param(drilled(evaluation(0.842), evaluation(0.85)), None, id="within all limits"),
        pytest.param(drilled(evaluation(0.838), evaluation(0.85)), "base drawings lost 1.2 points", id="once too low"),
        pytest.param(drilled(evaluation(0.85, 0.98, 0.71)), "a label fell below its floor", id="dogs given up"),
        pytest.param(drilled(evaluation(0.85), recent=0.55), "55.0% of all recent are right", id="too little learnt"),
    ],
)
def test_forgetting_in_any_round_is_a_fault(played: Drilled, fault: str | None) -> None:
    """Against the start, over all rounds: what comes back later was lost all the same."""
    faults = find_faults(played)

    assert len(faults) == (fault is not None)
    assert fault is None or fault in faults[0]


def test_the_floor_is_the_gates_asked_against_the_start() -> None:
    """Eight points below 90 % and 80 %: cats are nearest."""
    margin, label = drilled(evaluation(0.85, 0.83, 0.79)).ours.worst_margin(GatePolicy())

    assert margin == pytest.approx(0.01)
    assert label == 0


def test_tables_tell_start_end_and_lowest() -> None:
    """In percent, with the round's numbers; a house that published nothing says so."""
    played = drilled(evaluation(0.842), evaluation(0.85))

    assert "| **as a worker does** | 85.0 % | 84.2 % | 85.0 % | 60.0 % | cat, +2 points | 0 of 2 |" in summarise(played)
    assert "| base | 85.0 % | 84.2 % | 85.0 % |" in show_rounds(played)
