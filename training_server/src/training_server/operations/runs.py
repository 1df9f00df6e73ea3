"""Ordering a run, watching it, stopping it."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime

from doodle_db.manifest import Version
from doodle_web.openapi import Answer, AnswerBody, Operation, Request
from training_server.order import TrainOrder

KEY = "6f0c0a4e-5d0c-4f3a-9b1e-2f6d8c7a1b30"
TIME = "2026-01-02T03:04:05+00:00"

RunState = Literal["waiting", "running", "finished", "failed", "cancelled"]


class OrderedRun(AnswerBody):
    """The run that now waits; maybe one that waited already."""

    key: UUID
    state: Literal["waiting"]
    sent_to: str | None
    note: str | None
    """What keeps the worker it is sent to from taking it."""


class StoppedRun(AnswerBody):
    """What became of a run that was asked to stop."""

    key: UUID
    state: Literal["cancelled", "running"]
    """`running`: it stops at its next step."""


class RunProgress(AnswerBody):
    """How far a run has come."""

    stage: str
    epoch: int
    num_epochs: int
    step: int
    num_steps: int
    loss: float | None
    accuracy: float | None
    eta_seconds: float | None


class RunScreening(AnswerBody):
    """What was left out before it read."""

    words: str
    num_doodles: int
    counts: dict[str, int]


class GateCheck(AnswerBody):
    """One of the gate's conditions."""

    name: str
    passed: bool
    words: str
    numbers: dict[str, Any]


class RunVerdict(AnswerBody):
    """What the gate decided."""

    outcome: Literal["published", "rejected", "passed"]
    summary: str
    checks: list[GateCheck]


class ShownRun(AnswerBody):
    """One run."""

    key: UUID
    kind: Literal["delta"]
    state: RunState
    trigger: Literal["doodles", "schedule", "operator"]
    requested_by: str
    reason: str
    arguments: dict[str, Any]
    worker: str | None
    sent_to: str | None
    note: str | None
    attempt: int
    cancel_requested_at: AwareDatetime | None
    progress: RunProgress | None
    num_new_doodles: int | None
    num_replay_doodles: int | None
    parent_version: Version | None
    candidate_version: Version | None
    metrics: dict[str, Any] | None
    verdict: RunVerdict | None
    screening: RunScreening | None
    error: str | None
    created_at: AwareDatetime
    started_at: AwareDatetime | None
    finished_at: AwareDatetime | None
    request_id: str | None


class RunList(AnswerBody):
    """Runs, newest first."""

    runs: list[ShownRun]


RUN = {
    "key": KEY,
    "kind": "delta",
    "state": "finished",
    "trigger": "doodles",
    "requested_by": "trigger",
    "reason": "200 new doodles",
    "arguments": {},
    "worker": "worker-1",
    "sent_to": None,
    "note": None,
    "attempt": 1,
    "cancel_requested_at": None,
    "progress": None,
    "num_new_doodles": 200,
    "num_replay_doodles": 1800,
    "parent_version": "ba9876543210",
    "candidate_version": "0123456789ab",
    "metrics": {},
    "verdict": {"outcome": "published", "summary": "Better on recent drawings.", "checks": []},
    "screening": None,
    "error": None,
    "created_at": TIME,
    "started_at": TIME,
    "finished_at": TIME,
    "request_id": "7c0d9a3b4e5f6071",
}

OPERATIONS = {
    "runs.order_run": Operation(
        {202: Answer("It waits.", OrderedRun, {"key": KEY, "state": "waiting", "sent_to": None, "note": None})},
        Request(TrainOrder, {"train_args": {"epochs": 3, "batch_size": 64}, "reason": "more dogs"}),
        problems={
            404: "`worker`: there is none of that name.",
            409: "Nothing is live to begin from, or the live version has seen every doodle.",
        },
    ),
    "runs.show_runs": Operation({200: Answer("The newest 50.", RunList, {"runs": [RUN]})}),
    "runs.show_run": Operation({200: Answer("The run.", ShownRun, RUN)}),
    "runs.show_report": Operation(
        {200: Answer("As far as it has come; docs/reports.md explains it.", dict[str, Any], {"format_version": 1})},
        problems={404: "There is no such run, or it has no report yet."},
    ),
    "runs.stop_run": Operation(
        {202: Answer("It has ended by that, or stops.", StoppedRun, {"key": KEY, "state": "running"})},
        problems={409: "It has ended."},
    ),
}
