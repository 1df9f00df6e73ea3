"""GET /doodles and /doodles/<id>: what users have drawn, for operators."""

import base64
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Row

from doodle_db.contributors import name_contributor
from doodle_db.gallery import get_doodle, list_doodles, list_history
from doodle_db.gallery_place import parse_place
from doodle_db.labels import read_label_set
from doodle_web.context import current_context
from doodle_web.operator_auth import operator_only
from model_server.gallery_query import read_filter
from model_server.page_limit import read_limit
from model_server.parts import current_parts

gallery = Blueprint("gallery", __name__)

DEFAULT_PAGE = 50
MAX_PAGE = 200


@gallery.get("/doodles")
@operator_only
def show_page() -> Response:
    """Show a page of doodles, newest first; one with few or none of many is followed by others all the same."""
    after = request.args.get("after")
    place = None if after is None else parse_place(after)
    num = read_limit(DEFAULT_PAGE, MAX_PAGE)
    with current_context().engine.connect() as connection:
        label_set = read_label_set(connection, current_parts().settings.label_set)
        rows, following = list_doodles(connection, read_filter(request.args, label_set), num, place)
    return jsonify(doodles=[_as_json(row) for row in rows], next=str(following) if following else None)


@gallery.get("/doodles/<uuid:doodle_id>")
@operator_only
def show_doodle(doodle_id: UUID) -> Response:
    """Show one doodle: with its strokes, in the order they were drawn, and what was decided about it."""
    with current_context().engine.connect() as connection:
        row = get_doodle(connection, doodle_id)
        history = list_history(connection, doodle_id)
    decisions = [
        {
            "action": each.action,
            "label": each.label,
            "status": each.status,
            "reason": each.reason,
            "operator": each.operator,
            "reviewed_at": each.reviewed_at.isoformat(),
        }
        for each in history
    ]
    return jsonify(**_as_json(row), strokes=row.strokes, history=decisions)


def _as_json(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "label": row.label,
        "status": row.status,
        "bitmap": base64.b64encode(row.bitmap).decode(),
        "height": row.height,
        "width": row.width,
        "has_strokes": row.has_strokes,
        "guess": row.guess,
        "confidence": row.confidence,
        "model_version": row.model_version,
        "split": row.split,
        "contributor": name_contributor(row.contributor),
        "created_at": row.created_at.isoformat(),
        "screening": _screening_as_json(row),
        "review": review_as_json(row),
    }


def _screening_as_json(row: Row[Any]) -> dict[str, Any] | None:
    """Tell why a run has left it out; what an operator has picked, none has."""
    if row.reason is None or row.reason == "operator":
        return None
    return {"reason": row.reason, "words": row.words, "suggestion": row.suggestion}


def review_as_json(row: Row[Any]) -> dict[str, Any] | None:
    """Describe the decision that stands; None if none does."""
    if row.action is None:
        return None
    return {
        "action": row.action,
        "label": row.label,
        "label_before": row.label_before,
        "reason": row.review_reason,
        "operator": row.operator,
        "reviewed_at": row.reviewed_at.isoformat(),
    }
