"""The gate over many runs: verdicts on much the same drawings, and losses that come step by step."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from doodle_testing.verdicts import AGREEING, NAMES, POLICY, answers
from training_server.errors import ExamplesError
from training_server.gate import PairedHoldout, check_base, check_labels, check_recent, decide, spend

SURER = 12.0
"""Than is good for log-loss where an answer is wrong."""


def holdout(num_rows: int, candidate_right: int, live_right: int, founder_right: int | None = None) -> PairedHoldout:
    """Rows of all labels in turn; the candidate is surer than is good for its log-loss, so wins must speak for it."""
    labels = np.arange(num_rows) % len(NAMES)
    founder = None if founder_right is None else answers(labels, founder_right, SURER)
    return PairedHoldout(NAMES, labels, answers(labels, candidate_right, SURER), answers(labels, live_right), founder)


def test_all_of_alpha_is_spent_where_no_verdict_was_made_before() -> None:
    """A half for each way to be better."""
    assert spend(POLICY, holdout(100, 80, 70)) == POLICY.alpha / 2
    assert spend(POLICY, replace(holdout(100, 80, 70), num_fresh=100)) == POLICY.alpha / 2


def looks_at(num_rows: int, every: int) -> Iterator[PairedHoldout]:
    """Verdicts while all drawings are replaced once, so many at a time."""
    for _ in range(0, num_rows, every):
        yield replace(holdout(num_rows, 0, 0), num_fresh=every)


@pytest.mark.parametrize("every", [1, 35, 100, 2000])
def test_verdicts_on_the_same_drawings_share_one_alpha(every: int) -> None:
    """However often a holdout is looked at until it is replaced, chance wins are no likelier than alpha in all."""
    spent = sum(2 * spend(POLICY, look) for look in looks_at(2000, every))

    assert spent <= POLICY.alpha * 1.02


def test_more_fresh_drawings_than_are_held_out_count_once() -> None:
    """What came in beyond the holdout's size spends nothing more."""
    assert spend(POLICY, replace(holdout(100, 80, 70), num_fresh=5000)) == POLICY.alpha / 2


def test_a_win_that_would_do_at_first_does_not_do_at_the_tenth_look() -> None:
    """Six wins to none on fresh drawings are enough, on drawings that were looked at nine times they are chance."""
    recent = holdout(350, 306, 300)

    assert check_recent(POLICY, recent).passed
    late = check_recent(POLICY, replace(recent, num_fresh=35))
    assert not late.passed
    assert late.words == (
        "On 350 recent drawings the candidate is right on 306, the live model on 300 (p = 0.016): not shown to be "
        "better, as only 35 of them are new since the last verdict (p below 0.0025 is asked)."
    )
    assert late.numbers["num_fresh"] == 35
    assert late.numbers["alpha"] == pytest.approx(0.0025)


def test_a_large_win_does_at_any_look() -> None:
    """What is learnt of a new habit is no chance, and waits for nothing."""
    assert check_recent(POLICY, replace(holdout(350, 330, 300), num_fresh=35)).passed


def test_trying_again_on_the_very_same_drawings_shows_nothing() -> None:
    """Who trains until chance is kind gets a no, and the reason."""
    again = check_recent(POLICY, replace(holdout(350, 330, 300), num_fresh=0))

    assert not again.passed
    assert again.words.endswith(
        "none of these drawings is new since the last verdict, so nothing more can be shown on them."
    )


def test_a_p_that_cannot_be_told_is_not_small_enough() -> None:
    """Where hardly a drawing is fresh, throwing signs tells chance from gain no more: being right more often must."""
    labels = np.arange(2000) % 3
    surer = PairedHoldout(NAMES, labels, answers(labels, 2000, 5.0), answers(labels, 2000, 1.0), num_fresh=2)

    late = check_recent(POLICY, surer)

    assert late.numbers["p_log_loss"] == 1 / (POLICY.num_flips + 1)
    assert not late.passed
    assert check_recent(POLICY, replace(surer, num_fresh=100)).passed


def test_the_margin_is_not_lost_again_at_every_step() -> None:
    """A candidate a little below the live model is stopped where the line has used its margin up already."""
    first_step = check_base(POLICY, holdout(1000, 892, 900))
    second_step = check_base(POLICY, holdout(1000, 884, 892, founder_right=900))

    assert first_step.passed
    assert not second_step.passed
    assert second_step.words == (
        "On 1,000 base drawings the candidate is right on 88.4%, the live model on 89.2%, the founder of its line on "
        "90.0%; it may lose 1.0 points: worse."
    )


def test_what_the_line_has_won_is_not_lost_at_once() -> None:
    """A live model far above its founder is the measure, not the founder."""
    assert not check_base(POLICY, holdout(1000, 905, 950, founder_right=900)).passed


@pytest.mark.parametrize("num_steps", [20])
def test_many_small_steps_that_each_pass_lose_no_more_than_one(num_steps: int) -> None:
    """The slow attack: half a point a step, each within the margin, ends after the second."""
    live = 900
    for _ in range(num_steps):
        if check_base(POLICY, holdout(1000, live - 5, live, founder_right=900)).passed:
            live -= 5

    assert live == 890


def test_a_label_is_not_given_up_step_by_step() -> None:
    """Each step within what a label may lose, but not all of them together."""
    labels = np.zeros(100, np.int64)
    base = PairedHoldout(
        NAMES, labels, answers(labels, 70, SURER), answers(labels, 74, SURER), answers(labels, 80, SURER)
    )

    check = check_labels(POLICY, {"base": base})

    assert not check.passed
    assert check.words == (
        "cat is found in 70% of 100 base drawings, by the live model in 74%, by the founder in 80%; "
        "at least 72% was expected."
    )


def test_a_founder_that_was_not_asked_changes_nothing() -> None:
    """Where the founder is live itself there is one comparison, and the words name one."""
    alone = holdout(1000, 895, 900)
    same = replace(alone, founder=alone.live)

    assert check_base(POLICY, alone).passed == check_base(POLICY, same).passed
    assert "founder" not in check_base(POLICY, alone).words
    assert decide(POLICY, holdout(60, 50, 20), alone, AGREEING).outcome == "published"


def test_founders_answers_must_belong_to_the_drawings() -> None:
    """A row per drawing and a column per label, of the founder too."""
    with pytest.raises(ExamplesError, match="the founder's"):
        replace(holdout(60, 50, 20), founder=np.zeros((59, 3), np.float32))
