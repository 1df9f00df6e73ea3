"""The rules of a screening, in order; each looks only at doodles that those before it have left."""

import numpy as np
from numpy.typing import NDArray

from training_server.screening.contributors import find_surplus, find_untrusted
from training_server.screening.decisions import Decision, Screening
from training_server.screening.doodles import KnownDoodles, NewDoodles
from training_server.screening.duplicates import find_duplicates
from training_server.screening.mislabelled import judge_labels
from training_server.screening.neighbours import find_usual_shares, share_votes
from training_server.screening.policy import ScreeningPolicy

DEFAULT_POLICY = ScreeningPolicy()


def screen(new: NewDoodles, known: KnownDoodles, policy: ScreeningPolicy = DEFAULT_POLICY) -> Screening:
    """
    Decide which new doodles are used; the same arrays always give the same decisions.

    Args:
        new: users' doodles of both splits, in the order in which they came.
        known: drawings whose labels are trusted.
        policy: the limits.
    """
    free = ~new.is_reviewed
    decisions = _keep(_find_repeats(new, policy), free)
    is_left = ~_mask(decisions, len(new))
    judged = _keep(find_blanks(new, policy) | _judge(new, known, is_left, policy), free & is_left)
    untrusted = _keep(find_untrusted(new.contributors, free & is_left, judged, policy), free)
    decisions |= judged | untrusted
    is_left = ~_mask(decisions, len(new))
    for is_split in (new.is_test, ~new.is_test):
        decisions |= _keep(find_surplus(new.contributors, is_left & is_split, policy), free)
    return Screening(decisions, len(new))


def _judge(
    new: NewDoodles, known: KnownDoodles, may_vote: NDArray[np.bool_], policy: ScreeningPolicy
) -> dict[int, Decision]:
    if not len(new) or not len(known.labels):
        return {}
    shares = share_votes(new, known, may_vote, policy)
    return judge_labels(new, known, shares, find_usual_shares(known, policy), policy)


def _find_repeats(new: NewDoodles, policy: ScreeningPolicy) -> dict[int, Decision]:
    repeated = find_duplicates(new.bitmaps, policy.min_likeness)
    return {
        int(row): Decision("duplicate", "Repeats a doodle that came before it.", {"min_likeness": policy.min_likeness})
        for row in np.flatnonzero(repeated >= 0)
    }


def find_blanks(new: NewDoodles, policy: ScreeningPolicy) -> dict[int, Decision]:
    """Find doodles with hardly any ink: a dot, a slip of the hand."""
    num_inked = (new.bitmaps > 0).sum(axis=(1, 2))
    return {
        int(row): Decision(
            "unknown",
            f"Hardly any ink: {num_inked[row]} pixels, at least {policy.min_ink_pixels} were expected.",
            {"num_ink_pixels": int(num_inked[row]), "min_ink_pixels": policy.min_ink_pixels},
        )
        for row in np.flatnonzero(num_inked < policy.min_ink_pixels)
    }


def _mask(decisions: dict[int, Decision], num_rows: int) -> NDArray[np.bool_]:
    mask = np.zeros(num_rows, bool)
    mask[list(decisions)] = True
    return mask


def _keep(decisions: dict[int, Decision], allowed: NDArray[np.bool_]) -> dict[int, Decision]:
    return {row: decision for row, decision in decisions.items() if allowed[row]}
