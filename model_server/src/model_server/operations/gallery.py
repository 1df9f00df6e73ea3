"""Drawings as operators see them: page by page, one by one, as a file."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from doodle_db.manifest import Version
from doodle_web.openapi import Answer, AnswerBody, Operation, Query
from model_server.operations.doodles import DRAWING, ID, TIME, Confidence, Split

Status = Literal["accepted", "quarantined", "rejected"]


class StandingReview(AnswerBody):
    """What an operator has decided."""

    action: Literal["accept", "reject", "relabel"]
    label: str | None
    label_before: str
    reason: str
    operator: str
    reviewed_at: AwareDatetime


class Drawing(AnswerBody):
    """One drawing of a user."""

    id: UUID
    label: str
    status: Status
    bitmap: str
    """Base64 of height times width bytes, row by row, 0 paper, 255 full ink."""
    height: int
    width: int
    guess: str | None
    confidence: Confidence | None
    model_version: Version | None
    split: Split
    contributor: str
    """Eight hex digits that are the same for doodles of one contributor, and lead back to nobody."""
    created_at: AwareDatetime
    review: StandingReview | None


class Screening(AnswerBody):
    """Why a run has left a drawing out."""

    reason: Literal["label", "unknown", "contributor", "duplicate", "share"]
    words: str
    suggestion: str | None


class ShownDoodle(Drawing):
    """One drawing, and why it may have been left out."""

    has_strokes: bool
    """Whether the strokes are known that it was drawn with."""
    screening: Screening | None


class Decision(AnswerBody):
    """What an operator decided once."""

    action: Literal["accept", "reject", "relabel", "undo"]
    label: str
    status: Status
    reason: str
    operator: str
    reviewed_at: AwareDatetime


class WholeDoodle(ShownDoodle):
    """One drawing with all that is known of it."""

    strokes: list[list[list[int]]] | None
    """As `[[xs], [ys]]` a stroke, in the order they were drawn, in a box of 0 to 255."""
    history: list[Decision]
    """The latest first; 50 at most."""


class DoodlePage(AnswerBody):
    """Doodles, newest first."""

    doodles: list[ShownDoodle]
    """May be fewer than asked for, or none, although others follow: see `next`."""
    next: str | None
    """What asks for the following page; null on the last."""


REVIEW = {
    "action": "relabel",
    "label": "dog",
    "label_before": "cat",
    "reason": "clearly a dog",
    "operator": "ada",
    "reviewed_at": TIME,
}
DRAWN: dict[str, Any] = {
    "id": ID,
    "label": "cat",
    "status": "quarantined",
    "bitmap": DRAWING,
    "height": 28,
    "width": 28,
    "guess": "dog",
    "confidence": 0.41,
    "model_version": "0123456789ab",
    "split": "train",
    "contributor": "5f1c03aa",
    "created_at": TIME,
    "review": None,
}
SHOWN = {**DRAWN, "status": "accepted", "has_strokes": True, "screening": None}

Page = Annotated[str, Field(max_length=100)]
LabelName = Annotated[str, Field(max_length=40)]
Day = Annotated[str, Field(max_length=40)]

FILTERS = (
    Query("label", LabelName, "Only of this label.", "cat"),
    Query("guess", LabelName, "Only what was guessed to be this.", "dog"),
    Query("wrong", Literal["0", "1"], "1: only where the guess was not the label.", "1"),
    Query("status", Literal["accepted", "quarantined", "rejected", "any"], "`accepted` unless given.", "any"),
    Query("version", Version, "Only what this version guessed.", "0123456789ab"),
    Query("from", Day, "Stored from this day or time on.", "2026-01-01"),
    Query("to", Day, "Stored up to and including this day, or before this time.", "2026-12-31"),
    Query("contributor", Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}$")], "Only whose name begins so."),
)

OPERATIONS = {
    "gallery.show_page": Operation(
        {200: Answer("A page.", DoodlePage, {"doodles": [SHOWN], "next": None})},
        query=(
            *FILTERS,
            Query("limit", Annotated[int, Field(ge=1, le=200)], "How many at most; 50 unless given.", 20),
            Query("after", Page, "`next` of the page before."),
        ),
    ),
    "gallery.show_doodle": Operation(
        {200: Answer("The doodle.", WholeDoodle, {**SHOWN, "strokes": [[[12, 240], [30, 31]]], "history": []})},
        problems={404: "`id`: no doodle of a user."},
    ),
    "exports.send": Operation(
        {
            200: Answer(
                "The file; `Doodle-Count` says how many are in it, `Doodle-Left-Out` how many are not, since their "
                "strokes are not known.",
                media_type="application/octet-stream",
            )
        },
        query=(
            Query("format", Literal["ndjson", "npy", "tfrecord"], "`ndjson` unless given.", "ndjson"),
            *FILTERS,
        ),
        problems={503: "Two exports are being read already."},
    ),
}
