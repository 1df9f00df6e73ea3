"""What the gate answers: an outcome, and the checks it comes from, in words and numbers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any, Literal

Outcome = Literal["published", "rejected"]


@dataclass(frozen=True)
class Check:
    """
    One thing the gate looked at.

    Attributes:
        name: "recent", "base", "labels", "new_labels" or "exports".
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
