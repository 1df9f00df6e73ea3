"""What is live, what was, and whether runs may change it."""

from typing import Literal

from pydantic import AwareDatetime

from doodle_db.manifest import Version
from doodle_web.openapi import Answer, AnswerBody, Operation, Request
from model_server.deployments import DeploymentBody
from model_server.pins import PinBody


class DeploymentLine(AnswerBody):
    """One line of the history of what was live."""

    deployment: int
    version: Version
    previous_version: Version | None
    kind: Literal["publish", "deploy", "rollback"]
    """`publish` by a run; `deploy` and `rollback` by an operator."""
    actor: str
    reason: str
    created_at: AwareDatetime


class DeploymentHistory(AnswerBody):
    """What was live, newest first."""

    deployments: list[DeploymentLine]
    previous: Version | None
    """What a rollback would make live."""


class PinDecision(AnswerBody):
    """Somebody has paused automatic deployment, or let it go on."""

    pinned: bool
    actor: str
    reason: str
    created_at: AwareDatetime


class PinStanding(AnswerBody):
    """Whether automatic deployment is paused, and the decisions that led to it, newest first."""

    pinned: bool
    decisions: list[PinDecision]


LINE = {
    "deployment": 12,
    "version": "0123456789ab",
    "previous_version": "ba9876543210",
    "kind": "rollback",
    "actor": "ada",
    "reason": "dogs became horses",
    "created_at": "2026-01-02T03:04:05+00:00",
}
DECISION = {"pinned": True, "actor": "ada", "reason": "a fair", "created_at": "2026-01-02T03:04:05+00:00"}
STANDING = {"pinned": True, "decisions": [DECISION]}

OPERATIONS = {
    "deployments.show_history": Operation(
        {200: Answer("The history, 100 lines at most.", DeploymentHistory, {"deployments": [LINE], "previous": None})}
    ),
    "deployments.add_deployment": Operation(
        {
            201: Answer("It is live now.", DeploymentLine, LINE),
            200: Answer("It was live already.", DeploymentLine, LINE),
        },
        Request(
            DeploymentBody,
            {"version": "0123456789ab", "reason": "dogs became horses", "expected_live": "ba9876543210"},
        ),
        problems={
            404: "`version`: unknown, deleted, or nothing before.",
            409: "`expected_live`: something else is live.",
        },
    ),
    "pins.show_pin": Operation({200: Answer("The present decision and those before.", PinStanding, STANDING)}),
    "pins.decide_pin": Operation(
        {200: Answer("It holds from now on.", PinStanding, STANDING)},
        Request(PinBody, {"pinned": True, "reason": "a fair"}),
    ),
}
