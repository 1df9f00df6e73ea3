"""Workers over HTTP: who trains, where, whether they are still there; and asking them to end."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, jsonify
from sqlalchemy import Connection, Row

from doodle_db.sent_runs import count_sent, explain_waiting, read_progress
from doodle_db.workers import Wish, ask_worker, find_worker, list_workers, state_of
from doodle_web.operator_auth import operator_only
from doodle_web.request_body import Body, read_body
from training_server.clock import read_time
from training_server.parts import current_parts

workers = Blueprint("workers", __name__)


class NoFields(Body):
    """Asking a worker to end says all in the address."""


@workers.get("/workers")
@operator_only
def show_workers() -> Response:
    """List the workers heard within the last day by name."""
    with current_parts().engine.connect() as connection:
        listed = list_workers(connection)
        return jsonify(workers=describe_workers(connection, listed))


@workers.post("/workers/<name>/drain")
@operator_only
def drain_worker(name: str) -> Response:
    """Ask a worker to finish its run and then end."""
    return _ask(name, "drain")


@workers.post("/workers/<name>/stop")
@operator_only
def stop_worker(name: str) -> Response:
    """Ask a worker to give its run back to the queue and end."""
    return _ask(name, "stop")


def _ask(name: str, wish: Wish) -> Response:
    read_body(NoFields)
    with current_parts().engine.begin() as connection:
        worker = ask_worker(connection, name, wish, actor=g.operator, now=read_time(connection))
        (shown,) = describe_workers(connection, [worker])
    response = jsonify(shown)
    response.status_code = 202
    return response


def describe_workers(connection: Connection, listed: list[Row[Any]]) -> list[dict[str, Any]]:
    """Show workers as the API does, with how far their runs are and how many wait for them."""
    now = read_time(connection)
    progress, num_sent = read_progress(connection), count_sent(connection)
    return [
        {**worker_as_json(worker, now), "progress": progress.get(worker.run), "num_sent": num_sent.get(worker.name, 0)}
        for worker in listed
    ]


def worker_as_json(worker: Row[Any], now: datetime) -> dict[str, Any]:
    """Show a worker's row; one that fell silent without a farewell is `lost`."""
    silence = now - worker.heartbeat_at
    return {
        "name": worker.name,
        "host": worker.host,
        "device": worker.device,
        "gpu": worker.gpu,
        "num_cores": worker.num_cores,
        "version": worker.version,
        "state": state_of(worker.state, silence),
        "run": str(worker.run) if worker.run else None,
        "asked_to": worker.asked_to,
        "asked_by": worker.asked_by,
        "asked_at": worker.asked_at.isoformat() if worker.asked_at else None,
        "started_at": worker.started_at.isoformat(),
        "heartbeat_at": worker.heartbeat_at.isoformat(),
        "silent_seconds": round(max(0.0, silence.total_seconds()), 1),
    }


def explain_run(connection: Connection, run: Row[Any]) -> str | None:
    """Say why a run that was sent to a worker waits; None if nothing keeps it, or it does not wait."""
    if run.state != "waiting" or run.sent_to is None:
        return None
    worker = find_worker(connection, run.sent_to)
    if worker is None:
        return explain_waiting(run.sent_to, "lost", None)
    state = state_of(worker.state, read_time(connection) - worker.heartbeat_at)
    return explain_waiting(worker.name, state, worker.asked_to)
