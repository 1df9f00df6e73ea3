"""GET /doodles: what users have drawn, for operators."""

import base64
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Row

from doodle_db.gallery import list_doodles, parse_place
from doodle_db.labels import read_label_set
from doodle_web.context import current_context
from doodle_web.operator_auth import operator_only
from model_server.page_limit import read_limit
from model_server.parts import current_parts

gallery = Blueprint("gallery", __name__)

DEFAULT_PAGE = 50
MAX_PAGE = 200


@gallery.get("/doodles")
@operator_only
def show_page() -> Response:
    """Show a page of accepted doodles, newest first."""
    label, after = request.args.get("label"), request.args.get("after")
    place = None if after is None else parse_place(after)
    with current_context().engine.connect() as connection:
        label_set = read_label_set(connection, current_parts().settings.label_set)
        if label is not None:
            label_set.check_label(label)
        labels = label_set.names if label is None else (label,)
        rows, following = list_doodles(connection, labels, read_limit(DEFAULT_PAGE, MAX_PAGE), place)
    return jsonify(doodles=[_as_json(row) for row in rows], next=str(following) if following else None)


def _as_json(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "label": row.label,
        "bitmap": base64.b64encode(row.bitmap).decode(),
        "height": row.height,
        "width": row.width,
        "guess": row.guess,
        "confidence": row.confidence,
        "model_version": row.model_version,
        "split": row.split,
        "created_at": row.created_at.isoformat(),
    }
