"""What a run has told so far, over HTTP: its curve, its epochs, its log."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify
from sqlalchemy import Row

from doodle_db.run_log import read_log
from doodle_db.run_progress import read_epochs, read_points
from doodle_db.runs import get_run
from doodle_web.operator_auth import operator_only
from doodle_web.request_body import read_query
from training_server.parts import current_parts
from training_server.run_query import AfterQuery

run_history = Blueprint("run_history", __name__)


@run_history.get("/train/<uuid:key>/curve")
@operator_only
def show_curve(key: UUID) -> Response:
    """Show how a run's training went: a point every few steps, and every epoch."""
    query = read_query(AfterQuery)
    with current_parts().engine.connect() as connection:
        get_run(connection, key)
        points = [vars(point) for point in read_points(connection, key, query.after)]
        return jsonify(points=points, epochs=read_epochs(connection, key))


@run_history.get("/train/<uuid:key>/log")
@operator_only
def show_log(key: UUID) -> Response:
    """Show what a run's workers told, line by line."""
    query = read_query(AfterQuery)
    with current_parts().engine.connect() as connection:
        get_run(connection, key)
        lines = [line_as_json(line) for line in read_log(connection, key, query.after)]
    return jsonify(lines=lines, next=lines[-1]["line"] if lines else query.after)


def line_as_json(line: Row[Any]) -> dict[str, Any]:
    """Show a line of a log."""
    return {
        "line": line.line,
        "at": line.at.isoformat(),
        "level": line.level,
        "event": line.event,
        "fields": line.fields,
    }
