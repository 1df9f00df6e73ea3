"""The gate: what is published, what is rejected, and in which words."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from doodle_testing.verdicts import AGREEING, NAMES, POLICY, answers, check_of, holdout
from training_server.agreement import ExportCheck
from training_server.errors import ExamplesError
from training_server.gate import PairedHoldout, decide


def test_a_candidate_that_wins_recent_drawings_and_loses_nothing_is_published() -> None:
    """All four checks pass: published, with the figures in the words."""
    verdict = decide(POLICY, holdout(38, 31, 12), holdout(600, 500, 500), AGREEING)

    assert verdict.outcome == "published"
    assert [check.name for check in verdict.checks] == ["recent", "base", "labels", "exports"]
    assert verdict.summary == (
        "Published: On 38 recent drawings the candidate is right on 31, "
        "the live model on 12 (p = less than 0.0001): better."
    )


def test_one_failed_check_is_enough_to_reject() -> None:
    """Better on recent drawings does not make up for forgetting."""
    verdict = decide(POLICY, holdout(38, 31, 12), holdout(600, 480, 500), AGREEING)

    assert verdict.outcome == "rejected"
    assert verdict.summary == (
        "Rejected: On 600 base drawings the candidate is right on 80.0%, the live model on 83.3%; "
        "it may lose 1.0 points: worse."
    )


@pytest.mark.parametrize(
    ("candidate_right", "live_right", "passed"),
    [
        pytest.param(20, 20, False, id="a tie"),
        pytest.param(24, 20, False, id="4 wins, 0 losses: p = 0.0625"),
        pytest.param(25, 20, False, id="5 wins, 0 losses: p = 0.03125, of 0.025 for this way to be better"),
        pytest.param(26, 20, True, id="6 wins, 0 losses: p = 0.015625"),
        pytest.param(18, 20, False, id="worse"),
        pytest.param(0, 0, False, id="both always wrong"),
    ],
)
def test_recent_drawings_need_a_win_beyond_chance(candidate_right: int, live_right: int, passed: bool) -> None:
    """Where log-loss does not speak for the candidate (it is wrong with great certainty), wins must."""
    verdict = decide(POLICY, holdout(40, candidate_right, live_right, sureness=12.0), None, AGREEING)

    assert verdict.checks[0].numbers["log_loss_gain"] < 0
    assert verdict.checks[0].passed is passed


def test_as_often_right_but_surer_is_better() -> None:
    """A log-loss that is surely lower counts when accuracy is not lower."""
    labels = np.arange(60) % 3
    recent = PairedHoldout(NAMES, labels, answers(labels, 60, sureness=5.0), answers(labels, 60, sureness=1.0))

    verdict = decide(POLICY, recent, None, AGREEING)

    passed, words = check_of(verdict, "recent")
    assert passed
    assert "its log-loss is lower by" in words
    assert words.endswith("(p = less than 0.0001): better.")


def test_surer_but_less_often_right_is_not_better() -> None:
    """A lower log-loss does not buy back drawings that are now taken for something else."""
    labels = np.arange(60) % 3
    live = np.where(np.arange(60)[:, None] < 58, 0.2 * np.eye(3)[labels], -0.2 * np.eye(3)[labels]).astype(np.float32)
    recent = PairedHoldout(NAMES, labels, answers(labels, 56, sureness=3.0), live)

    verdict = decide(POLICY, recent, None, AGREEING)

    assert verdict.checks[0].numbers["p_log_loss"] < 0.001
    assert not verdict.checks[0].passed


def test_the_live_model_itself_is_not_better_than_itself() -> None:
    """Nothing is published for nothing: equal answers are rejected."""
    recent = holdout(100, 80, 80)

    verdict = decide(POLICY, recent, holdout(100, 80, 80), AGREEING)

    assert verdict.outcome == "rejected"
    assert verdict.checks[0].numbers["p"] == 1.0
    assert [check.passed for check in verdict.checks] == [False, True, True, True]


@pytest.mark.parametrize("num_rows", [0, 1, 19])
def test_too_few_recent_drawings_prove_nothing(num_rows: int) -> None:
    """Below the policy's minimum even a perfect candidate waits, and the words say for what."""
    verdict = decide(POLICY, holdout(num_rows, num_rows, 0), None, AGREEING)

    assert verdict.outcome == "rejected"
    assert check_of(verdict, "recent") == (
        False,
        f"Only {num_rows} recent drawings are held out, at least 20 are needed: not shown to be better.",
    )


def test_without_base_drawings_the_gate_says_so_and_goes_on() -> None:
    """An installation without base data can still publish, but the verdict names what was not checked."""
    for base in (None, holdout(0, 0, 0)):
        verdict = decide(POLICY, holdout(60, 50, 20), base, AGREEING)

        assert verdict.outcome == "published"
        assert check_of(verdict, "base") == (
            True,
            "No base drawings are held out, so it could not be checked that nothing is forgotten.",
        )


@pytest.mark.parametrize(("candidate_right", "passed"), [(500, True), (495, True), (490, True), (489, False)])
def test_base_drawings_may_lose_one_point(candidate_right: int, passed: bool) -> None:
    """The margin is inclusive: one point of a thousand is ten drawings."""
    verdict = decide(POLICY, holdout(60, 50, 20), holdout(1000, candidate_right, 500), AGREEING)

    assert check_of(verdict, "base")[0] is passed


def test_scrambled_labels_are_rejected() -> None:
    """A candidate that learnt nonsense is as good as chance on the holdout, where labels are scrambled too."""
    random = np.random.default_rng(11)
    labels = random.integers(0, 3, 200)
    guesses = random.normal(size=(2, 200, 3)).astype(np.float32)
    base_labels = np.arange(300) % 3
    base = PairedHoldout(NAMES, base_labels, random.normal(size=(300, 3)).astype(np.float32), answers(base_labels, 250))

    verdict = decide(POLICY, PairedHoldout(NAMES, labels, guesses[0], guesses[1]), base, AGREEING)

    assert verdict.outcome == "rejected"
    assert not check_of(verdict, "base")[0]


def test_being_less_sure_of_nonsense_is_not_better() -> None:
    """
    Where labels are scrambled the live model is wrong with certainty; a candidate that learnt to doubt has a much lower
    log-loss and is as often right, and still must not go live.
    """
    random = np.random.default_rng(12)
    labels = random.integers(0, 3, 60)
    sure, doubtful = (random.normal(size=(60, 3)).astype(np.float32) * scale for scale in (8.0, 0.1))
    right = int((sure.argmax(axis=1) == labels).sum())
    doubtful[:right] = 0.1 * np.eye(3)[labels[:right]]
    doubtful[right:] = 0.1 * np.eye(3)[(labels[right:] + 1) % 3]

    verdict = decide(POLICY, PairedHoldout(NAMES, labels, doubtful, sure), None, AGREEING)

    numbers = verdict.checks[0].numbers
    assert numbers["candidate_right"] == numbers["live_right"]
    assert numbers["p_log_loss"] < 0.001
    assert verdict.outcome == "rejected"
    assert "hardly more than by guessing, so their labels may be wrong" in verdict.summary


@pytest.mark.parametrize(
    ("exports", "passed"),
    [
        (AGREEING, True),
        (ExportCheck(64, {"weights": 0.0, "onnx": 1e-5, "tfjs": 1e-5}), True),
        (ExportCheck(64, {"weights": 0.0, "onnx": 0.0, "tfjs": 1.1e-5}), False),
        (ExportCheck(64, {"weights": 0.0, "onnx": 0.0, "tfjs": float("nan")}), False),
        (ExportCheck(64, {"weights": 0.0, "onnx": 0.0}), False),
        (ExportCheck(64, {}), False),
        (ExportCheck(0, {"weights": 0.0, "onnx": 0.0, "tfjs": 0.0}), False),
    ],
)
def test_every_exported_file_must_answer_as_the_network_does(exports: ExportCheck, passed: bool) -> None:
    """A file that differs, was not compared, or answers NaN keeps the candidate from going live."""
    verdict = decide(POLICY, holdout(60, 50, 20), None, exports)

    assert check_of(verdict, "exports")[0] is passed
    assert verdict.outcome == ("published" if passed else "rejected")


def test_a_candidate_that_answers_nothing_is_rejected() -> None:
    """NaN is never better, not even where the first label happens to be right."""
    recent = holdout(60, 50, 20)
    broken = replace(recent, candidate=np.full_like(recent.candidate, np.nan))

    verdict = decide(POLICY, broken, None, AGREEING)

    assert verdict.outcome == "rejected"


def test_a_verdict_is_plain_json() -> None:
    """What is stored with a run has no NaN, which PostgreSQL would refuse."""
    exports = ExportCheck(64, {"weights": 0.0, "onnx": float("nan"), "tfjs": float("inf")})

    stored = decide(POLICY, holdout(60, 50, 20), None, exports).to_json()

    text = json.dumps(stored, allow_nan=False)
    assert json.loads(text)["checks"][3]["numbers"]["onnx"] is None
    assert set(stored["checks"][0]) == {"name", "passed", "words", "numbers"}


def test_the_same_figures_give_the_same_verdict() -> None:
    """The gate is pure: nothing but its arguments decides."""
    recent, base = holdout(60, 50, 45), holdout(300, 200, 201)

    assert decide(POLICY, recent, base, AGREEING) == decide(POLICY, recent, base, AGREEING)


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    """A row per drawing and a column per label, or no verdict at all."""
    recent = holdout(60, 50, 20)

    with pytest.raises(ExamplesError, match="a row per drawing, a column per label"):
        replace(recent, live=recent.live[:59])


def test_the_gate_needs_no_tensorflow() -> None:
    """Deciding is arithmetic: a page or a test can do it without loading TensorFlow."""
    code = "import sys, training_server.gate; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
