"""The shadow, and how it does beside the live version."""

from pydantic import AwareDatetime

from doodle_db.manifest import Version
from doodle_web.openapi import Answer, AnswerBody, Operation, Request
from model_server.shadow import ShadowBody


class ShadowDecisionLine(AnswerBody):
    """Somebody has made a version the shadow, or ended it."""

    version: Version | None
    """Null: no shadow from then on."""
    actor: str
    reason: str
    created_at: AwareDatetime


class PairCounts(AnswerBody):
    """How often either is right: the live version first, the shadow second."""

    num_doodles: int
    num_agreed: int
    """Both say the same, right or wrong."""
    num_both: int
    num_first: int
    num_second: int
    num_neither: int
    p_value: float
    """Exact McNemar, two-sided."""


class SurenessMeans(AnswerBody):
    """How sure a version is on average; null where it never is right, or never wrong."""

    right: float | None
    wrong: float | None


class BesideLive(AnswerBody):
    """What both have said of the same doodles."""

    live: Version
    window: int
    """So many of the newest accepted doodles are looked at, at most."""
    num_seen: int
    num_elsewhere: int
    """Answered by the shadow while another version was live: not counted."""
    all: PairCounts
    labels: dict[str, PairCounts]
    live_sureness: SurenessMeans
    shadow_sureness: SurenessMeans


class ShadowStanding(AnswerBody):
    """The shadow, if there is one, and the decisions that led to it, newest first."""

    shadow: ShadowDecisionLine | None
    comparison: BesideLive | None
    decisions: list[ShadowDecisionLine]


DECISION = {
    "version": "0123456789ab",
    "actor": "ada",
    "reason": "is it better on phones?",
    "created_at": "2026-01-02T03:04:05+00:00",
}
COUNTS = {
    "num_doodles": 400,
    "num_agreed": 370,
    "num_both": 340,
    "num_first": 5,
    "num_second": 22,
    "num_neither": 33,
    "p_value": 0.0015,
}
STANDING = {
    "shadow": DECISION,
    "comparison": {
        "live": "ba9876543210",
        "window": 10000,
        "num_seen": 410,
        "num_elsewhere": 0,
        "all": COUNTS,
        "labels": {"cat": COUNTS},
        "live_sureness": {"right": 0.91, "wrong": 0.58},
        "shadow_sureness": {"right": 0.93, "wrong": 0.55},
    },
    "decisions": [DECISION],
}

OPERATIONS = {
    "shadow.show_shadow": Operation({200: Answer("The shadow, and how it does.", ShadowStanding, STANDING)}),
    "shadow.decide_shadow": Operation(
        {200: Answer("It holds from now on.", ShadowStanding, STANDING)},
        Request(ShadowBody, {"version": "0123456789ab", "reason": "is it better on phones?"}),
        problems={
            404: "`version`: unknown, or deleted.",
            422: "`version`: it is live, or of another label set.",
            503: "Nothing is live that it could be compared with, or the database is away.",
        },
    ),
}
