"""/session: a one-time code becomes a browser's cookie."""

import secrets
from typing import Annotated

from flask import Blueprint, Response, g, jsonify, request
from pydantic import StringConstraints

from doodle_db.operators import COOKIE_LIFETIME, end_session, redeem_code
from doodle_web.context import current_context
from doodle_web.operator_auth import COOKIE_NAME, COOKIE_PATH, MAX_SECRET_CHARACTERS, operator_only
from doodle_web.problems import FieldError, Problem, problem_response
from doodle_web.request_body import Body, read_body

sessions = Blueprint("sessions", __name__)

COOKIE_BYTES = 32


class CodeBody(Body):
    """A one-time code, as it stood in the sign-in link."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=MAX_SECRET_CHARACTERS)]


@sessions.post("/session")
def sign_in() -> Response:
    """Use up a one-time code and set the cookie."""
    body = read_body(CodeBody)
    cookie = secrets.token_urlsafe(COOKIE_BYTES)
    context = current_context()
    with context.engine.begin() as connection:
        operator = redeem_code(connection, body.code, cookie, context.clock())
    if operator is None:
        words = "The code is unknown, used or too old; ask for a new sign-in link with `doodle sign-in`."
        return problem_response(Problem(401, words, errors=[FieldError("code", words)]))
    response = Response(status=204)
    response.set_cookie(
        COOKIE_NAME,
        cookie,
        max_age=COOKIE_LIFETIME,
        path=COOKIE_PATH,
        httponly=True,
        samesite="Strict",
        # Over plain http, in a home's own network, a browser would drop a cookie marked as secure.
        secure=request.is_secure,
    )
    return response


@sessions.get("/session")
@operator_only
def show_session() -> Response:
    """Say who is signed in."""
    return jsonify(operator=g.operator)


@sessions.delete("/session")
@operator_only
def sign_out() -> Response:
    """Forget the browser's cookie, here and there."""
    cookie = request.cookies.get(COOKIE_NAME)
    if cookie is not None:
        with current_context().engine.begin() as connection:
            end_session(connection, cookie)
    response = Response(status=204)
    response.delete_cookie(COOKIE_NAME, path=COOKIE_PATH, httponly=True, samesite="Strict")
    return response
