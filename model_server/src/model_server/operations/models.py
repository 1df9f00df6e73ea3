"""Versions, as pages and operators see them."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from doodle_db.manifest import FileRole, HoldoutMetrics, Manifest, NetworkDefinition, Version
from doodle_web.openapi import Answer, AnswerBody, Operation, Query

Page = Annotated[str, Field(max_length=100)]

MANIFEST: dict[str, Any] = {
    "format_version": 1,
    "version": "0123456789ab",
    "label_set": "animals",
    "labels": [{"name": "bird", "prompt": "a bird", "emoji": "🐦"}],
    "input": {"height": 28, "width": 28, "channels": 1, "preprocessing": 1},
    "network": {"name": "doodlenet", "arguments": {}},
    "num_parameters": 77686,
    "files": [{"role": "onnx", "path": "model.onnx", "size_bytes": 376000, "sha256": "0" * 64}],
    "metrics": {"base": {"num_doodles": 3600, "accuracy": 0.88, "log_loss": 0.4, "recalls": {"bird": 0.9}}},
    "parent_version": None,
    "run": None,
    "created_at": "2026-01-02T03:04:05Z",
    "training_data": {"num_new": 0, "num_replay": 0, "num_base": 20000, "watermark": 0},
    "rejection": {"score": "energy", "threshold": -1.2},
    "self_check": {"bitmap": "AAAA", "logits": [0.5], "tolerance": 0.0001},
}


class NamedShadow(AnswerBody):
    """What is tried beside it."""

    version: Version
    base_url: str


class LiveModel(AnswerBody):
    """What is live."""

    deployment: int
    version: Version
    base_url: str
    """Where its files are; they never change."""
    deployed_at: AwareDatetime
    manifest: Manifest
    shadow: NamedShadow | None
    """A version to be asked about finished drawings without being shown."""


class VersionVerdict(AnswerBody):
    """What the gate said of it."""

    outcome: Literal["published", "rejected", "passed"]
    summary: str


class ListedFile(AnswerBody):
    """One file of a version."""

    role: FileRole
    path: str
    size_bytes: int


class ListedVersion(AnswerBody):
    """One version."""

    version: Version
    live: bool
    network: NetworkDefinition
    num_parameters: int
    label_set: str
    labels: list[str]
    parent_version: Version | None
    run: UUID | None
    metrics: dict[str, HoldoutMetrics]
    verdict: VersionVerdict | None
    """Null where no run made it."""
    files: list[ListedFile]
    needed_for: str | None
    """Why it cannot be deleted; null: it can."""
    created_at: AwareDatetime


class VersionList(AnswerBody):
    """The live version first, then newest first."""

    models: list[ListedVersion]
    next: str | None
    """The `cursor` of the next page; null: this is the last."""


OPERATIONS = {
    "models.show_live": Operation(
        {
            200: Answer(
                "The live version, with its whole manifest; `ETag` changes with it.",
                LiveModel,
                {
                    "deployment": 12,
                    "version": "0123456789ab",
                    "base_url": "/models/0123456789ab/",
                    "deployed_at": "2026-01-02T03:04:05+00:00",
                    "manifest": MANIFEST,
                    "shadow": None,
                },
            ),
            304: Answer("Still that of `If-None-Match`."),
        },
        problems={503: "Nothing has been deployed yet, or the database is away."},
    ),
    "models.list_versions": Operation(
        {
            200: Answer(
                "The versions that were not deleted, `limit` besides the live one.",
                VersionList,
                {
                    "models": [
                        {
                            "version": "0123456789ab",
                            "live": True,
                            "network": {"name": "doodlenet", "arguments": {}},
                            "num_parameters": 77686,
                            "label_set": "animals",
                            "labels": ["bird", "cat"],
                            "parent_version": None,
                            "run": None,
                            "metrics": MANIFEST["metrics"],
                            "verdict": None,
                            "files": [{"role": "onnx", "path": "model.onnx", "size_bytes": 376000}],
                            "needed_for": "it is live",
                            "created_at": "2026-01-02T03:04:05+00:00",
                        }
                    ],
                    "next": None,
                },
            )
        },
        query=(
            Query("limit", Annotated[int, Field(ge=1, le=100)], "How many at most; 100 unless given.", 20),
            Query("cursor", Page, "`next` of the page before."),
        ),
    ),
    "model_files.show_file": Operation(
        {
            200: Answer("The file; it may be kept for ever.", media_type="application/octet-stream"),
            304: Answer("Still that of `If-None-Match`."),
        },
        problems={404: "The version's manifest lists no such file.", 503: "The store is away."},
    ),
}
