"""The gate, label by label: a gain on the others does not pay for a lost one."""

import numpy as np
import pytest
from numpy.typing import NDArray

from doodle_testing.verdicts import AGREEING, NAMES, POLICY, check_of, holdout
from training_server.gate import PairedHoldout, decide


def split_by_label(num_rows: int, candidate: dict[int, int], live: dict[int, int]) -> PairedHoldout:
    """`num_rows` of each label, of which each model finds the given number."""
    labels = np.repeat(np.arange(3), num_rows)
    place = np.tile(np.arange(num_rows), 3)

    def logits(found: dict[int, int]) -> NDArray[np.float32]:
        right = place < np.array([found[label] for label in range(3)])[labels]
        return (4 * np.eye(3)[np.where(right, labels, (labels + 1) % 3)]).astype(np.float32)

    return PairedHoldout(NAMES, labels, logits(candidate), logits(live))


@pytest.mark.parametrize(
    ("candidate_dog", "live_dog", "passed"),
    [
        pytest.param(72, 80, True, id="8 points lost"),
        pytest.param(71, 80, False, id="9 points lost"),
        pytest.param(50, 55, True, id="down to the floor"),
        pytest.param(49, 55, False, id="under the floor"),
        pytest.param(30, 30, True, id="under the floor already, not worse"),
        pytest.param(29, 30, False, id="under the floor already, worse"),
        pytest.param(45, 40, True, id="under the floor, better"),
    ],
)
def test_no_label_is_given_up(candidate_dog: int, live_dog: int, passed: bool) -> None:
    """A gain on the other labels does not pay for a lost one."""
    base = split_by_label(100, {0: 100, 1: candidate_dog, 2: 100}, {0: 90, 1: live_dog, 2: 90})

    verdict = decide(POLICY, holdout(60, 50, 20), base, AGREEING)

    assert check_of(verdict, "labels")[0] is passed


def test_a_lost_label_is_named() -> None:
    """The words name the label, what it fell to and what was expected."""
    base = split_by_label(100, {0: 100, 1: 60, 2: 100}, {0: 80, 1: 80, 2: 80})

    verdict = decide(POLICY, holdout(60, 50, 20), base, AGREEING)

    assert check_of(verdict, "labels")[1] == (
        "dog is found in 60% of 100 base drawings, by the live model in 80%; at least 72% was expected."
    )


def test_labels_are_judged_on_recent_drawings_where_there_is_no_base() -> None:
    """Without base data a lost label still shows."""
    recent = split_by_label(100, {0: 100, 1: 60, 2: 100}, {0: 50, 1: 80, 2: 50})

    verdict = decide(POLICY, recent, None, AGREEING)

    assert verdict.checks[0].passed
    assert verdict.outcome == "rejected"
    assert "dog is found in 60% of 100 recent drawings" in verdict.summary


def test_labels_with_few_drawings_are_not_judged() -> None:
    """Nineteen drawings say nothing about a recall."""
    verdict = decide(POLICY, holdout(57, 50, 20), None, AGREEING)

    passed, words = check_of(verdict, "labels")
    assert passed
    assert words == "No label has 20 recent drawings held out, so labels could not be checked one by one."


def test_a_label_without_base_drawings_is_judged_on_recent_ones() -> None:
    """A label learnt from users alone keeps its floor: base drawings of the others say nothing about it."""
    recent = split_by_label(200, {0: 200, 1: 200, 2: 0}, {0: 60, 1: 60, 2: 180})
    base = holdout(600, 540, 540)
    no_fish = base.labels != 2
    base = PairedHoldout(NAMES, base.labels[no_fish], base.candidate[no_fish], base.live[no_fish])

    verdict = decide(POLICY, recent, base, AGREEING)

    assert [check.name for check in verdict.checks if not check.passed] == ["labels"]
    assert check_of(verdict, "labels")[1] == (
        "fish is found in 0% of 200 recent drawings, by the live model in 90%; at least 82% was expected."
    )


def test_a_label_with_base_drawings_is_judged_on_these() -> None:
    """Recent drawings are few and of much the same people; where base drawings are there, they decide."""
    recent = split_by_label(40, {0: 40, 1: 30, 2: 40}, {0: 20, 1: 36, 2: 20})
    base = holdout(600, 540, 540)

    assert decide(POLICY, recent, base, AGREEING).outcome == "published"


def test_a_label_is_judged_nowhere_where_neither_holdout_has_enough_of_it() -> None:
    """The words name both holdouts that were looked at."""
    passed, words = check_of(decide(POLICY, holdout(57, 50, 20), holdout(57, 50, 50), AGREEING), "labels")

    assert passed
    assert words == "No label has 20 base or recent drawings held out, so labels could not be checked one by one."
