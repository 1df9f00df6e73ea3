"""Storing doodles, and what operators see of them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from doodle_web.openapi import Answer, AnswerBody, Operation, Request
from model_server.doodle_body import BatchBody, DoodleBody, LabelBody
from model_server.forgetting import ForgetBody

ID = "0b6f9a4e-5d0c-4f3a-9b1e-2f6d8c7a1b30"
TIME = "2026-01-02T03:04:05+00:00"
BLANK = "A" * 1048
"""Base64 of 784 bytes needs that many characters; a real drawing has some that are not zero."""

DRAWING = "/" + "A" * 1043 + "AA=="

Outcome = Literal["stored", "already_stored"]
Split = Literal["train", "test"]
Confidence = Annotated[float, Field(ge=0, le=1)]


class StoredDoodle(AnswerBody):
    """What became of one doodle; it is stored for good."""

    id: UUID
    outcome: Outcome


class StoredBatch(AnswerBody):
    """What became of each, in the order they were sent."""

    doodles: list[StoredDoodle]


class CorrectedDoodle(AnswerBody):
    """What a doodle shows now."""

    id: UUID
    label: str


class ForgottenDoodle(AnswerBody):
    """What became of one doodle; either way there is none of that id now."""

    id: UUID
    outcome: Literal["forgotten", "unknown"]


class ForgottenDoodles(AnswerBody):
    """What became of each, in the order they were sent."""

    doodles: list[ForgottenDoodle]


STORED = {"id": ID, "outcome": "stored"}
KNOWN = {"id": ID, "outcome": "already_stored"}

OPERATIONS = {
    "doodles.store": Operation(
        {
            201: Answer("At least one was not stored before; all are stored now.", StoredDoodle | StoredBatch, STORED),
            200: Answer("All had been stored before, with the same content.", StoredDoodle | StoredBatch, KNOWN),
        },
        Request(
            DoodleBody | BatchBody,
            {
                "id": ID,
                "label": "cat",
                "bitmap": DRAWING,
                "strokes": [[[12, 240], [30, 31]]],
                "guess": "dog",
                "confidence": 0.41,
                "model_version": "0123456789ab",
            },
        ),
        problems={
            409: "`doodles[n].id`: stored already with other content; nothing of the batch was stored.",
            503: "More comes in than can be stored, or the database is away: send the same again.",
        },
    ),
    "doodles.correct": Operation(
        {200: Answer("It shows that now.", CorrectedDoodle, {"id": ID, "label": "dog"})},
        Request(LabelBody, {"label": "dog"}),
        problems={404: "`id`: unknown, or somebody else's.", 409: "`id`: an operator has decided what it shows."},
    ),
    "forgetting.forget": Operation(
        {200: Answer("They are gone.", ForgottenDoodles, {"doodles": [{"id": ID, "outcome": "forgotten"}]})},
        Request(ForgetBody, {"ids": [ID]}),
        problems={422: "`ids[n]`: no UUID; `ids`: none, or more than a hundred."},
    ),
}
