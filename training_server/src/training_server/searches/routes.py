"""Searches over HTTP: work out what one would be, order it, watch it, stop it, make a candidate of its best trial."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, g, jsonify, url_for
from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError
from sqlalchemy import Connection, Row

from doodle_db.labels import read_label_set
from doodle_db.run_orders import Origin
from doodle_db.searches import SearchOrder, Trial, get_search, list_searches, list_trials, read_trials
from doodle_web.error_pages import problem_of_validation
from doodle_web.operator_auth import operator_only
from doodle_web.problems import problem_response
from doodle_web.request_body import read_body, read_json
from training_server.clock import read_time
from training_server.errors import ConfigurationError, SearchStandingError
from training_server.parts import current_parts
from training_server.searches.bodies import (
    CandidateBody,
    ExtensionBody,
    NoFields,
    PlanBody,
    SearchBody,
    is_bare,
)
from training_server.searches.combinations import pick_middle
from training_server.searches.configuration import from_json, to_json
from training_server.searches.extending import Extension, extend_search
from training_server.searches.judging import judge, judge_plan
from training_server.searches.ordering import (
    SearchPlan,
    order_candidate,
    order_search,
    plan_search,
    read_previous,
    resume_search,
    stop_search,
)
from training_server.searches.search_json import (
    find_best,
    list_left,
    plan_as_json,
    properties_as_json,
    search_as_json,
    trial_as_json,
    weigh,
)
from training_server.trigger import order_training

NUM_LISTED = 50

searches = Blueprint("searches", __name__)


@searches.get("/search/configuration")
@operator_only
def show_configuration() -> Response:
    """Show what the last search was configured with, and what may be varied."""
    with current_parts().engine.connect() as connection:
        return jsonify(configuration=read_previous(connection), properties=properties_as_json())


@searches.post("/search/plan")
@operator_only
def show_plan() -> Response:
    """Work out what a search would be, and how long it would take; nothing is changed."""
    body = _read(PlanBody)
    with current_parts().engine.connect() as connection:
        return jsonify(_plan_as_json(connection, _plan(connection, body)))


@searches.post("/search")
@operator_only
def order() -> Response:
    """Order a search: all its trials wait, or none."""
    parts, body, key = current_parts(), _read(SearchBody), uuid4()
    with parts.engine.begin() as connection:
        plan = _plan(connection, body)
        wanted = SearchOrder(
            body.method,
            to_json(plan.configuration),
            g.operator,
            name=body.name,
            pruning=body.pruning,
            priority=body.priority,
            reason=body.reason,
        )
        order_search(connection, parts.queue, key, wanted, plan, _find_origin())
    return _accepted(key, num_trials=plan.num_trials)


@searches.get("/search")
@operator_only
def show_searches() -> Response:
    """List the newest searches."""
    with current_parts().engine.connect() as connection:
        newest, now = list_searches(connection, at_most=NUM_LISTED), read_time(connection)
        trials = read_trials(connection, [search.key for search in newest])
        return jsonify(searches=[search_as_json(search, trials[search.key], now) for search in newest])


@searches.get("/search/<uuid:key>")
@operator_only
def show_search(key: UUID) -> Response:
    """Show a search: how it stands, its best trial, the time left, and which properties matter."""
    with current_parts().engine.connect() as connection:
        return jsonify(_describe_whole(connection, key))


@searches.get("/search/<uuid:key>/trials")
@operator_only
def show_trials(key: UUID) -> Response:
    """List a search's trials in their order."""
    with current_parts().engine.connect() as connection:
        get_search(connection, key)
        now = read_time(connection)
        return jsonify(trials=[trial_as_json(run, now) for run in list_trials(connection, key)])


@searches.post("/search/<uuid:key>/stop")
@operator_only
def stop(key: UUID) -> Response:
    """Stop a search; its trials that are running stop at their next step."""
    read_body(NoFields)
    with current_parts().engine.begin() as connection:
        stop_search(connection, key, g.operator)
    return _accepted(key)


@searches.post("/search/<uuid:key>/resume")
@operator_only
def resume(key: UUID) -> Response:
    """Let a stopped search go on with the trials that are left."""
    parts = current_parts()
    read_body(NoFields)
    with parts.engine.begin() as connection:
        number = resume_search(connection, parts.queue, key, _find_origin())
    return _accepted(key, num_trials=number)


@searches.post("/search/<uuid:key>/extend")
@operator_only
def extend(key: UUID) -> Response:
    """Add trials to a search."""
    parts, body = current_parts(), _read(ExtensionBody)
    by = Extension(body.num_trials, body.configuration)
    with parts.engine.begin() as connection:
        number = extend_search(connection, parts.queue, key, by, _find_origin())
    return _accepted(key, num_trials=number)


@searches.post("/search/<uuid:key>/candidate")
@operator_only
def make_candidate(key: UUID) -> Response:
    """Order a run from scratch with a trial's parameters: a candidate like any, through the same gate."""
    parts, body, run_key = current_parts(), read_body(CandidateBody), uuid4()
    with parts.engine.connect() as connection:
        search = get_search(connection, key)
        trial = _choose(read_trials(connection, [key])[key], body.trial)
    ordered = order_candidate(search, trial, g.operator, body.reason, _find_origin())
    order_training(parts.engine, parts.queue, run_key, ordered)
    response = jsonify(key=str(run_key), trial=trial.number)
    response.status_code = 202
    response.headers["Location"] = url_for("runs.show_run", key=run_key)
    return response


def _choose(trials: list[Trial], wanted: int | None) -> Trial:
    """Give the trial that was named, or the best one."""
    best = find_best(trials)
    if wanted is None and best is None:
        raise SearchStandingError("No trial has finished yet; name one by its number, or wait.", field="trial")
    number = wanted if best is None or wanted is not None else best["trial"]
    found = next((each for each in trials if each.number == number), None)
    if found is None:
        raise SearchStandingError(f"The search has no trial {number}; it has 1 to {len(trials)}.", field="trial")
    return found


def _read(model: type[Any]) -> Any:
    """Read a body; faults of its configuration are told by name, each on its own."""
    content = read_json()
    g.is_bare = is_bare(content)
    return model.model_validate(content)


def _plan(connection: Connection, body: PlanBody) -> SearchPlan:
    previous = read_previous(connection) if body.previous is None else body.previous
    return plan_search(body.configuration, previous, body.method, body.num_trials)


def _plan_as_json(connection: Connection, plan: SearchPlan) -> dict[str, Any]:
    label_set = read_label_set(connection, current_parts().settings.label_set)
    return plan_as_json(plan, judge_plan(connection, label_set, plan))


def _describe_whole(connection: Connection, key: UUID) -> dict[str, Any]:
    search, trials = get_search(connection, key), read_trials(connection, [key])[key]
    shown = search_as_json(search, trials, read_time(connection))
    return {**shown, **_judge_left(connection, search, trials), "importances": weigh(trials)}


def _judge_left(connection: Connection, search: Row[Any], trials: list[Trial]) -> dict[str, Any]:
    """Judge how long the trials will take that have not ended; None if all have."""
    left = list_left(trials)
    if not left:
        return {"estimated_seconds": None, "estimate": None}
    middle = pick_middle(from_json(search.configuration))
    params = [dict(each.params) if each.params else middle[each.number % len(middle)] for each in left]
    label_set = read_label_set(connection, current_parts().settings.label_set)
    judged = judge(connection, label_set, params)
    return {"estimated_seconds": judged.seconds, "estimate": judged.words}


@searches.errorhandler(ConfigurationError)
def refuse_configuration(refused: ConfigurationError) -> Response:
    """Tell every fault of a configuration by the name its sender wrote."""
    prefix = () if g.get("is_bare") else ("configuration",)
    faults = [
        InitErrorDetails(
            type=PydanticCustomError("configuration", "{words}", {"words": fault.words}),
            loc=(*prefix, fault.name),
            input=None,
        )
        for fault in refused.faults
    ]
    return problem_response(problem_of_validation(ValidationError.from_exception_data("configuration", faults)))


def _find_origin() -> Origin:
    return Origin(g.request_id, current_parts().tracing.find_parent())


def _accepted(key: UUID, **facts: Any) -> Response:
    response = jsonify(key=str(key), **facts)
    response.status_code = 202
    response.headers["Location"] = url_for("searches.show_search", key=key)
    return response
