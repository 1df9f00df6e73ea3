"""
The gate: whether a candidate may go live. Pure: figures in, verdict out, the same for the same figures.

Four checks, all must pass: better on recent drawings, not worse on base drawings, no label lost, exports agree.
Why these and what they cost stands in docs/decisions/0006, how often they err in 0031.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from training_server.agreement import ExportCheck
from training_server.new_label_checks import check_new_labels
from training_server.paired_holdout import PairedHoldout
from training_server.paired_tests import chance_p, mcnemar_p, sign_flip_p
from training_server.verdict import Check, Verdict

__all__ = ["Check", "GatePolicy", "PairedHoldout", "Verdict", "decide"]

ROUNDING = 1e-9
"""A share of drawings that is on the limit is within it, whatever its last binary digit."""

NUM_WAYS = 2
"""Ways to be better on recent drawings: right more often, or surer of what is right."""


@dataclass(frozen=True)
class GatePolicy:
    """
    What a candidate has to show.

    Attributes:
        min_recent: recent drawings needed to compare at all.
        alpha: how unlikely a chance win must be, over all verdicts that are made on the same recent drawings.
        guess_alpha: how unlikely it must be that the candidate merely guesses the recent drawings.
        base_margin: share of base drawings it may be right on less often than the live model, and than the founder.
        recall_floor: share of a label's drawings it must find, unless the live model finds fewer.
        max_recall_loss: share of a label's drawings it may find less often than the live model, and than the founder.
        min_label_rows: drawings of a label needed to judge its recall.
        num_flips, seed: of the test of log-loss (training_server.paired_tests.sign_flip_p).
    """

    min_recent: int = 20
    alpha: float = 0.05
    guess_alpha: float = 0.01
    base_margin: float = 0.01
    recall_floor: float = 0.5
    max_recall_loss: float = 0.08
    min_label_rows: int = 20
    num_flips: int = 25_000
    seed: int = 0


def decide(policy: GatePolicy, recent: PairedHoldout, base: PairedHoldout | None, exports: ExportCheck) -> Verdict:
    """
    Decide whether a candidate may replace the live model.

    Args:
        policy: what it has to show.
        recent: on users' newest held-out drawings; may have no row.
        base: on held-out base drawings; None if none were imported.
        exports: how the exported files compare with the network.
    """
    base = base if base is not None and base.is_known.any() else None
    # What is new to the candidate is asked for on recent drawings by a check of its own.
    by_name = ({} if base is None else {"base": base}) | {"recent": recent.of_known_labels()}
    checks = (
        check_recent(policy, recent),
        check_base(policy, base),
        check_labels(policy, by_name),
        *([check_new_labels(policy, recent)] if recent.grown else []),
        check_agreement(exports),
    )
    failed = [check.words for check in checks if not check.passed]
    if failed:
        return Verdict("rejected", f"Rejected: {' '.join(failed)}", checks)
    return Verdict("published", f"Published: {checks[0].words}", checks)


def check_recent(policy: GatePolicy, recent: PairedHoldout) -> Check:
    """
    Ask for a win on recent drawings: right more often (McNemar), or as often and with a lower log-loss (sign flips).

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
    more_often = numbers["p"] < numbers["alpha"]
    surer = numbers["p_log_loss"] < numbers["alpha"] and numbers["candidate_right"] >= numbers["live_right"]
    if surer and not more_often:
        words += f"; its log-loss is lower by {_round(numbers['log_loss_gain'])} (p = {_round(numbers['p_log_loss'])})"
    if more_often or surer:
        return Check("recent", True, f"{words}: better.", numbers)
    return Check("recent", False, f"{words}: not shown to be better{_explain_looks(recent, numbers)}.", numbers)


def _compare(policy: GatePolicy, recent: PairedHoldout) -> dict[str, float]:
    candidate, live, gains = recent.candidate_right, recent.live_right, recent.log_loss_gains
    won, lost = int((candidate & ~live).sum()), int((live & ~candidate).sum())
    return {
        "num_doodles": len(recent),
        "num_fresh": round(recent.fresh_share * len(recent)),
        "candidate_right": int(candidate.sum()),
        "live_right": int(live.sum()),
        "only_candidate_right": won,
        "only_live_right": lost,
        "p": mcnemar_p(won, lost),
        "alpha": spend(policy, recent),
        "p_guessing": chance_p(int(candidate.sum()), len(recent), max(2, len(recent.label_names))),
        "log_loss_gain": float(gains.mean()),
        "p_log_loss": sign_flip_p(gains, policy.num_flips, policy.seed),
    }


def spend(policy: GatePolicy, recent: PairedHoldout) -> float:
    """
    Say how unlikely a chance win must be for each of the two ways to be better, at this verdict.

    Many candidates are judged on much the same drawings: of as many tries one wins by chance. So each verdict spends as
    much of the policy's alpha as it brings fresh drawings, a half for either way: over all verdicts made while the
    drawings are replaced once, no more than alpha (Bonferroni's bound, whatever the candidates have in common).
    """
    return policy.alpha * recent.fresh_share / NUM_WAYS


def _explain_looks(recent: PairedHoldout, numbers: Mapping[str, float]) -> str:
    """Say what earlier verdicts on the same drawings cost, if there were any."""
    if recent.fresh_share == 1.0:
        return ""
    num_fresh = int(numbers["num_fresh"])
    if not num_fresh:
        return ", and none of these drawings is new since the last verdict, so nothing more can be shown on them"
    return (
        f", as only {num_fresh:,} of them are new since the last verdict (p below {_round(numbers['alpha'])} is asked)"
    )


def check_base(policy: GatePolicy, base: PairedHoldout | None) -> Check:
    """
    Ask that nothing is forgotten: on base drawings right about as often as the live model, and as the founder.

    Only drawings of labels the live model knows count: what is right on others must not make up for what is lost.
    Compared with the live model alone, many steps could lose the margin each, and everything in the end.
    """
    if base is None:
        words = "No base drawings are held out, so it could not be checked that nothing is forgotten."
        return Check("base", True, words, {"num_doodles": 0})
    base = base.of_known_labels()
    candidate, live = float(base.candidate_right.mean()), float(base.live_right.mean())
    founder = float(base.founder_right.mean())
    passed = candidate >= max(live, founder) - policy.base_margin - ROUNDING
    words = (
        f"On {len(base):,} base drawings the candidate is right on {candidate:.1%}, the live model on {live:.1%}"
        f"{'' if base.founder is None else f', the founder of its line on {founder:.1%}'}; "
        f"it may lose {policy.base_margin * 100:.1f} points: {'not worse' if passed else 'worse'}."
    )
    shares = {"candidate": candidate, "live": live, "founder": founder}
    return Check("base", passed, words, {"num_doodles": len(base), **shares, "margin": policy.base_margin})


def check_labels(policy: GatePolicy, holdouts: Mapping[str, PairedHoldout]) -> Check:
    """
    Ask that no label is given up for the others: each found at least as often as its floor.

    Args:
        policy: what the candidate has to show.
        holdouts: by name; a label is judged on the first that has enough drawings of it, for users may teach a label of
            which there is no base data.
    """
    judged = _judge_labels(policy, holdouts)
    numbers = {
        f"{label}_{key}": value
        for label, recall in judged.items()
        for key, value in (("candidate", recall.candidate), ("live", recall.live), ("floor", recall.floor))
    }
    if not judged:
        words = (
            f"No label has {policy.min_label_rows} {' or '.join(holdouts)} drawings held out, so labels could not be "
            "checked one by one."
        )
        return Check("labels", True, words, numbers)
    lost = [label for label, recall in judged.items() if recall.candidate < recall.floor - ROUNDING]
    if lost:
        return Check("labels", False, " ".join(_complain(label, judged[label]) for label in lost), numbers)
    lowest = min(judged, key=lambda label: judged[label].candidate)
    words = (
        f"Each of {len(judged)} labels is found at least as often as its floor asks; the least found is {lowest} with "
        f"{judged[lowest].candidate:.0%} of {judged[lowest].num_doodles:,} {judged[lowest].holdout} drawings "
        f"(live {judged[lowest].live:.0%}, floor {judged[lowest].floor:.0%})."
    )
    return Check("labels", True, words, numbers)


@dataclass(frozen=True)
class _Recall:
    """Shares of a label's drawings of one holdout that are found, and the least the candidate must find."""

    holdout: str
    num_doodles: int
    candidate: float
    live: float
    founder: float
    floor: float


def _judge_labels(policy: GatePolicy, holdouts: Mapping[str, PairedHoldout]) -> dict[str, _Recall]:
    judged: dict[str, _Recall] = {}
    for name, holdout in holdouts.items():
        counts = np.bincount(holdout.labels, minlength=len(holdout.label_names))
        for index, label in enumerate(holdout.label_names):
            if label not in judged and counts[index] >= policy.min_label_rows:
                judged[label] = _judge(policy, name, holdout, index)
    return judged


def _judge(policy: GatePolicy, name: str, holdout: PairedHoldout, index: int) -> _Recall:
    rows = holdout.labels == index
    live, founder = float(holdout.live_right[rows].mean()), float(holdout.founder_right[rows].mean())
    least = policy.recall_floor if holdout.label_names[index] in holdout.grown else min(policy.recall_floor, live)
    floor = max(least, max(live, founder) - policy.max_recall_loss)
    return _Recall(name, int(rows.sum()), float(holdout.candidate_right[rows].mean()), live, founder, floor)


def _complain(label: str, recall: _Recall) -> str:
    return (
        f"{label} is found in {recall.candidate:.0%} of {recall.num_doodles:,} {recall.holdout} drawings, by the live "
        f"model in {recall.live:.0%}"
        f"{f', by the founder in {recall.founder:.0%}' if recall.founder > recall.live else ''}; "
        f"at least {recall.floor:.0%} was expected."
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
