"""GET and PUT /shadow: which version open pages ask besides the live one, and how it does beside it."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, g, jsonify
from sqlalchemy import Connection

from doodle_db.manifest import Version
from doodle_db.model_registry import find_live
from doodle_db.shadow_comparison import WINDOW, ShadowComparison, read_comparison
from doodle_db.shadow_order import set_shadow
from doodle_db.shadows import ShadowDecision, list_decisions
from doodle_web.context import current_context
from doodle_web.operator_auth import operator_only
from doodle_web.request_body import Body, Reason, read_body
from model_server.parts import current_parts

shadow = Blueprint("shadow", __name__)


class ShadowBody(Body):
    """Which version is to be the shadow, none if null, and why."""

    version: Version | None
    reason: Reason


@shadow.get("/shadow")
@operator_only
def show_shadow() -> Response:
    """Show the shadow, how it does beside the live version, and the decisions about it, newest first."""
    with current_context().engine.connect() as connection:
        return jsonify(_as_json(connection))


@shadow.put("/shadow")
@operator_only
def decide_shadow() -> Response:
    """Make a version the shadow, or end it; deciding the same again changes nothing."""
    body = read_body(ShadowBody)
    label_set = current_parts().settings.label_set.name
    with current_context().engine.begin() as connection:
        set_shadow(connection, body.version, label_set=label_set, actor=g.operator, reason=body.reason)
        return jsonify(_as_json(connection))


def _as_json(connection: Connection) -> dict[str, Any]:
    decisions = list_decisions(connection)
    latest = decisions[0] if decisions and decisions[0].version else None
    live = find_live(connection)
    comparison = read_comparison(connection, latest, live.version) if latest and live else None
    return {
        "shadow": latest and _decision_as_json(latest),
        "comparison": comparison and _comparison_as_json(comparison),
        "decisions": [_decision_as_json(each) for each in decisions],
    }


def _decision_as_json(decision: ShadowDecision) -> dict[str, Any]:
    told = {name: value for name, value in asdict(decision).items() if name != "shadow"}
    return {**told, "created_at": decision.created_at.isoformat()}


def _comparison_as_json(comparison: ShadowComparison) -> dict[str, Any]:
    return {**asdict(comparison), "window": WINDOW}
