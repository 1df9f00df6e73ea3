"""What routes about runs answer, with examples."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime

from doodle_db.manifest import Version
from doodle_db.run_orders import Dataset, Kind
from doodle_web.openapi import AnswerBody

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


class CurvePoint(AnswerBody):
    """A point of a training's curve."""

    step: int
    epoch: int
    """Epochs that had ended by then."""
    loss: float | None
    """Mean since the point before; so is the accuracy."""
    accuracy: float | None
    learning_rate: float | None


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
    learning_rate: float | None = None
    point: CurvePoint | None = None
    """The newest point of the curve."""


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
    kind: Kind
    dataset: Dataset
    network: str | None
    priority: int
    notes: str
    search: UUID | None
    trial: int | None
    state: RunState
    trigger: Literal["doodles", "schedule", "operator"]
    requested_by: str
    reason: str
    arguments: dict[str, Any]
    network_args: dict[str, Any]
    train_args: dict[str, Any]
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
    """A page of runs."""

    runs: list[ShownRun]
    next: UUID | None
    """The cursor of the next page."""


class CurveEpoch(AnswerBody):
    """What an epoch came to."""

    epoch: int
    loss: float | None
    accuracy: float | None
    seconds: float
    validation_loss: float | None
    validation_accuracy: float | None


class Curve(AnswerBody):
    """How a training went."""

    points: list[CurvePoint]
    epochs: list[CurveEpoch]


class LogLine(AnswerBody):
    """What a worker told."""

    line: int
    at: AwareDatetime
    level: str
    event: str
    fields: dict[str, Any]


class RunLog(AnswerBody):
    """Lines of a run's log."""

    lines: list[LogLine]
    next: int
    """The last line so far: ask for what comes after it."""


class FormField(AnswerBody):
    """One thing an order may say."""

    name: str
    type: Literal["integer", "number", "boolean"]
    minimum: float | None
    maximum: float | None
    default: float | bool | None
    """Null where it depends on the run."""


class FormNetwork(AnswerBody):
    """A network."""

    name: str
    words: str
    arguments: list[FormField]


class FormBounds(AnswerBody):
    """How much may be asked for."""

    minimum: int
    maximum: int


class OrderForm(AnswerBody):
    """What may be ordered."""

    default_network: str
    datasets: list[Dataset]
    networks: list[FormNetwork]
    train_args: list[FormField]
    max_doodles: FormBounds


RUN = {
    "key": KEY,
    "kind": "delta",
    "dataset": "new",
    "network": "doodlenet",
    "priority": 0,
    "notes": "",
    "search": None,
    "trial": None,
    "state": "finished",
    "trigger": "doodles",
    "requested_by": "trigger",
    "reason": "200 new doodles",
    "arguments": {},
    "network_args": {},
    "train_args": {},
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

POINT = {"step": 120, "epoch": 2, "loss": 0.61, "accuracy": 0.79, "learning_rate": 0.0012}

EPOCH = {
    "epoch": 1,
    "loss": 0.83,
    "accuracy": 0.71,
    "seconds": 2.4,
    "validation_loss": 0.7,
    "validation_accuracy": 0.75,
}

LINE = {"line": 1, "at": TIME, "level": "info", "event": "run_claimed", "fields": {"attempt": 1}}

FORM = {
    "default_network": "doodlenet",
    "datasets": ["new", "base", "users", "all"],
    "networks": [
        {
            "name": "mlp",
            "words": "Two dense layers over the pixels.",
            "arguments": [{"name": "first_units", "type": "integer", "minimum": 8, "maximum": 512, "default": 96}],
        }
    ],
    "train_args": [{"name": "epochs", "type": "integer", "minimum": 1, "maximum": 100, "default": None}],
    "max_doodles": {"minimum": 100, "maximum": 100000},
}
