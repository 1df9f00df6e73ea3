"""GET /models/live: what every page needs to know. GET /models: all versions, for operators."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Row

from doodle_db.deletions import find_needs
from doodle_db.model_list import MAX_LISTED, list_models, parse_model_place
from doodle_db.model_registry import find_live
from doodle_web.context import current_context
from doodle_web.operator_auth import operator_only
from model_server.page_limit import read_limit
from model_server.parts import current_parts

models = Blueprint("models", __name__)


@models.get("/models/live")
def show_live() -> Response:
    """Show the live deployment, its manifest and its shadow; 304 to whoever has it already."""
    with current_context().engine.connect() as connection:
        live = current_parts().live_model.read(connection)
    response = jsonify(
        deployment=live.deployment.deployment,
        version=live.deployment.version,
        base_url=f"/models/{live.deployment.version}/",
        deployed_at=live.deployment.created_at.isoformat(),
        manifest=live.manifest,
        shadow=live.shadow and {"version": live.shadow.version, "base_url": f"/models/{live.shadow.version}/"},
    )
    response.set_etag(live.tag)
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


@models.get("/models")
@operator_only
def list_versions() -> Response:
    """List the versions, the live one first, then newest first."""
    limit = read_limit(default=MAX_LISTED, at_most=MAX_LISTED)
    cursor = request.args.get("cursor")
    after = parse_model_place(cursor, "cursor") if cursor is not None else None
    with current_context().engine.connect() as connection:
        live = find_live(connection)
        needs = find_needs(connection)
        rows, following = list_models(connection, at_most=limit, after=after)
    live_version = live.version if live else None
    listed = [_as_json(row, live_version, needs.get(row.version)) for row in rows]
    return jsonify(models=listed, next=str(following) if following else None)


def _as_json(row: Row[Any], live_version: str | None, needed_for: str | None) -> dict[str, Any]:
    manifest = row.manifest
    verdict = row.verdict and {name: row.verdict[name] for name in ("outcome", "summary")}
    return {
        "version": row.version,
        "live": row.version == live_version,
        "network": manifest["network"],
        "num_parameters": manifest["num_parameters"],
        "label_set": row.label_set,
        "labels": [label["name"] for label in manifest["labels"]],
        "parent_version": row.parent_version,
        "run": str(row.run) if row.run else None,
        "metrics": manifest["metrics"],
        "verdict": verdict,
        "files": [{name: file[name] for name in ("role", "path", "size_bytes")} for file in manifest["files"]],
        "needed_for": needed_for,
        "created_at": row.created_at.isoformat(),
    }
