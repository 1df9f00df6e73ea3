"""Doodles that look like another label, or like nothing known: confident learning over neighbours' votes."""

import numpy as np
from numpy.typing import NDArray

from training_server.screening.decisions import Decision
from training_server.screening.doodles import KnownDoodles, NewDoodles
from training_server.screening.policy import ScreeningPolicy

ROUNDING = 1e-9
"""A share that is as large as usual is so whatever its last binary digit."""


def judge_labels(
    new: NewDoodles,
    known: KnownDoodles,
    shares: NDArray[np.float64],
    usual: NDArray[np.float64],
    policy: ScreeningPolicy,
) -> dict[int, Decision]:
    """
    Decide which doodles look mislabelled and which like nothing known.

    For both, hardly a neighbour has the doodle's label. Mislabelled: another label has a share as large as it usually
    has among its own, or large enough. Nothing known: the network's rejection score is too high, and not so for most.
    Doodles of a label that few trusted drawings show are not judged: there is nothing to judge them by.

    Args:
        new: the doodles.
        known: trusted drawings.
        shares: float64, shape (num_rows, num_labels); see neighbours.share_votes.
        usual: float64, shape (num_labels,); see neighbours.find_usual_shares.
        policy: the limits.

    Returns:
        By row, for those that do not look right.
    """
    usual = np.clip(usual, policy.least_share, policy.enough_share) - ROUNDING
    counts = np.bincount(known.labels, minlength=len(known.label_names))
    own = shares[np.arange(len(new)), new.labels]
    likest = np.where(shares >= usual, shares, 0).argmax(axis=1)
    is_confident = (shares >= usual).any(axis=1) & (likest != new.labels)
    is_judged = counts[new.labels] >= policy.min_known
    is_wrong = is_judged & is_confident & (own <= policy.max_label_share)
    is_above = new.energies > known.max_energy
    is_strange = is_above & (own <= policy.max_stranger_share) & (is_above.mean() <= policy.max_strange)
    strangers = {
        int(row): _call_strange(new, known, own, int(row)) for row in np.flatnonzero(is_judged & is_strange & ~is_wrong)
    }
    wrong = {
        int(row): _call_wrong(int(new.labels[row]), int(likest[row]), shares[row], usual, known.label_names)
        for row in np.flatnonzero(is_wrong)
    }
    return strangers | wrong


def _call_wrong(
    label: int, likest: int, shares: NDArray[np.float64], usual: NDArray[np.float64], names: tuple[str, ...]
) -> Decision:
    words = (
        f"Looks like “{names[likest]}” ({shares[likest]:.0%} of its nearest neighbours), not like “{names[label]}” "
        f"({shares[label]:.0%})."
    )
    numbers = {
        "label_share": float(shares[label]),
        "suggestion_share": float(shares[likest]),
        "suggestion_threshold": float(usual[likest]),
    }
    return Decision("label", words, numbers, likest)


def _call_strange(new: NewDoodles, known: KnownDoodles, own: NDArray[np.float64], row: int) -> Decision:
    energy, label = float(new.energies[row]), known.label_names[new.labels[row]]
    seldom = f"only {own[row]:.0%} of its nearest neighbours are of “{label}”."
    numbers = {"label_share": float(own[row])}
    if not np.isfinite(energy):
        return Decision("unknown", f"Has not the ink of a drawing, and {seldom}", numbers)
    words = (
        f"Looks like nothing the live version knows (score {energy:.2f}, at most {known.max_energy:.2f} is usual), and "
        f"{seldom}"
    )
    return Decision("unknown", words, {**numbers, "energy": energy, "max_energy": known.max_energy})
