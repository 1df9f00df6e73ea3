"""GET /models/live: what every page needs to know. GET /models: all versions, for operators."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Row

from doodle_db.model_registry import find_live, list_models
from doodle_web.context import current_context
from doodle_web.operator_auth import operator_only
from model_server.parts import current_parts

models = Blueprint("models", __name__)


@models.get("/models/live")
def show_live() -> Response:
    """Show the live deployment and its manifest; 304 to whoever has it already."""
    with current_context().engine.connect() as connection:
        live = current_parts().live_model.read(connection)
    response = jsonify(
        deployment=live.deployment.deployment,
        version=live.deployment.version,
        base_url=f"/models/{live.deployment.version}/",
        deployed_at=live.deployment.created_at.isoformat(),
        manifest=live.manifest,
    )
    response.set_etag(str(live.deployment.deployment))
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


@models.get("/models")
@operator_only
def list_versions() -> Response:
    """List the versions, newest first."""
    with current_context().engine.connect() as connection:
        live = find_live(connection)
        rows = list_models(connection)
    live_version = live.version if live else None
    return jsonify(models=[_as_json(row, live_version) for row in rows])


def _as_json(row: Row[Any], live_version: str | None) -> dict[str, Any]:
    return {
        "version": row.version,
        "live": row.version == live_version,
        "network": row.manifest["network"],
        "num_parameters": row.manifest["num_parameters"],
        "label_set": row.label_set,
        "parent_version": row.parent_version,
        "run": str(row.run) if row.run else None,
        "metrics": row.manifest["metrics"],
        "created_at": row.created_at.isoformat(),
    }
