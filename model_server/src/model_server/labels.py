"""GET, POST and DELETE /labels: what there is to draw, an operator's additions to it, and how others drew it."""

from base64 import b64encode
from typing import Annotated, Any
from uuid import uuid4

from flask import Blueprint, Response, g, jsonify, request
from pydantic import Field
from sqlalchemy import Connection

from doodle_db.errors import UnknownDrawnLabelError
from doodle_db.label_sets import Label, LabelSet
from doodle_db.labels import add_label, list_added, read_label_set, withdraw_label
from doodle_db.public_drawings import sample_drawings
from doodle_web.context import current_context
from doodle_web.operator_auth import operator_only
from doodle_web.request_body import Body, read_body
from model_server.doodles import find_contributor
from model_server.label_list import fingerprint_of
from model_server.page_limit import read_limit
from model_server.parts import current_parts

labels = Blueprint("labels", __name__)

DRAWINGS = 12
MAX_DRAWINGS = 24

Text = Annotated[str, Field(max_length=200)]
"""What doodle_db.label_rules says in words about much shorter texts need not quote a longer one."""


class NewLabelBody(Body):
    """A label to add."""

    name: Text
    prompt: Text
    emoji: Text


@labels.get("/labels")
def show_labels() -> Response:
    """List the labels there are to draw, the label set's own ones first; the answer to a known ETag is 304."""
    shipped = current_parts().settings.label_set
    with current_context().engine.connect() as connection:
        present = read_label_set(connection, shipped)
        response = jsonify(_as_json(connection, shipped, present))
    response.set_etag(fingerprint_of(present))
    # Always asked for anew: it changes when an operator says so.
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


def _as_json(connection: Connection, shipped: LabelSet, present: LabelSet) -> dict[str, Any]:
    added_at = {each.label.name: each.created_at.isoformat() for each in list_added(connection, shipped)}
    return {
        "label_set": present.name,
        "labels": [
            {"name": each.name, "prompt": each.prompt, "emoji": each.emoji, "added_at": added_at.get(each.name)}
            for each in present.labels
        ],
    }


@labels.get("/labels/<name>/drawings")
def show_drawings(name: str) -> Response:
    """Show how others drew a label: some drawings by chance, and nothing about who made them."""
    num = read_limit(DRAWINGS, at_most=MAX_DRAWINGS)
    label_set = current_parts().labels.current
    if name not in label_set.names and name not in (label_set := current_parts().labels.refresh()).names:
        raise UnknownDrawnLabelError(field="name")
    with current_context().engine.connect() as connection:
        bitmaps = sample_drawings(connection, label_set, name, num, uuid4(), besides=find_contributor())
    response = jsonify(label=name, drawings=[{"bitmap": b64encode(each).decode()} for each in bitmaps])
    # Whose drawings are left out depends on who asks.
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


@labels.post("/labels")
@operator_only
def add() -> tuple[Response, int]:
    """Add a label; 200 if the very same was added before."""
    body = read_body(NewLabelBody)
    label = Label(body.name, body.prompt, body.emoji)
    with current_context().engine.begin() as connection:
        outcome = add_label(connection, current_parts().settings.label_set, label, actor=g.operator)
    return jsonify(name=label.name, outcome=outcome), 201 if outcome == "added" else 200


@labels.delete("/labels/<name>")
@operator_only
def withdraw(name: str) -> tuple[str, int]:
    """Withdraw a label that was added and that no version knows yet."""
    with current_context().engine.begin() as connection:
        withdraw_label(connection, current_parts().settings.label_set, name)
    return "", 204
