"""GET and PUT /pin: whether runs may make their candidates live by themselves, and who decided so."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, g, jsonify
from sqlalchemy import Connection

from doodle_db.pins import Pin, list_pins, set_pin
from doodle_web.context import current_context
from doodle_web.operator_auth import operator_only
from doodle_web.request_body import Body, Reason, read_body

pins = Blueprint("pins", __name__)


class PinBody(Body):
    """Whether automatic deployment is to be paused, and why."""

    pinned: bool
    reason: Reason


@pins.get("/pin")
@operator_only
def show_pin() -> Response:
    """Show whether automatic deployment is paused, and the decisions about it, newest first."""
    with current_context().engine.connect() as connection:
        return jsonify(_as_json(connection))


@pins.put("/pin")
@operator_only
def decide_pin() -> Response:
    """Pause automatic deployment, or let it go on; deciding the same again changes nothing."""
    body = read_body(PinBody)
    with current_context().engine.begin() as connection:
        set_pin(connection, body.pinned, actor=g.operator, reason=body.reason)
        return jsonify(_as_json(connection))


def _as_json(connection: Connection) -> dict[str, Any]:
    decisions = list_pins(connection)
    is_pinned = bool(decisions) and decisions[0].pinned
    return {"pinned": is_pinned, "decisions": [_decision_as_json(each) for each in decisions]}


def _decision_as_json(pin: Pin) -> dict[str, Any]:
    return {**asdict(pin), "created_at": pin.created_at.isoformat()}
