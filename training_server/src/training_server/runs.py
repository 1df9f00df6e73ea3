"""Runs over HTTP: order one, watch it, stop it; and the internal question whether it is time for one."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, g, jsonify, url_for
from sqlalchemy import Connection, Row

from doodle_db.model_registry import find_live, get_manifest
from doodle_db.run_json import run_as_json
from doodle_db.run_list import list_page
from doodle_db.run_orders import Origin, RunOrder
from doodle_db.run_reports import get_report
from doodle_db.runs import cancel_run, get_run, has_ended, set_notes, set_priority
from doodle_web.operator_auth import operator_only
from doodle_web.problems import Problem, problem_response
from doodle_web.request_body import read_body, read_query
from training_server.clock import read_time
from training_server.errors import WaitsFullError
from training_server.order import NewPriority, Notes, TrainOrder, check_order, decide_kind
from training_server.order_form import describe_form
from training_server.parts import current_parts
from training_server.run_query import RunListQuery, RunQuery
from training_server.trigger import ask_for_training, order_training
from training_server.workers import explain_run

RETRY_AFTER_SECONDS = 2

runs = Blueprint("runs", __name__)
internal = Blueprint("internal", __name__)


@runs.post("/train")
@operator_only
def order_run() -> Response:
    """Queue a run, however few doodles are new; a delta that waits already is the answer, too."""
    parts = current_parts()
    order = _decide(read_body(TrainOrder))
    queued = order_training(parts.engine, parts.queue, uuid4(), order, parts.settings.label_set)
    response = _accepted(queued.key, "waiting", **_describe_destination(queued.key))
    response.headers["Location"] = url_for("runs.show_run", key=queued.key)
    return response


@runs.get("/train")
@operator_only
def show_runs() -> Response:
    """List runs in pages, filtered and sorted; without trials of searches, unless these are asked for."""
    query = read_query(RunListQuery)
    with current_parts().engine.connect() as connection:
        page, following = list_page(connection, query.wanted(), query.order(), query.limit, query.cursor)
        return jsonify(runs=[_describe_run(connection, run) for run in page], next=following)


@runs.get("/train/networks")
@operator_only
def show_networks() -> Response:
    """Say what may be ordered: networks with their arguments, data sets, how they may be trained."""
    return jsonify(describe_form())


@runs.get("/train/<uuid:key>")
@operator_only
def show_run(key: UUID) -> Response:
    """Show a run, with its progress or its verdict, and why it waits if its worker is not there."""
    engine = current_parts().engine

    def is_over() -> bool:
        with engine.connect() as connection:
            return has_ended(get_run(connection, key))

    current_parts().run_waits.wait(is_over, read_query(RunQuery).wait)
    with engine.connect() as connection:
        return jsonify(_describe_run(connection, get_run(connection, key)))


@runs.get("/train/<uuid:key>/report")
@operator_only
def show_report(key: UUID) -> Response:
    """Show a run's report, as far as the run has come."""
    with current_parts().engine.connect() as connection:
        return jsonify(get_report(connection, key))


@runs.put("/train/<uuid:key>/notes")
@operator_only
def write_notes(key: UUID) -> Response:
    """Write what people think of a run, in place of what stood there."""
    body = read_body(Notes)
    with current_parts().engine.begin() as connection:
        set_notes(connection, key, body.notes)
        return jsonify(_describe_run(connection, get_run(connection, key)))


@runs.put("/train/<uuid:key>/priority")
@operator_only
def change_priority(key: UUID) -> Response:
    """Let a run that waits come sooner or later."""
    parts, body = current_parts(), read_body(NewPriority)
    with parts.engine.begin() as connection:
        set_priority(connection, key, body.priority)
        parts.queue.prioritise(connection, key, body.priority)
        return jsonify(_describe_run(connection, get_run(connection, key)))


@runs.delete("/train/<uuid:key>")
@operator_only
def stop_run(key: UUID) -> Response:
    """Ask a run to stop; one that waits has ended by that, one that is running stops at its next step."""
    with current_parts().engine.begin() as connection:
        state = cancel_run(connection, key, read_time(connection))
    return _accepted(key, state)


@runs.errorhandler(WaitsFullError)
def put_off(full: WaitsFullError) -> Response:
    return problem_response(Problem(503, str(full), headers={"Retry-After": str(RETRY_AFTER_SECONDS)}))


@internal.post("/internal/trigger")
def trigger() -> Response:
    """Queue a run if enough new doodles wait; model_server asks after a store, nginx lets nobody else ask."""
    parts = current_parts()
    answer = ask_for_training(parts.engine, parts.queue, parts.settings.delta_min_doodles, uuid4(), _find_origin())
    content: dict[str, Any] = {"decision": answer.decision, "num_new": answer.num_new}
    if answer.key is not None:
        content["key"] = str(answer.key)
    return jsonify(content)


def _find_origin() -> Origin:
    """Give the present request, for the run it asks for."""
    return Origin(g.request_id, current_parts().tracing.find_parent())


def _decide(order: TrainOrder) -> RunOrder:
    """Check an order against what is live, and decide what kind of run it is."""
    with current_parts().engine.connect() as connection:
        live = find_live(connection)
        manifest = get_manifest(connection, live.version) if live else None
    live_network = manifest.network.name if manifest else None
    kind = decide_kind(order, live_network)
    check_order(order, kind, manifest)
    return RunOrder(
        trigger="operator",
        requested_by=g.operator,
        reason=order.reason,
        arguments=order.arguments(),
        kind=kind,
        dataset=order.dataset or ("new" if kind == "delta" else "all"),
        network=order.network or live_network,
        priority=order.priority,
        sent_to=order.worker,
        origin=_find_origin(),
    )


def _describe_run(connection: Connection, run: Row[Any]) -> dict[str, Any]:
    return {**run_as_json(run), "note": explain_run(connection, run)}


def _describe_destination(key: UUID) -> dict[str, Any]:
    """Say to whom a run is sent, maybe by an earlier order, and what keeps that one from taking it."""
    with current_parts().engine.connect() as connection:
        run = get_run(connection, key)
        return {"sent_to": run.sent_to, "note": explain_run(connection, run)}


def _accepted(key: UUID, state: str, **facts: Any) -> Response:
    response = jsonify(key=str(key), state=state, **facts)
    response.status_code = 202
    return response
