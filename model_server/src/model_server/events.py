"""GET /events: the page hears of a deployment while it happens, an operator also of runs."""

import socket
from collections.abc import Callable
from contextlib import suppress

from flask import Blueprint, Response, request
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.labels import read_label_set
from doodle_db.model_registry import find_live
from doodle_db.shadows import find_shadow
from doodle_web.context import current_context
from doodle_web.operator_auth import find_operator
from doodle_web.problems import Problem, problem_response
from model_server.event_messages import Message, deployment_message, labels_message, shadow_message
from model_server.label_list import fingerprint_of
from model_server.parts import current_parts

events = Blueprint("events", __name__)


@events.get("/events")
def open_stream() -> Response:
    """Open a stream; its first messages say what is live now, and what there is to draw."""
    if request.method == "HEAD":
        # Its body is never read, so a stream would never be left.
        return _as_stream(Response())
    streams = current_parts().streams
    stream = streams.open(is_operator=find_operator() is not None, hang_up=_find_hang_up())
    if stream is None:
        words = "Too many event streams are open here; ask for models/live now and then instead, and try again later."
        return problem_response(Problem(503, words, headers={"Retry-After": "10"}))
    try:
        # Read after the stream was opened: what happens in between is heard twice rather than not at all.
        first = read_present()
    except SQLAlchemyError:
        streams.leave(stream)
        raise
    response = Response(streams.follow(stream, first))
    response.call_on_close(lambda: streams.leave(stream))
    return _as_stream(response)


def _as_stream(response: Response) -> Response:
    response.content_type = "text/event-stream"
    # Neither a cache nor a proxy may keep a message back.
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def read_present() -> Message:
    """Read which labels there are now, what is live if anything is, and its shadow if it has one."""
    with current_context().engine.connect() as connection:
        live = find_live(connection)
        shadow = find_shadow(connection)
        label_set = read_label_set(connection, current_parts().settings.label_set)
    labels = labels_message(fingerprint_of(label_set))
    if live is None:
        return labels
    deployment = deployment_message(live.deployment, live.version)
    beside = shadow_message(shadow.version).text if shadow else b""
    return Message(deployment.text + beside + labels.text, deployment.number)


def _find_hang_up() -> Callable[[], None]:
    """Give what cuts the request's connection; under a test client there is none to cut."""
    connection: socket.socket | None = request.environ.get("gunicorn.socket")

    def hang_up() -> None:
        if connection is not None:
            # It may have been cut already.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    return hang_up
