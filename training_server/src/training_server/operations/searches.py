"""Working out a search, ordering it, watching and steering it, and what its best trial becomes."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from doodle_db.searches import SearchState
from doodle_web.openapi import Answer, AnswerBody, Operation, Request
from training_server.operations.run_answers import KEY, TIME
from training_server.searches.bodies import CandidateBody, ExtensionBody, NoFields, PlanBody, SearchBody
from training_server.searches.configuration import Method
from training_server.searches.properties import Kind, Value

Configuration = dict[str, Any]
"""A value, a list of values, or `{"min", "max", "log"}`, by property."""

TrialState = Literal["waiting", "running", "finished", "pruned", "failed", "cancelled"]

Share = Annotated[float, Field(ge=0, le=1)]


class ShownProperty(AnswerBody):
    """What may be varied."""

    name: str
    kind: Kind
    low: float | None
    high: float | None
    words: list[str]
    networks: list[str]
    """Those it means something to."""


class ShownConfiguration(AnswerBody):
    """What the last search was configured with, or the defaults."""

    configuration: Configuration
    properties: list[ShownProperty]


class ShownPlan(AnswerBody):
    """What a search would be."""

    configuration: Configuration
    """Complete: what was left out is filled up."""
    method: Method
    num_combinations: int
    """Trials it would have."""
    trials: list[dict[str, Value]]
    """The first 200; none where the sampler decides later."""
    estimated_seconds: float
    estimate: str
    """By what that was judged."""


class OrderedSearch(AnswerBody):
    """The search, and how many trials wait by this."""

    key: UUID
    num_trials: int


class StoppedSearch(AnswerBody):
    """The search."""

    key: UUID


class OrderedCandidate(AnswerBody):
    """The run from scratch that now waits, and whose parameters it has."""

    key: UUID
    trial: int


class BestTrial(AnswerBody):
    """The most accurate trial that has finished."""

    trial: int
    params: dict[str, Value]
    accuracy: Share


class ListedSearch(AnswerBody):
    """One search."""

    key: UUID
    name: str
    state: SearchState
    """`stopping`: its trials that run have yet to heed it."""
    method: Method
    configuration: Configuration
    pruning: bool
    priority: int
    requested_by: str
    reason: str
    num_trials: int
    counts: dict[TrialState, int]
    best: BestTrial | None
    elapsed_seconds: float
    created_at: AwareDatetime
    finished_at: AwareDatetime | None
    stopped_by: str | None


class ShownSearch(ListedSearch):
    """One search, with what is worked out for it."""

    estimated_seconds: float | None
    """That are left; null: it has ended."""
    estimate: str | None
    importances: dict[str, Share] | None
    """By property; null: that cannot be told yet."""


class SearchList(AnswerBody):
    """The newest 50."""

    searches: list[ListedSearch]


class TrialMetrics(AnswerBody):
    """What a trial came to."""

    accuracy: Share
    """On the rows held back of the train split: what the search goes by."""
    loss: float | None
    test_accuracy: Share | None
    test_loss: float | None
    pruned_after: int | None
    """Epochs, where it was ended early."""


class ShownTrial(AnswerBody):
    """One trial, by the run that counts."""

    trial: int
    state: TrialState
    """`cancelled`: it waits for the search to go on, or was cancelled by hand."""
    params: dict[str, Value] | None
    """null: the sampler decides when a worker takes it."""
    metrics: TrialMetrics | None
    worker: str | None
    attempt: int
    seconds: float | None
    run: UUID
    error: str | None


class TrialList(AnswerBody):
    """In their order."""

    trials: list[ShownTrial]


PARAMS: dict[str, Value] = {"NETWORK": "cnn", "DATASET": "all", "EPOCHS": 1, "LEARNING_RATE": 0.001, "KERNEL_SIZE": 3}
CONFIGURATION = {**PARAMS, "LEARNING_RATE": [0.001, 0.002]}
COUNTS = {"waiting": 1, "running": 0, "finished": 1, "pruned": 0, "failed": 0, "cancelled": 0}
LISTED = {
    "key": KEY,
    "name": "filters",
    "state": "running",
    "method": "grid",
    "configuration": CONFIGURATION,
    "pruning": False,
    "priority": -1,
    "requested_by": "ada",
    "reason": "",
    "num_trials": 2,
    "counts": COUNTS,
    "best": {"trial": 1, "params": PARAMS, "accuracy": 0.83},
    "elapsed_seconds": 61.5,
    "created_at": TIME,
    "finished_at": None,
    "stopped_by": None,
}
SHOWN = {**LISTED, "estimated_seconds": 58.0, "estimate": "Judged by runs of cnn.", "importances": None}
TRIAL = {
    "trial": 1,
    "state": "finished",
    "params": PARAMS,
    "metrics": {"accuracy": 0.83, "loss": 0.6, "test_accuracy": 0.82, "test_loss": 0.61, "pruned_after": None},
    "worker": "worker-1",
    "attempt": 1,
    "seconds": 57.2,
    "run": KEY,
    "error": None,
}
PROPERTY = {"name": "EPOCHS", "kind": "integer", "low": 1, "high": 100, "words": [], "networks": ["cnn", "mlp"]}
PLAN = {
    "configuration": CONFIGURATION,
    "method": "grid",
    "num_combinations": 2,
    "trials": [PARAMS, {**PARAMS, "LEARNING_RATE": 0.002}],
    "estimated_seconds": 120.0,
    "estimate": "Judged by runs of cnn that were measured here. With 1 worker.",
}
ASKED = {"configuration": {"LEARNING_RATE": [0.001, 0.002], "EPOCHS": 1}}

OPERATIONS = {
    "searches.show_configuration": Operation(
        {200: Answer("It.", ShownConfiguration, {"configuration": CONFIGURATION, "properties": [PROPERTY]})}
    ),
    "searches.show_plan": Operation(
        {200: Answer("What it would be; nothing has changed.", ShownPlan, PLAN)}, Request(PlanBody, ASKED)
    ),
    "searches.order": Operation(
        {202: Answer("Its trials wait.", OrderedSearch, {"key": KEY, "num_trials": 2})},
        Request(SearchBody, {**ASKED, "name": "filters"}),
        problems={409: "Nothing is live, or more than 2,000 trials would wait."},
    ),
    "searches.show_searches": Operation({200: Answer("The newest.", SearchList, {"searches": [LISTED]})}),
    "searches.show_search": Operation({200: Answer("The search.", ShownSearch, SHOWN)}),
    "searches.show_trials": Operation({200: Answer("All of them.", TrialList, {"trials": [TRIAL]})}),
    "searches.stop": Operation(
        {202: Answer("Nothing of it begins any more.", StoppedSearch, {"key": KEY})},
        Request(NoFields, {}),
        problems={409: "It is not going on."},
    ),
    "searches.resume": Operation(
        {202: Answer("What is left of it waits.", OrderedSearch, {"key": KEY, "num_trials": 3})},
        Request(NoFields, {}),
        problems={409: "It is not stopped, trials have yet to heed that, or too many wait."},
    ),
    "searches.extend": Operation(
        {202: Answer("More trials wait.", OrderedSearch, {"key": KEY, "num_trials": 2})},
        Request(ExtensionBody, {"configuration": {"LEARNING_RATE": 0.004}}),
        problems={409: "It is stopped, or too many trials wait."},
    ),
    "searches.make_candidate": Operation(
        {202: Answer("A run from scratch waits.", OrderedCandidate, {"key": KEY, "trial": 1})},
        Request(CandidateBody, {"reason": "the best of 8"}),
        problems={409: "`trial`: there is none of that number, or nobody knows what it tries; or too many runs wait."},
    ),
}
