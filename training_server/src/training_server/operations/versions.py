"""What is done with versions' files."""

from typing import Annotated

from pydantic import Field

from doodle_db.manifest import Version
from doodle_web.openapi import Answer, AnswerBody, Operation, Query, Request
from training_server.versions import DeletionBody


class Standing(AnswerBody):
    """How two versions answer the same drawings."""

    num_doodles: int
    num_both: int
    num_first: int
    """Only `version` is right."""
    num_second: int
    """Only `with` is right."""
    num_neither: int
    p_value: float
    """The exact two-sided McNemar test's."""


class ComparedHoldout(AnswerBody):
    """The same for one holdout."""

    name: str
    all: Standing
    labels: dict[str, Standing]


class VersionComparison(AnswerBody):
    """Two versions on drawings that no version was trained on."""

    version: Version
    other: Annotated[Version, Field(alias="with")]
    holdouts: list[ComparedHoldout]


class KeptVersion(AnswerBody):
    """A version that had to stay."""

    version: Version
    needed_for: str


class DeletedVersions(AnswerBody):
    """What was deleted."""

    deleted: list[Version]
    kept: list[KeptVersion]
    files_removed: bool
    """False: the store was away; what is left goes with the next deletion."""


BIRDS = {"num_doodles": 70, "num_both": 61, "num_first": 3, "num_second": 1, "num_neither": 5, "p_value": 0.625}

OPERATIONS = {
    "versions.fetch_archive": Operation(
        {200: Answer("All files of the version, always the same zip.", media_type="application/zip")},
        problems={503: "The store is away."},
    ),
    "versions.show_comparison": Operation(
        {
            200: Answer(
                "Both were asked about the same drawings.",
                VersionComparison,
                {
                    "version": "0123456789ab",
                    "with": "ba9876543210",
                    "holdouts": [{"name": "recent", "all": BIRDS, "labels": {"bird": BIRDS}}],
                },
            )
        },
        query=(Query("with", Version, "The other version.", "ba9876543210", is_required=True),),
        problems={503: "Others are being compared, or the store is away."},
    ),
    "versions.delete": Operation(
        {
            200: Answer(
                "Nobody lists, deploys or fetches them any more.",
                DeletedVersions,
                {"deleted": ["0123456789ab"], "kept": [], "files_removed": True},
            )
        },
        Request(DeletionBody, {"version": "0123456789ab", "confirm": "0123456789ab", "reason": "never deployed"}),
        problems={404: "`version`: unknown, or deleted already.", 409: "`version`: needed; the problem says for what."},
    ),
}
