"""What there is to draw."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from doodle_web.openapi import Answer, AnswerBody, Operation, Query, Request
from model_server.labels import DRAWINGS, MAX_DRAWINGS, NewLabelBody
from model_server.operations.doodles import DRAWING


class ListedLabel(AnswerBody):
    """One label."""

    name: str
    prompt: str
    """What stands in "Can you draw …?"."""
    emoji: str
    added_at: AwareDatetime | None
    """When an operator added it; null: it is the label set's own."""


class LabelList(AnswerBody):
    """The label set's own labels, then those that operators have added."""

    label_set: str
    labels: list[ListedLabel]


class AddedLabel(AnswerBody):
    """What became of the label."""

    name: str
    outcome: Literal["added", "already_added"]


class PublicDrawing(AnswerBody):
    """One drawing, by somebody."""

    bitmap: str
    """Base64 of height * width bytes, row by row, 0 paper, 255 full ink."""


class PublicDrawings(AnswerBody):
    """Some of a label's drawings, by chance; none of those who ask."""

    label: str
    drawings: list[PublicDrawing]


MOUSE = {"name": "mouse", "prompt": "a mouse", "emoji": "🐭"}

OPERATIONS = {
    "labels.show_labels": Operation(
        {
            200: Answer(
                "The labels; `ETag` changes with them.",
                LabelList,
                {"label_set": "animals", "labels": [{**MOUSE, "added_at": "2026-01-02T03:04:05+00:00"}]},
            ),
            304: Answer("Still those of `If-None-Match`."),
        }
    ),
    "labels.show_drawings": Operation(
        {
            200: Answer(
                "Base data, and what users drew and the model recognised.",
                PublicDrawings,
                {"label": "cat", "drawings": [{"bitmap": DRAWING}]},
            )
        },
        query=(Query("limit", Annotated[int, Field(ge=1, le=MAX_DRAWINGS)], f"How many; {DRAWINGS} unless given.", 6),),
        problems={404: "`name`: there is no such label.", 422: "`limit`: not so many."},
    ),
    "labels.add": Operation(
        {
            201: Answer("Its doodles are stored from now on.", AddedLabel, {"name": "mouse", "outcome": "added"}),
            200: Answer("The very same was there.", AddedLabel, {"name": "mouse", "outcome": "already_added"}),
        },
        Request(NewLabelBody, MOUSE),
        problems={409: "`name`: there is such a label, with other words."},
    ),
    "labels.withdraw": Operation(
        {204: Answer("It is withdrawn.")},
        problems={404: "No label of that name was added.", 409: "A version knows it."},
    ),
}
