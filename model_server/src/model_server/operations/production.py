"""How the live model really does."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from doodle_db.manifest import Version
from doodle_web.openapi import Answer, AnswerBody, Operation, Query
from model_server.production import DEFAULT_STEPS, MAX_STEPS


class ShareWithin(AnswerBody):
    """A share, and where the true one lies with 95 % confidence (Wilson's interval)."""

    num: int
    """So many"""
    of: int
    """of so many."""
    value: float
    low: float
    high: float


class GuessTally(AnswerBody):
    """Drawings and their guesses; the rejected are left out."""

    num_doodles: int
    """Accepted, or in quarantine."""
    accuracy: ShareWithin | None
    """Guesses that are the label, shown or not; null where there are none."""
    accuracy_known: ShareWithin | None
    """The same of guesses that the page showed."""
    unknown: ShareWithin | None
    """"I don't know this", of those guesses of which it is known."""


class TallyOfTime(GuessTally):
    """Of an hour or a day."""

    begins: AwareDatetime


class TallyOfVersion(GuessTally):
    """Of what one version guessed."""

    version: Version | None
    """null: no version that had been live by then."""


class TallyOfLabel(GuessTally):
    """Of one label."""

    label: str


class StatusCounts(AnswerBody):
    """How many drawings there are of each status."""

    accepted: int
    quarantined: int
    rejected: int


class GuessConfusion(AnswerBody):
    """What was taken for what."""

    labels: list[str]
    counts: list[list[int]]
    """`counts[row][column]`: drawings of a label (row) with a guess (column)."""


class ConfidenceBin(AnswerBody):
    """Guesses of a tenth of the confidences."""

    low: float
    high: float
    confidence: float | None
    """Their mean; null where there are none."""
    accuracy: ShareWithin | None


class Calibration(AnswerBody):
    """How far confidences can be trusted."""

    error: float | None
    """How far confidence and accuracy are apart, on average (expected calibration error)."""
    bins: list[ConfidenceBin]


class DeploymentMark(AnswerBody):
    """What went live in this time."""

    deployment: int
    version: Version
    kind: Literal["publish", "deploy", "rollback"]
    created_at: AwareDatetime


class ProductionFigures(AnswerBody):
    """How guesses did in a stretch of time."""

    by: Literal["hour", "day"]
    begins: Annotated[AwareDatetime, Field(alias="from")]
    ends: Annotated[AwareDatetime, Field(alias="to")]
    """The first moment that does not count."""
    version: Version | None
    """The one that was asked for; null for all."""
    live: Version | None
    total: GuessTally
    statuses: StatusCounts
    times: list[TallyOfTime]
    """Steps without drawings are left out."""
    versions: list[TallyOfVersion]
    """All that guessed in this time, whichever was asked for."""
    labels: list[TallyOfLabel]
    confusion: GuessConfusion
    calibration: Calibration
    deployments: list[DeploymentMark]
    """Of the newest hundred, the oldest first."""


_SHARE = {"num": 972, "of": 1160, "value": 0.8379, "low": 0.8156, "high": 0.858}
_TALLY: dict[str, Any] = {"num_doodles": 1200, "accuracy": _SHARE, "accuracy_known": _SHARE, "unknown": None}
_TIME = "2026-01-02T00:00:00+00:00"
_EXAMPLE: dict[str, Any] = {
    "by": "day",
    "from": _TIME,
    "to": "2026-02-01T00:00:00+00:00",
    "version": None,
    "live": "0123456789ab",
    "total": _TALLY,
    "statuses": {"accepted": 1180, "quarantined": 20, "rejected": 6},
    "times": [{"begins": _TIME, **_TALLY}],
    "versions": [{"version": "0123456789ab", **_TALLY}],
    "labels": [{"label": "cat", **_TALLY}],
    "confusion": {"labels": ["cat", "dog"], "counts": [[500, 90], [98, 472]]},
    "calibration": {
        "error": 0.041,
        "bins": [{"low": 0.9, "high": 1.0, "confidence": 0.962, "accuracy": _SHARE}],
    },
    "deployments": [{"deployment": 12, "version": "0123456789ab", "kind": "publish", "created_at": _TIME}],
}

Moment = Annotated[str, Field(max_length=40)]

OPERATIONS = {
    "production.show_production": Operation(
        {200: Answer("How guesses did.", ProductionFigures, _EXAMPLE)},
        query=[
            Query("by", Literal["hour", "day"], "The step of time; `day` unless given.", "day"),
            Query(
                "from",
                Moment,
                f"A date or time, of UTC unless it says otherwise; unless given {DEFAULT_STEPS['day']} days, or "
                f"{DEFAULT_STEPS['hour']} hours, before `to`. At most {MAX_STEPS['day']} days, or {MAX_STEPS['hour']} "
                "hours, are told at once.",
                "2026-01-02",
            ),
            Query("to", Moment, "The first moment that does not count; now unless given.", "2026-02-01"),
            Query("version", Version, "Of the guesses of this version only.", "0123456789ab"),
        ],
    ),
}
