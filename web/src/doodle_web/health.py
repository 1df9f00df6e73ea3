"""/healthz: the process answers. /readyz: it could do its work, because what it needs answers too."""

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.migrate import is_migrated
from doodle_web.context import current_context
from doodle_web.error_pages import is_outage, outage_problem
from doodle_web.problems import Problem, problem_response


def health_blueprint() -> Blueprint:
    """Make the two routes."""
    blueprint = Blueprint("health", __name__)
    blueprint.add_url_rule("/healthz", view_func=show_health)
    blueprint.add_url_rule("/readyz", view_func=show_readiness)
    return blueprint


def show_health() -> Response:
    """Say that the process answers; asks nobody else."""
    return _uncached(jsonify(status="alive"))


def show_readiness() -> Response:
    """Say whether the database answers and has the schema this code expects."""
    try:
        with current_context().engine.connect() as connection:
            migrated = is_migrated(connection)
    except SQLAlchemyError as error:
        if not is_outage(error):
            raise
        return problem_response(outage_problem())
    if not migrated:
        return problem_response(Problem(503, "The database lacks the schema this version expects; run the migrations."))
    return _uncached(jsonify(status="ready"))


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
