"""Predictions for those who have no page."""

from typing import Annotated

from pydantic import Field

from doodle_db.manifest import Version
from doodle_web.openapi import Answer, AnswerBody, Operation, Query, Request
from model_server.operations.doodles import DRAWING
from model_server.prediction.body import MAX_TOP_K, MEDIA_TYPES, PredictionBatchBody, PredictionBody

Probability = Annotated[float, Field(ge=0, le=1)]


class LabelProbability(AnswerBody):
    """One label."""

    label: str
    probability: Probability


class PredictedDrawing(AnswerBody):
    """What a drawing shows."""

    prediction: str
    """The label it shows most likely."""
    probability: Probability
    """Of that label."""
    top: list[LabelProbability]
    """The `top_k` labels, the most likely first."""
    known: bool
    """False where it looks like nothing the version knows; then a page says so instead of the prediction."""
    rejection_score: float
    """Its energy; above `threshold` it is not known. Neither is what no pen could have drawn, whatever its energy."""
    threshold: float
    bitmap: str
    """What the network saw, as it is stored with a doodle: base64, row by row, 0 paper, 255 full ink."""


class Prediction(PredictedDrawing):
    """What a drawing shows, and who says so."""

    version: Version


class PredictionBatch(AnswerBody):
    """What several drawings show, in the order they were sent."""

    version: Version
    predictions: list[PredictedDrawing]


OPERATIONS = {
    "predictions.predict": Operation(
        {
            200: Answer(
                "What it shows, or what each of them shows.",
                Prediction | PredictionBatch,
                {
                    "version": "0123456789ab",
                    "prediction": "cat",
                    "probability": 0.93,
                    "top": [{"label": "cat", "probability": 0.93}, {"label": "dog", "probability": 0.04}],
                    "known": True,
                    "rejection_score": -4.21,
                    "threshold": -0.22,
                    "bitmap": DRAWING,
                },
            )
        },
        Request(
            PredictionBody | PredictionBatchBody,
            {"strokes": [[[0, 255, 128, 0], [0, 0, 255, 0]]], "top_k": 2},
            files=MEDIA_TYPES,
        ),
        query=(
            Query("top_k", Annotated[int, Field(ge=1, le=MAX_TOP_K)], "Beside a picture: how many labels to list.", 3),
            Query("version", Version, "Beside a picture: who is to say it; the live version unless given."),
        ),
        problems={
            404: "`version`: there is none of that name, or it was deleted.",
            413: "JSON is larger than 12 MB, or a picture than 20 MB.",
            415: "The body says neither that it is JSON nor that it is a PNG, JPEG or WebP.",
            422: "`items[n].image` and the like: no such thing, or no drawing is in it.",
            503: "Too much is asked, nothing is live yet, or the version cannot be reached.",
        },
    ),
}
