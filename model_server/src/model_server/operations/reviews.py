"""What runs have screened out, and what operators decide about that or any other drawing."""

from typing import Annotated, Literal, get_args
from uuid import UUID

from pydantic import AwareDatetime, Field

from doodle_web.openapi import Answer, AnswerBody, Operation, Query, Request
from model_server.operations.doodles import ID, TIME
from model_server.operations.gallery import DRAWN, REVIEW, Drawing, LabelName, Page, StandingReview, Status
from model_server.reviews import ReviewBody

Reason = Literal["label", "unknown", "contributor", "duplicate", "share", "operator"]


class ScreenedDoodle(Drawing):
    """One drawing that was screened out, or picked in the gallery."""

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


SCREENED = {
    **DRAWN,
    "reason": "label",
    "words": "Looks like a dog (97 %), not like a cat (1 %).",
    "suggestion": "dog",
    "numbers": {"label_share": 0.01, "suggestion_share": 0.97, "label_threshold": 0.82},
    "run": None,
    "screener": 1,
    "screened_at": TIME,
    "review": None,
}

OPERATIONS = {
    "reviews.show_page": Operation(
        {
            200: Answer(
                "A page, and how many there are for each reason.",
                ReviewPage,
                {"reviews": [SCREENED], "next": None, "counts": dict.fromkeys(get_args(Reason), 0)},
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
        problems={404: "`ids[n]`: no doodle of a user.", 409: "`ids[n]`: nothing to undo."},
    ),
}
