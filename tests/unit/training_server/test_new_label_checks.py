"""A candidate of more labels against a live model of fewer: a new label's wins must not hide what the others lose."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from training_server.agreement import ExportCheck
from training_server.gate import GatePolicy, PairedHoldout, Verdict, decide

NAMES = ("cat", "dog", "mouse")
AGREEING = ExportCheck(1, {"weights": 0.0, "onnx": 0.0, "tfjs": 0.0})


def answer(labels: NDArray[np.int64], right: NDArray[np.bool_], num_known: int) -> NDArray[np.float32]:
    """Logits whose first guess is the label where it shall be right, and another known label elsewhere."""
    logits = np.full((len(labels), len(NAMES)), -9.0, np.float32)
    wrong = (labels + 1) % num_known
    logits[np.arange(len(labels)), np.where(right, labels, wrong)] = 3.0
    return logits


def share_of(num_rows: int, share: float) -> NDArray[np.bool_]:
    return np.arange(num_rows) < round(num_rows * share)


def make(num_old: int, candidate_old: float, live_old: float, num_mice: int = 0, mice: float = 0.0) -> PairedHoldout:
    """Build a holdout: so many drawings of old labels and of mice, and the shares that both find."""
    labels = np.concatenate([np.arange(num_old) % 2, np.full(num_mice, 2)])
    candidate = np.concatenate([share_of(num_old, candidate_old), share_of(num_mice, mice)])
    live = np.concatenate([share_of(num_old, live_old), np.zeros(num_mice, np.bool_)])
    answers = answer(labels, candidate, 3), answer(labels, live, 2)
    return PairedHoldout(NAMES, labels, *answers, grown=("mouse",))


def judge(recent: PairedHoldout, base: PairedHoldout | None = None) -> Verdict:
    return decide(GatePolicy(), recent, base, AGREEING)


def failed(verdict: Verdict) -> list[str]:
    return [check.name for check in verdict.checks if not check.passed]


def test_a_label_well_learnt_at_nobodys_cost_is_published() -> None:
    """The words name it with its share."""
    verdict = judge(make(200, 0.85, 0.85, 30, 0.8), make(2000, 0.845, 0.85))

    assert verdict.outcome == "published", verdict.summary
    (words,) = [check.words for check in verdict.checks if check.name == "new_labels"]
    assert words.startswith("mouse, which is new, is found in 80% of 30 drawings")


def test_a_label_hardly_learnt_is_turned_away() -> None:
    """However many of its drawings the candidate wins: less than the floor is no knowledge."""
    assert failed(judge(make(200, 0.85, 0.85, 60, 0.4), make(2000, 0.85, 0.85))) == ["new_labels"]


def test_wins_on_the_new_label_do_not_hide_losses_on_recent_drawings_of_the_others() -> None:
    """Better on the whole is not enough, with base data or without."""
    recent = make(200, 0.78, 0.85, 80, 1.0)

    assert failed(judge(recent)) == ["new_labels"]
    assert failed(judge(recent, make(2000, 0.85, 0.85))) == ["new_labels"]


def test_base_drawings_of_the_new_label_do_not_hide_losses_on_the_others() -> None:
    """Two points lost on the old labels are two points lost, whatever was won on a thousand mice."""
    verdict = judge(make(200, 0.85, 0.85, 30, 0.9), make(2000, 0.83, 0.85, 1000, 0.9))

    assert failed(verdict) == ["base"]
    (base,) = [check for check in verdict.checks if check.name == "base"]
    assert (base.numbers["num_doodles"], base.numbers["live"]) == (2000, 0.85)


def test_the_floor_of_a_new_label_is_no_live_models_recall() -> None:
    """The live model finds none; half of them is asked all the same."""
    assert "labels" in failed(judge(make(200, 0.85, 0.85, 30, 0.9), make(2000, 0.85, 0.85, 40, 0.3)))


def test_no_log_loss_is_won_where_the_live_model_has_no_answer() -> None:
    """One drawing of a label it gives no probability would outweigh all others."""
    recent = make(200, 0.85, 0.85, 30, 0.9)

    assert (recent.log_loss_gains[200:] == 0).all()
    assert len(recent.of_known_labels()) == 200
    plain = replace(recent.of_known_labels(), grown=())
    np.testing.assert_array_equal(recent.log_loss_gains[:200], plain.log_loss_gains)


def test_base_data_of_new_labels_alone_are_none() -> None:
    """Nothing can be said about forgetting by drawings the live model never knew."""
    verdict = judge(make(200, 0.85, 0.85, 30, 0.9), make(0, 0, 0, 40, 0.9))

    assert verdict.checks[1].words.startswith("No base drawings are held out")
