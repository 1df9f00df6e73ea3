"""What there is to draw."""

from typing import Literal

from pydantic import AwareDatetime

from doodle_web.openapi import Answer, AnswerBody, Operation, Request
from model_server.labels import NewLabelBody


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
