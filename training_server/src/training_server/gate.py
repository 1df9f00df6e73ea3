"""
The gate: whether a candidate may go live. Pure: figures in, verdict out, the same for the same figures.

Four checks, all must pass: better on recent drawings, not worse on base drawings, no label lost, exports agree.
Why these and what they cost stands in docs/decisions/0006.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from training_server.agreement import ExportCheck
from training_server.errors import ExamplesError
from training_server.evaluate import to_log_probabilities
from training_server.paired_tests import bootstrap_lower_bound, chance_p, mcnemar_p

Outcome = Literal["published", "rejected"]

ROUNDING = 1e-9
"""A share of drawings that is on the limit is within it, whatever its last binary digit."""


@dataclass(frozen=True)
class GatePolicy:
    """
    What a candidate has to show.

    Attributes:
        min_recent: recent drawings needed to compare at all.
        alpha: how unlikely a chance win must be.
        guess_alpha: how unlikely it must be that the candidate merely guesses the recent drawings.
        base_margin: share of base drawings it may be right on less often.
        recall_floor: share of a label's drawings it must find, unless the live model finds fewer.
        max_recall_loss: share of a label's drawings it may find less often than the live model.
        min_label_rows: drawings of a label needed to judge its recall.
        num_resamples, seed: of the bootstrap.
    """

    min_recent: int = 20
    alpha: float = 0.05
    guess_alpha: float = 0.01
    base_margin: float = 0.01
    recall_floor: float = 0.5
    max_recall_loss: float = 0.08
    min_label_rows: int = 20
    num_resamples: int = 2000
    seed: int = 0


@dataclass(frozen=True)
class PairedHoldout:
    """
    What candidate and live model answer on the same drawings, none of which either has trained on.

    Attributes:
        label_names: in the order of the logits.
        labels: int64, shape (num_rows,); index into label_names.
        candidate, live: float32 logits, shape (num_rows, num_labels).

    Raises:
        ExamplesError: the arrays do not belong together.
    """

    label_names: tuple[str, ...]
    labels: NDArray[np.int64]
    candidate: NDArray[np.float32]
    live: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        expected = (len(self.labels), len(self.label_names))
        if self.candidate.shape != expected or self.live.shape != expected:
            raise ExamplesError(
                f"The candidate's outputs are {self.candidate.shape}, the live model's {self.live.shape}; "
                f"{expected} were expected: a row per drawing, a column per label."
            )

    def __len__(self) -> int:
        """Count the drawings."""
        return len(self.labels)

    @property
    def candidate_right(self) -> NDArray[np.bool_]:
        """bool, shape (num_rows,): where the candidate's first guess is the label."""
        return np.asarray(self.candidate.argmax(axis=1) == self.labels)

    @property
    def live_right(self) -> NDArray[np.bool_]:
        """bool, shape (num_rows,): where the live model's first guess is the label."""
        return np.asarray(self.live.argmax(axis=1) == self.labels)

    @property
    def log_loss_gains(self) -> NDArray[np.float64]:
        """float64, shape (num_rows,): by how much the candidate's log-loss is lower, in nats."""
        rows = np.arange(len(self))
        gains = to_log_probabilities(self.candidate) - to_log_probabilities(self.live)
        return np.asarray(gains[rows, self.labels])


@dataclass(frozen=True)
class Check:
    """
    One thing the gate looked at.

    Attributes:
        name: "recent", "base", "labels" or "exports".
        passed: whether it speaks for publishing.
        words: the same as a sentence for an operator.
        numbers: what it was decided by.
    """

    name: str
    passed: bool
    words: str
    numbers: Mapping[str, float]


@dataclass(frozen=True)
class Verdict:
    """
    What the gate decided.

    Attributes:
        outcome: "published" if every check passed.
        summary: the reason as one line.
        checks: all of them, in a fixed order.
    """

    outcome: Outcome
    summary: str
    checks: tuple[Check, ...]

    def to_json(self) -> dict[str, Any]:
        """Give what is stored with the run; a number that is not finite becomes null, JSON having no other word."""
        return {
            "outcome": self.outcome,
            "summary": self.summary,
            "checks": [
                asdict(check)
                | {"numbers": {name: value if isfinite(value) else None for name, value in check.numbers.items()}}
                for check in self.checks
            ],
        }


def decide(policy: GatePolicy, recent: PairedHoldout, base: PairedHoldout | None, exports: ExportCheck) -> Verdict:
    """
    Decide whether a candidate may replace the live model.

    Args:
        policy: what it has to show.
        recent: on users' newest held-out drawings; may have no row.
        base: on held-out base drawings; None if none were imported.
        exports: how the exported files compare with the network.
    """
    base = base if base is not None and len(base) else None
    checks = (
        check_recent(policy, recent),
        check_base(policy, base),
        check_labels(policy, recent, "recent") if base is None else check_labels(policy, base, "base"),
        check_agreement(exports),
    )
    failed = [check.words for check in checks if not check.passed]
    if failed:
        return Verdict("rejected", f"Rejected: {' '.join(failed)}", checks)
    return Verdict("published", f"Published: {checks[0].words}", checks)


def check_recent(policy: GatePolicy, recent: PairedHoldout) -> Check:
    """
    Ask for a win on recent drawings: right more often (McNemar), or as often and with a lower log-loss (bootstrap).

    Neither counts for a candidate that might as well guess: where labels are nonsense, the less sure is the less wrong.
    """
    num_rows = len(recent)
    if num_rows < policy.min_recent:
        words = (
            f"Only {num_rows:,} recent drawings are held out, at least {policy.min_recent} are needed: "
            "not shown to be better."
        )
        return Check("recent", False, words, {"num_doodles": num_rows, "min_doodles": policy.min_recent})
    numbers = _compare(policy, recent)
    words = (
        f"On {num_rows:,} recent drawings the candidate is right on {numbers['candidate_right']:,}, "
        f"the live model on {numbers['live_right']:,} (p = {_round(numbers['p'])})"
    )
    if numbers["p_guessing"] >= policy.guess_alpha:
        words += ", hardly more than by guessing, so their labels may be wrong: not shown to be better."
        return Check("recent", False, words, numbers)
    more_often = numbers["p"] < policy.alpha
    surer = numbers["log_loss_gain_at_least"] > 0 and numbers["candidate_right"] >= numbers["live_right"]
    if surer and not more_often:
        words += f"; its log-loss is lower by {_round(numbers['log_loss_gain'])}, surely above 0"
    verdict = "better" if more_often or surer else "not shown to be better"
    return Check("recent", more_often or surer, f"{words}: {verdict}.", numbers)


def _compare(policy: GatePolicy, recent: PairedHoldout) -> dict[str, float]:
    candidate, live, gains = recent.candidate_right, recent.live_right, recent.log_loss_gains
    won, lost = int((candidate & ~live).sum()), int((live & ~candidate).sum())
    return {
        "num_doodles": len(recent),
        "candidate_right": int(candidate.sum()),
        "live_right": int(live.sum()),
        "only_candidate_right": won,
        "only_live_right": lost,
        "p": mcnemar_p(won, lost),
        "alpha": policy.alpha,
        "p_guessing": chance_p(int(candidate.sum()), len(recent), max(2, len(recent.label_names))),
        "log_loss_gain": float(gains.mean()),
        "log_loss_gain_at_least": bootstrap_lower_bound(gains, 1 - policy.alpha, policy.num_resamples, policy.seed),
    }


def check_base(policy: GatePolicy, base: PairedHoldout | None) -> Check:
    """Ask that nothing is forgotten: on base drawings right about as often as the live model."""
    if base is None:
        words = "No base drawings are held out, so it could not be checked that nothing is forgotten."
        return Check("base", True, words, {"num_doodles": 0})
    candidate, live = float(base.candidate_right.mean()), float(base.live_right.mean())
    passed = candidate >= live - policy.base_margin - ROUNDING
    words = (
        f"On {len(base):,} base drawings the candidate is right on {candidate:.1%}, the live model on {live:.1%}; "
        f"it may lose {policy.base_margin * 100:.1f} points: {'not worse' if passed else 'worse'}."
    )
    numbers = {"num_doodles": len(base), "candidate": candidate, "live": live, "margin": policy.base_margin}
    return Check("base", passed, words, numbers)


def check_labels(policy: GatePolicy, holdout: PairedHoldout, name: str) -> Check:
    """Ask that no label is given up for the others: each found at least as often as its floor."""
    judged = {
        label: _judge(policy, holdout, index)
        for index, label in enumerate(holdout.label_names)
        if int((holdout.labels == index).sum()) >= policy.min_label_rows
    }
    numbers = {
        f"{label}_{key}": value
        for label, recall in judged.items()
        for key, value in (("candidate", recall.candidate), ("live", recall.live), ("floor", recall.floor))
    }
    if not judged:
        words = (
            f"No label has {policy.min_label_rows} {name} drawings held out, so labels could not be checked one by one."
        )
        return Check("labels", True, words, numbers)
    lost = [label for label, recall in judged.items() if recall.candidate < recall.floor - ROUNDING]
    if lost:
        return Check("labels", False, " ".join(_complain(label, judged[label], name) for label in lost), numbers)
    lowest = min(judged, key=lambda label: judged[label].candidate)
    words = (
        f"Each of {len(judged)} labels is found at least as often as its floor asks; the least found is {lowest} with "
        f"{judged[lowest].candidate:.0%} of {judged[lowest].num_doodles:,} {name} drawings "
        f"(live {judged[lowest].live:.0%}, floor {judged[lowest].floor:.0%})."
    )
    return Check("labels", True, words, numbers)


@dataclass(frozen=True)
class _Recall:
    """Shares of a label's drawings that are found, and the least the candidate must find."""

    num_doodles: int
    candidate: float
    live: float
    floor: float


def _judge(policy: GatePolicy, holdout: PairedHoldout, index: int) -> _Recall:
    rows = holdout.labels == index
    live = float(holdout.live_right[rows].mean())
    floor = max(min(policy.recall_floor, live), live - policy.max_recall_loss)
    return _Recall(int(rows.sum()), float(holdout.candidate_right[rows].mean()), live, floor)


def _complain(label: str, recall: _Recall, name: str) -> str:
    return (
        f"{label} is found in {recall.candidate:.0%} of {recall.num_doodles:,} {name} drawings, by the live model in "
        f"{recall.live:.0%}; at least {recall.floor:.0%} was expected."
    )


def check_agreement(exports: ExportCheck) -> Check:
    """Ask that the files readers load answer as the network did that was measured."""
    words = (
        f"The exported files ({', '.join(exports.differences)}) {'answer' if exports.agrees else 'do not answer'} "
        f"as the network does on {exports.num_doodles:,} drawings: they differ by at most {exports.largest:.1e}, "
        f"{exports.tolerance:.0e} is allowed."
    )
    numbers = {"num_doodles": exports.num_doodles, "tolerance": exports.tolerance, **exports.differences}
    return Check("exports", exports.agrees, words, numbers)


def _round(value: float) -> str:
    """Give two significant digits, without a power of ten for what an operator is likely to see."""
    return f"{value:.2g}" if value >= 0.0001 else "less than 0.0001"
