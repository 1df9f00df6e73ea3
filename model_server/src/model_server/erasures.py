"""GET /contributors/<name>, GET and POST /erasures: everything of a contributor goes, and what stays is named."""

from typing import Annotated, Any

from flask import Blueprint, Response, g, jsonify
from pydantic import Field, StringConstraints
from sqlalchemy import Connection, Row

from doodle_db.erasures import begin_erasure, find_contributors, find_erasure, list_erasures, list_holding_runs
from doodle_db.errors import UnknownContributorError, UnknownErasureError
from doodle_web.context import current_context
from doodle_web.operator_auth import operator_only
from doodle_web.request_body import Body, Reason, read_body
from model_server.parts import current_parts

erasures = Blueprint("erasures", __name__)


class ErasureBody(Body):
    """Who is to be erased."""

    contributor: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,64}$")]
    confirm: Annotated[int, Field(ge=0, le=1_000_000_000)]
    reason: Reason


@erasures.get("/contributors/<contributor>")
@operator_only
def show_contributors(contributor: str) -> Response:
    """Show who is called so, and what would go; several contributors may share eight digits."""
    with current_context().engine.connect() as connection:
        found = find_contributors(connection, contributor)
    if not found:
        raise UnknownContributorError(field="contributor")
    return jsonify(
        contributors=[
            {
                "contributor": each.name,
                "num_doodles": each.num_doodles,
                "first_at": each.first_at.isoformat(),
                "last_at": each.last_at.isoformat(),
                "versions": list(each.versions),
            }
            for each in found
        ]
    )


@erasures.get("/erasures")
@operator_only
def show_erasures() -> Response:
    """List what was ordered, newest first; nothing tells of whom."""
    with current_context().engine.connect() as connection:
        return jsonify(erasures=[_as_json(connection, row) for row in list_erasures(connection)])


@erasures.get("/erasures/<int:erasure>")
@operator_only
def show_erasure(erasure: int) -> Response:
    """Show how far one is."""
    with current_context().engine.connect() as connection:
        row = find_erasure(connection, erasure)
        if row is None:
            raise UnknownErasureError(field="erasure")
        return jsonify(_as_json(connection, row))


@erasures.post("/erasures")
@operator_only
def order() -> tuple[Response, int]:
    """Order that a contributor is erased; it is begun at once, and gone on with whatever stops it."""
    body = read_body(ErasureBody)
    with current_context().engine.begin() as connection:
        row = begin_erasure(
            connection, body.contributor, num_doodles=body.confirm, operator=g.operator, reason=body.reason
        )
        answer = _as_json(connection, row)
    current_parts().eraser.wake()
    response = jsonify(answer)
    response.headers["Location"] = f"/api/v1/erasures/{row.erasure}"
    return response, 202


def _as_json(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    is_open = row.finished_at is None
    return {
        "erasure": row.erasure,
        "state": "open" if is_open else "finished",
        "num_doodles": row.num_doodles,
        "num_pictures": row.num_pictures,
        "versions": row.versions,
        "waits_for": [str(each) for each in list_holding_runs(connection, row)] if is_open else [],
        "operator": row.operator,
        "reason": row.reason,
        "created_at": row.created_at.isoformat(),
        "finished_at": row.finished_at.isoformat() if row.finished_at else None,
    }
