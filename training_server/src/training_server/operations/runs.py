"""Ordering a run, watching it, stopping it."""

from typing import Annotated, Any

from pydantic import BaseModel

from doodle_web.openapi import Answer, Operation, Query, Request
from training_server.operations.run_answers import (
    EPOCH,
    FORM,
    KEY,
    LINE,
    POINT,
    RUN,
    Curve,
    OrderedRun,
    OrderForm,
    RunList,
    RunLog,
    ShownRun,
    StoppedRun,
)
from training_server.order import NewPriority, Notes, TrainOrder
from training_server.run_query import AfterQuery, RunListQuery, RunQuery


def _query(model: type[BaseModel], name: str, words: str, example: Any = None) -> Query:
    field = model.model_fields[name]
    content = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return Query(name, content, words, example)


LIST_QUERY = (
    _query(RunListQuery, "state", "Only runs in this state.", "finished"),
    _query(RunListQuery, "kind", "Only runs of this kind; without it, all but trials.", "scratch"),
    _query(RunListQuery, "network", "Only runs that train this network.", "cnn"),
    _query(RunListQuery, "search", "Only the trials of this search.", KEY),
    _query(RunListQuery, "q", "Only runs with these words in key, requester, reason, notes or error.", "dogs"),
    _query(RunListQuery, "sort", "By what; `-` puts the highest first.", "-accuracy"),
    _query(RunListQuery, "limit", "How many.", 20),
    _query(RunListQuery, "cursor", "`next` of the page before.", None),
)

OPERATIONS = {
    "runs.order_run": Operation(
        {202: Answer("It waits.", OrderedRun, {"key": KEY, "state": "waiting", "sent_to": None, "note": None})},
        Request(
            TrainOrder,
            {"dataset": "all", "network": "cnn", "train_args": {"epochs": 3, "batch_size": 64}, "reason": "a try"},
        ),
        problems={
            404: "`worker`: there is none of that name.",
            409: "Nothing is live to begin from, the live version has seen every doodle, or too many runs wait.",
        },
    ),
    "runs.show_runs": Operation(
        {200: Answer("A page of them.", RunList, {"runs": [RUN], "next": None})}, query=LIST_QUERY
    ),
    "runs.show_networks": Operation({200: Answer("What may be ordered.", OrderForm, FORM)}),
    "runs.show_run": Operation(
        {200: Answer("The run.", ShownRun, RUN)},
        query=(_query(RunQuery, "wait", "Seconds to wait for its end; then as it is by then.", 20),),
        problems={503: "Too many requests wait already."},
    ),
    "runs.show_report": Operation(
        {200: Answer("As far as it has come; docs/reports.md explains it.", dict[str, Any], {"format_version": 1})},
        problems={404: "There is no such run, or it has no report yet."},
    ),
    "run_history.show_curve": Operation(
        {200: Answer("Points and epochs.", Curve, {"points": [POINT], "epochs": [EPOCH]})},
        query=(_query(AfterQuery, "after", "Only points behind this step.", 100),),
    ),
    "run_history.show_log": Operation(
        {200: Answer("Lines, in their order.", RunLog, {"lines": [LINE], "next": 1})},
        query=(_query(AfterQuery, "after", "Only what comes behind this line.", 0),),
    ),
    "runs.write_notes": Operation(
        {200: Answer("The run.", ShownRun, RUN)}, Request(Notes, {"notes": "better with more filters"})
    ),
    "runs.change_priority": Operation(
        {200: Answer("The run.", ShownRun, RUN)},
        Request(NewPriority, {"priority": 5}),
        problems={409: "It does not wait any more."},
    ),
    "runs.stop_run": Operation(
        {202: Answer("It has ended by that, or stops.", StoppedRun, {"key": KEY, "state": "running"})},
        problems={409: "It has ended."},
    ),
}
