"""What the gate asks of a candidate that knows labels the live model does not."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from training_server.paired_holdout import PairedHoldout
from training_server.paired_tests import mcnemar_p
from training_server.verdict import Check

if TYPE_CHECKING:
    from training_server.gate import GatePolicy


def check_new_labels(policy: "GatePolicy", recent: PairedHoldout) -> Check:
    """
    Ask that each new label has been learnt, and that recent drawings of the others did not pay for it.

    The live model cannot be right on a drawing of a label it does not know, so that any win on recent drawings may be
    due to these alone; therefore both kinds are looked at by themselves.
    """
    found = {label: _find(recent, label) for label in recent.grown}
    missed = [label for label, each in found.items() if each.share < policy.recall_floor]
    others = recent.of_known_labels()
    won = int((others.candidate_right & ~others.live_right).sum())
    lost = int((others.live_right & ~others.candidate_right).sum())
    is_worse = mcnemar_p(lost, won) < policy.alpha
    told = [f"{label}, which is new, is found in {each.share:.0%} of {each.num}" for label, each in found.items()]
    words = (
        f"{', '.join(told)} drawings, at least {policy.recall_floor:.0%} is asked: "
        f"{'not learnt well enough' if missed else 'learnt'}. On {len(others):,} recent drawings of the other labels "
        f"the candidate is right on {int(others.candidate_right.sum()):,}, the live model on "
        f"{int(others.live_right.sum()):,}: {'worse' if is_worse else 'not shown to be worse'}."
    )
    numbers = {
        **{f"{label}_candidate": each.share for label, each in found.items()},
        **{f"{label}_num_doodles": each.num for label, each in found.items()},
        "floor": policy.recall_floor,
        "only_candidate_right": won,
        "only_live_right": lost,
        "p_worse": mcnemar_p(lost, won),
        "alpha": policy.alpha,
    }
    return Check("new_labels", not missed and not is_worse, words, numbers)


@dataclass(frozen=True)
class _Found:
    """How many held-out drawings of a label there are, and the share the candidate finds; 0 without any."""

    num: int
    share: float


def _find(recent: PairedHoldout, label: str) -> _Found:
    rows = recent.labels == recent.label_names.index(label)
    return _Found(int(rows.sum()), float(recent.candidate_right[rows].mean()) if rows.any() else 0.0)
