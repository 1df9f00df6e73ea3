"""One id for one request, from the proxy's log to ours to the answer's header."""

import re
from uuid import uuid4

from flask import Flask, Response, g, request

from doodle_web.json_logs import pop_fields, push_fields

HEADER = "X-Request-Id"
WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")


def choose_request_id(offered: str | None, fresh: str) -> str:
    """
    Take over the id a request came with, if it may stand in a log line.

    Args:
        offered: the request's header.
        fresh: a new one, for a request without.

    >>> choose_request_id("0123456789abcdef", "fresh"), choose_request_id("two\\nlines", "fresh")
    ('0123456789abcdef', 'fresh')
    """
    return offered if offered is not None and WELL_FORMED.fullmatch(offered) else fresh


def register_request_id(app: Flask) -> None:
    """Give every request an id: in `flask.g.request_id`, in each of its log lines and in the answer."""
    app.before_request(_begin)
    app.after_request(_tell)
    app.teardown_request(_end)


def _begin() -> None:
    g.request_id = choose_request_id(request.headers.get(HEADER), uuid4().hex)
    g.log_fields = push_fields(request_id=g.request_id)


def _tell(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    return response


def _end(_error: BaseException | None) -> None:
    token = g.pop("log_fields", None)
    if token is not None:
        pop_fields(token)
