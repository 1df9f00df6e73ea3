"""What a screening decides: of each doodle whether it is used, and why not."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Reason = Literal["label", "unknown", "contributor", "duplicate", "share"]
"""As doodle_db.screenings.Reason, in the same order."""

REASONS: tuple[Reason, ...] = get_args(Reason)

Outcome = Literal["quarantined", "unused"]

OUTCOMES: Mapping[Reason, Outcome] = {
    "label": "quarantined",
    "unknown": "quarantined",
    "contributor": "quarantined",
    "duplicate": "unused",
    "share": "unused",
}
"""In quarantine is what somebody should look at; a repeat or a surplus is what it is."""


@dataclass(frozen=True)
class Decision:
    """
    Why a doodle is not used.

    Attributes:
        reason: which rule.
        words: the reason as a sentence for an operator.
        numbers: what it was decided by.
        suggestion: the label it looks like, as an index; None if none is to be suggested.
    """

    reason: Reason
    words: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    suggestion: int | None = None

    @property
    def outcome(self) -> Outcome:
        """What becomes of the doodle."""
        return OUTCOMES[self.reason]


@dataclass(frozen=True)
class Screening:
    """
    What was decided about new doodles.

    Attributes:
        decisions: by row, for the rows that are not used.
        num_doodles: rows that were looked at.
    """

    decisions: Mapping[int, Decision]
    num_doodles: int

    @property
    def is_used(self) -> NDArray[np.bool_]:
        """bool, shape (num_rows,): which doodles are trained or judged on."""
        used = np.ones(self.num_doodles, bool)
        used[list(self.decisions)] = False
        return used

    def count(self) -> dict[Reason, int]:
        """Count the doodles that are not used, by reason; every reason is there."""
        counts = Counter(decision.reason for decision in self.decisions.values())
        return {reason: counts[reason] for reason in REASONS}


WORDS: Mapping[Reason, str] = {
    "label": "look mislabelled",
    "unknown": "look like nothing known",
    "contributor": "come from contributors whose doodles mostly look mislabelled",
    "duplicate": "repeat another doodle",
    "share": "are more than one contributor's share",
}


def describe_counts(counts: Mapping[Reason, int], num_doodles: int) -> str:
    """
    Say in one sentence what was screened out.

    Args:
        counts: doodles that are not used, by reason.
        num_doodles: doodles that were looked at.

    >>> describe_counts({"label": 7, "unknown": 0, "contributor": 0, "duplicate": 2, "share": 0}, 212)
    'Of 212 new doodles 9 are not used: 7 look mislabelled, 2 repeat another doodle.'
    >>> describe_counts({}, 212)
    'All 212 new doodles are used.'
    """
    parts = [f"{counts[reason]:,} {WORDS[reason]}" for reason in REASONS if counts.get(reason)]
    if not parts:
        return f"All {num_doodles:,} new doodles are used."
    return f"Of {num_doodles:,} new doodles {sum(counts.values()):,} are not used: {', '.join(parts)}."
