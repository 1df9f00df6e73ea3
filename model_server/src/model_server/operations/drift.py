"""Whether drawings are still what they were."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from doodle_db.drift import Level
from doodle_db.manifest import Version
from doodle_web.openapi import Answer, AnswerBody, Operation, Query
from model_server.drift import DEFAULT_HISTORY, MAX_HISTORY
from model_server.drift_words import EXPLANATIONS, STATES, THRESHOLDS, TITLES


class DriftMeasure(AnswerBody):
    """One measure, and what it was held against."""

    name: Literal["labels", "confidence", "ink", "embedding"]
    title: str
    value: float
    """How far now lies from then; `chance` is taken off already."""
    chance: float
    """What chance gives in the mean, in samples of this size."""
    p_value: float
    """How often chance alone gives as much."""
    max_p_value: float
    """Above it, it is put down to chance."""
    watch: float
    alert: float
    finding: Level
    words: str
    """What it has come to."""
    explanation: str
    """What is measured."""


class DriftSummary(AnswerBody):
    """One check, in short."""

    created_at: AwareDatetime
    state: Level
    """What held from then on."""
    finding: Level
    """What the check says by itself."""
    version: Version | None
    """Which version looked at the drawings; null: none could, and only labels and ink were measured."""
    values: dict[str, float]
    """By measure."""


class LabelCounts(AnswerBody):
    """How many drawings of each label."""

    names: list[str]
    now: list[int]
    before: list[int]


class Histogram(AnswerBody):
    """How many drawings lie between two edges each."""

    edges: list[float]
    now: list[int]
    before: list[int]


class SampleDrawing(AnswerBody):
    """A drawing to look at."""

    id: UUID
    label: str
    bitmap: str
    """Base64 of height x width bytes; 0 paper, 255 full ink."""
    height: int
    width: int
    created_at: AwareDatetime


class SampleDrawings(AnswerBody):
    """Some drawings of both."""

    chosen_by: Literal["chance", "difference"]
    """`difference`: those that tell now from then."""
    now: list[SampleDrawing]
    before: list[SampleDrawing]


class DriftCheckBody(DriftSummary):
    """The newest check: the newest drawings (present, now) against those before them (reference, then)."""

    num_present: int
    num_reference: int
    present_from: AwareDatetime
    present_to: AwareDatetime
    reference_from: AwareDatetime
    reference_to: AwareDatetime
    measures: list[DriftMeasure]
    labels: LabelCounts
    ink: Histogram
    confidence: Histogram | None
    samples: SampleDrawings


class DriftStanding(AnswerBody):
    """How drawings stand."""

    state: Literal["waiting", "steady", "watch", "alert"]
    """`waiting`: there are too few yet."""
    words: str
    since: AwareDatetime | None
    num_drawings: int
    """How many there are, up to `num_wanted`."""
    num_wanted: int
    latest: DriftCheckBody | None
    history: list[DriftSummary]
    """Newest first."""
    thresholds: str


_TIME = "2026-01-02T03:04:05+00:00"
_SUMMARY: dict[str, Any] = {
    "created_at": _TIME,
    "state": "steady",
    "finding": "watch",
    "version": "0123456789ab",
    "values": {"ink": 0.41},
}
_MEASURE = {
    "name": "ink",
    "title": TITLES["ink"],
    "value": 0.41,
    "chance": 0.03,
    "p_value": 0.001,
    "max_p_value": 0.0025,
    "watch": 0.25,
    "alert": 2.0,
    "finding": "watch",
    "words": "Changed: 0.41 is above 0.25.",
    "explanation": EXPLANATIONS["ink"],
}
_DRAWING = {
    "id": "0b6f9a4e-5d0c-4f3a-9b1e-2f6d8c7a1b30",
    "label": "cat",
    "bitmap": "AAAA",
    "height": 1,
    "width": 3,
    "created_at": _TIME,
}
_LATEST = {
    **_SUMMARY,
    "num_present": 500,
    "num_reference": 1000,
    "present_from": _TIME,
    "present_to": _TIME,
    "reference_from": _TIME,
    "reference_to": _TIME,
    "measures": [_MEASURE],
    "labels": {"names": ["bird", "cat"], "now": [210, 290], "before": [490, 510]},
    "ink": {"edges": [0.0, 0.2, 0.4], "now": [400, 100], "before": [700, 300]},
    "confidence": {"edges": [0.0, 0.5, 1.0], "now": [100, 400], "before": [150, 850]},
    "samples": {"chosen_by": "chance", "now": [_DRAWING], "before": [_DRAWING]},
}

OPERATIONS = {
    "drift.show_drift": Operation(
        {
            200: Answer(
                "How drawings stand, the newest check, and those before it.",
                DriftStanding,
                {
                    "state": "steady",
                    "words": STATES["steady"],
                    "since": _TIME,
                    "num_drawings": 300,
                    "num_wanted": 300,
                    "latest": _LATEST,
                    "history": [_SUMMARY],
                    "thresholds": THRESHOLDS,
                },
            )
        },
        query=[
            Query(
                "limit",
                Annotated[int, Field(ge=1, le=MAX_HISTORY)],
                f"How many checks `history` has; {DEFAULT_HISTORY} unless given.",
                20,
            )
        ],
    ),
}
