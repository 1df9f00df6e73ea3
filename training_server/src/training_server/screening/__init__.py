"""
Which of the users' new doodles a run may use: pure decisions over arrays, each with its reason.

No database, no TensorFlow:

    screen(new, known) -> Screening

`doodles` says what goes in, `decisions` what comes out, `rules` puts the four rules in order: duplicates, neighbours
(mislabelled, or like nothing known), contributors, shares. Why these and what they cost: docs/decisions/0029.
"""

from training_server.screening.decisions import Decision, Screening, describe_counts
from training_server.screening.doodles import KnownDoodles, NewDoodles
from training_server.screening.policy import SCREENER, ScreeningPolicy
from training_server.screening.rules import DEFAULT_POLICY, screen

__all__ = [
    "DEFAULT_POLICY",
    "SCREENER",
    "Decision",
    "KnownDoodles",
    "NewDoodles",
    "Screening",
    "ScreeningPolicy",
    "describe_counts",
    "screen",
]
