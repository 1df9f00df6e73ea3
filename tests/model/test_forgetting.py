"""The drill of docs/figures.md, short: people come to draw otherwise, and what was known before is known afterwards."""

from pathlib import Path

import pytest

from benchmarks.drills.course import ALL_RECENT, UNSEEN, play_rounds
from benchmarks.drills.course_tables import show_rounds, summarise
from benchmarks.drills.rules import AGREEING, Rules, fine_tune
from benchmarks.forgetting import PLAIN_PLAN, Drill, drill_new_label, drill_shifted, find_faults, shift_habits
from doodle_testing.shipped_version import ShippedVersion

pytestmark = [pytest.mark.needs_data, pytest.mark.timeout(900)]


def test_two_rounds_of_shifted_drawings_are_learnt_and_nothing_is_forgotten(
    shipped: ShippedVersion, data_dir: Path
) -> None:
    """Recent drawings gain ten points and more; base drawings lose less than one, also those the gate never sees."""
    ground, rounds, _ = shift_habits(Drill(shipped, data_dir, num_rounds=2))

    course = play_rounds(ground, rounds, Rules(exports=AGREEING))

    base, unseen, recent = (course.accuracies(name) for name in ("base", UNSEEN, ALL_RECENT))
    assert course.num_published >= 1
    assert recent[-1] >= recent[0] + 0.10
    assert min(base) >= base[0] - 0.01
    assert min(unseen) >= unseen[0] - 0.02  # 1,211 drawings: two standard errors are a point


def test_plain_fine_tuning_forgets(shipped: ShippedVersion, data_dir: Path) -> None:
    """The same drawings without replay, anchor and gate: the drill would see it if something were forgotten."""
    ground, rounds, _ = shift_habits(Drill(shipped, data_dir, num_rounds=14))

    course = play_rounds(ground, rounds, Rules(exports=AGREEING, policy=None, plan=PLAIN_PLAN, learn=fine_tune))

    assert min(course.accuracies("base")) <= course.start["base"].accuracy - 0.03


def test_the_drill_can_be_played(shipped: ShippedVersion, data_dir: Path) -> None:
    """The script's tables come out, whatever the figures of two short rounds."""
    drilled = drill_shifted(Drill(shipped, data_dir).shorten())

    assert "**as a worker does**" in summarise(drilled)
    assert "| base, fine-tuned |" in show_rounds(drilled)
    assert all(isinstance(fault, str) for fault in find_faults(drilled))


def test_a_new_label_can_be_drilled(shipped: ShippedVersion, data_dir: Path) -> None:
    """In the second of two short rounds there are enough drawings of it, and the network grows."""
    drilled = drill_new_label(Drill(shipped, data_dir).shorten())

    assert drilled.plain.rounds[-1].live["frogs"].accuracy > 0.0
    assert "| frogs |" in summarise(drilled)
