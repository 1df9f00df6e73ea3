"""Runs over HTTP: order one, watch it, stop it; and the internal question whether it is time for one."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, g, jsonify, url_for
from sqlalchemy import Connection, Row

from doodle_db.model_registry import find_live, get_manifest
from doodle_db.run_json import run_as_json
from doodle_db.run_orders import Origin, RunOrder
from doodle_db.run_reports import get_report
from doodle_db.runs import cancel_run, get_run, list_runs
from doodle_web.operator_auth import operator_only
from doodle_web.request_body import read_body
from training_server.clock import read_time
from training_server.lineage import derive_definition
from training_server.order import TrainOrder
from training_server.parts import current_parts
from training_server.trigger import ask_for_training, order_training
from training_server.workers import explain_run

NUM_LISTED = 50

runs = Blueprint("runs", __name__)
internal = Blueprint("internal", __name__)


@runs.post("/train")
@operator_only
def order_run() -> Response:
    """Queue a run, however few doodles are new; one that waits already is the answer, too."""
    parts, order = current_parts(), read_body(TrainOrder)
    _check_network_args(order.network_args)
    request = RunOrder(
        "operator", g.operator, order.reason, order.arguments(), origin=_find_origin(), sent_to=order.worker
    )
    queued = order_training(parts.engine, parts.queue, uuid4(), request, parts.settings.label_set)
    response = _accepted(queued.key, "waiting", **_describe_destination(queued.key))
    response.headers["Location"] = url_for("runs.show_run", key=queued.key)
    return response


@runs.get("/train")
@operator_only
def show_runs() -> Response:
    """List the newest runs."""
    with current_parts().engine.connect() as connection:
        newest = list_runs(connection, at_most=NUM_LISTED)
        return jsonify(runs=[_describe_run(connection, run) for run in newest])


@runs.get("/train/<uuid:key>")
@operator_only
def show_run(key: UUID) -> Response:
    """Show a run, with its progress or its verdict, and why it waits if its worker is not there."""
    with current_parts().engine.connect() as connection:
        return jsonify(_describe_run(connection, get_run(connection, key)))


@runs.get("/train/<uuid:key>/report")
@operator_only
def show_report(key: UUID) -> Response:
    """Show a run's report, as far as the run has come."""
    with current_parts().engine.connect() as connection:
        return jsonify(get_report(connection, key))


@runs.delete("/train/<uuid:key>")
@operator_only
def stop_run(key: UUID) -> Response:
    """Ask a run to stop; one that waits has ended by that, one that is running stops at its next step."""
    with current_parts().engine.begin() as connection:
        state = cancel_run(connection, key, read_time(connection))
    return _accepted(key, state)


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


def _check_network_args(network_args: dict[str, Any]) -> None:
    """Refuse arguments the live version's network does not take, before a worker finds out."""
    with current_parts().engine.connect() as connection:
        live = find_live(connection)
        if live is not None:
            derive_definition(get_manifest(connection, live.version), network_args)


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
