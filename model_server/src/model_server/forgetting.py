"""POST /doodles/forget: who drew a doodle takes it back, by its id."""

from typing import Annotated

from flask import Blueprint, Response, jsonify
from pydantic import Field

from doodle_db.forgetting import forget_doodles
from doodle_web.context import current_context
from doodle_web.request_body import Body, read_body
from model_server.doodle_body import MAX_BATCH, DoodleId
from model_server.parts import current_parts

forgetting = Blueprint("forgetting", __name__)


class ForgetBody(Body):
    """Which doodles are to be forgotten."""

    ids: Annotated[list[DoodleId], Field(min_length=1, max_length=MAX_BATCH)]


@forgetting.post("/doodles/forget")
def forget() -> Response:
    """
    Forget doodles, for ever; asked again, it answers that they are unknown and changes nothing.

    Whoever knows an id may: ids are random, and nobody but the page that drew it, and operators, is ever told one.
    """
    body = read_body(ForgetBody)
    with current_context().engine.begin() as connection:
        forgotten = forget_doodles(connection, body.ids)
    if forgotten:
        current_parts().eraser.wake()
    outcomes = [{"id": str(each), "outcome": "forgotten" if each in forgotten else "unknown"} for each in body.ids]
    return jsonify(doodles=outcomes)
