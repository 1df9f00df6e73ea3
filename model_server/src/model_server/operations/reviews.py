"""Drawings as operators see them, and what they decide about them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from doodle_db.manifest import Version
from doodle_web.openapi import Answer, AnswerBody, Operation, Query, Request
from model_server.operations.doodles import DRAWING, ID, TIME, Confidence, Split
from model_server.reviews import ReviewBody

Status = Literal["accepted", "quarantined", "rejected"]
Reason = Literal["label", "unknown", "contributor", "duplicate", "share"]


class StandingReview(AnswerBody):
    """What an operator has decided."""

    action: Literal["accept", "reject", "relabel"]
    label: str | None
    label_before: str
    reason: str
    operator: str
    reviewed_at: AwareDatetime


class ShownDoodle(AnswerBody):
    """One drawing of a user."""

    id: UUID
    label: str
    bitmap: str
    """Base64 of height times width bytes, row by row, 0 paper, 255 full ink."""
    height: int
    width: int
    guess: str | None
    confidence: Confidence | None
    model_version: Version | None
    split: Split
    created_at: AwareDatetime


class DoodlePage(AnswerBody):
    """Doodles, newest first."""

    doodles: list[ShownDoodle]
    next: str | None
    """What asks for the following page; null on the last."""


class ScreenedDoodle(ShownDoodle):
    """One drawing that was screened out."""

    status: Status
    contributor: str
    """Eight hex digits that are the same for doodles of one contributor, and lead back to nobody."""
    reason: Reason
    words: str
    suggestion: str | None
    numbers: dict[str, float | int | str | None]
    run: UUID | None
    screener: int
    screened_at: AwareDatetime
    review: StandingReview | None


class ReviewPage(AnswerBody):
    """Screened doodles, newest first."""

    reviews: list[ScreenedDoodle]
    next: str | None
    counts: dict[Reason, int]


class ReviewedDoodle(AnswerBody):
    """What a doodle is now."""

    id: UUID
    status: Status
    label: str
    review: StandingReview | None


class ReviewedDoodles(AnswerBody):
    """In the order they were named."""

    reviews: list[ReviewedDoodle]


SHOWN = {
    "id": ID,
    "label": "cat",
    "bitmap": DRAWING,
    "height": 28,
    "width": 28,
    "guess": "dog",
    "confidence": 0.41,
    "model_version": "0123456789ab",
    "split": "train",
    "created_at": TIME,
}
REVIEW = {
    "action": "relabel",
    "label": "dog",
    "label_before": "cat",
    "reason": "clearly a dog",
    "operator": "ada",
    "reviewed_at": TIME,
}
SCREENED = {
    **SHOWN,
    "status": "quarantined",
    "contributor": "5f1c03aa",
    "reason": "label",
    "words": "Looks like a dog (97 %), not like a cat (1 %).",
    "suggestion": "dog",
    "numbers": {"label_share": 0.01, "suggestion_share": 0.97, "label_threshold": 0.82},
    "run": None,
    "screener": 1,
    "screened_at": TIME,
    "review": None,
}

Page = Annotated[str, Field(max_length=100)]
LabelName = Annotated[str, Field(max_length=40)]

OPERATIONS = {
    "gallery.show_page": Operation(
        {200: Answer("A page.", DoodlePage, {"doodles": [SHOWN], "next": None})},
        query=(
            Query("label", LabelName, "Only of this label.", "cat"),
            Query("limit", Annotated[int, Field(ge=1, le=200)], "How many; 50 unless given.", 20),
            Query("after", Page, "`next` of the page before."),
        ),
    ),
    "reviews.show_page": Operation(
        {
            200: Answer(
                "A page, and how many there are for each reason.",
                ReviewPage,
                {"reviews": [SCREENED], "next": None, "counts": dict.fromkeys(Reason.__args__, 0)},
            )
        },
        query=(
            Query("state", Literal["open", "unused", "reviewed"], "Which; `open` unless given.", "open"),
            Query("reason", Reason, "Only those screened out for it.", "label"),
            Query("label", LabelName, "Only of this label.", "cat"),
            Query("limit", Annotated[int, Field(ge=1, le=100)], "How many; 20 unless given.", 20),
            Query("cursor", Page, "`next` of the page before."),
        ),
    ),
    "reviews.decide": Operation(
        {
            200: Answer(
                "It is decided; asked again, the same answer.",
                ReviewedDoodles,
                {"reviews": [{"id": ID, "status": "accepted", "label": "dog", "review": REVIEW}]},
            )
        },
        Request(ReviewBody, {"ids": [ID], "action": "relabel", "label": "dog", "reason": "clearly a dog"}),
        problems={404: "`ids[n]`: no doodle that was screened out.", 409: "`ids[n]`: nothing to undo."},
    ),
}
