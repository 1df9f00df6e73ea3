"""Workers over HTTP: who trains, where, and whether they are still there."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import Row

from doodle_db.standing import state_of
from doodle_db.workers import list_workers
from doodle_web.operator_auth import operator_only
from training_server.clock import read_time
from training_server.parts import current_parts

workers = Blueprint("workers", __name__)


@workers.get("/workers")
@operator_only
def show_workers() -> Response:
    """List all workers by name."""
    with current_parts().engine.connect() as connection:
        now = read_time(connection)
        return jsonify(workers=[worker_as_json(worker, now) for worker in list_workers(connection)])


def worker_as_json(worker: Row[Any], now: datetime) -> dict[str, Any]:
    """Show a worker as the API does; one that fell silent without a farewell is `lost`."""
    return {
        "name": worker.name,
        "host": worker.host,
        "device": worker.device,
        "num_cores": worker.num_cores,
        "state": state_of(worker.state, now - worker.heartbeat_at),
        "run": str(worker.run) if worker.run else None,
        "started_at": worker.started_at.isoformat(),
        "heartbeat_at": worker.heartbeat_at.isoformat(),
    }
