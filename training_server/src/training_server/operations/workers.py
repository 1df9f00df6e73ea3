"""Who trains, and asking them to end."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from doodle_web.openapi import Answer, AnswerBody, Operation, Request
from training_server.operations.run_answers import KEY, TIME, RunProgress
from training_server.workers import NoFields


class ShownWorker(AnswerBody):
    """One worker."""

    name: str
    host: str
    device: str
    gpu: str | None
    num_cores: int
    version: str | None
    state: Literal["idle", "busy", "stopped", "lost"]
    """`lost`: it has been silent for 30 s."""
    run: UUID | None
    progress: RunProgress | None
    num_sent: int
    """Runs that wait for this worker alone."""
    asked_to: Literal["drain", "stop"] | None
    asked_by: str | None
    asked_at: AwareDatetime | None
    started_at: AwareDatetime
    heartbeat_at: AwareDatetime
    silent_seconds: float
    """By the server's clock."""


class WorkerList(AnswerBody):
    """Those heard within the last day, by name."""

    workers: list[ShownWorker]


WORKER = {
    "name": "colab-1",
    "host": "4f1c",
    "device": "GPU:0",
    "gpu": "NVIDIA L4",
    "num_cores": 12,
    "version": "0.1.0",
    "state": "busy",
    "run": KEY,
    "progress": None,
    "num_sent": 1,
    "asked_to": None,
    "asked_by": None,
    "asked_at": None,
    "started_at": TIME,
    "heartbeat_at": TIME,
    "silent_seconds": 0.4,
}

ASKED = Operation(
    {202: Answer("It hears of it within a second or two.", ShownWorker, {**WORKER, "asked_to": "drain"})},
    Request(NoFields, {}),
    problems={409: "It has ended."},
)

OPERATIONS = {
    "workers.show_workers": Operation({200: Answer("100 at most.", WorkerList, {"workers": [WORKER]})}),
    "workers.drain_worker": ASKED,
    "workers.stop_worker": ASKED,
}
