"""/session: an operator's token gets a one-time code, and the code becomes a browser's cookie."""

import secrets
from typing import Annotated

from flask import Blueprint, Response, g, jsonify, request
from pydantic import StringConstraints

from doodle_db.operators import CODE_LIFETIME, COOKIE_LIFETIME, end_session, issue_code, redeem_code
from doodle_web.context import current_context
from doodle_web.operator_auth import COOKIE_NAME, COOKIE_PATH, MAX_SECRET_CHARACTERS, has_token, operator_only
from doodle_web.problems import FieldError, Problem, problem_response
from doodle_web.request_body import Body, read_body

sessions = Blueprint("sessions", __name__)

SECRET_BYTES = 32
"""Of a cookie and of a code."""


class CodeBody(Body):
    """A one-time code, as it stood in the sign-in link."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=MAX_SECRET_CHARACTERS)]


@sessions.post("/session")
def sign_in() -> Response:
    """Use up a one-time code and set the cookie."""
    body = read_body(CodeBody)
    cookie = secrets.token_urlsafe(SECRET_BYTES)
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


@sessions.post("/session/codes")
@operator_only
def issue() -> Response:
    """Give a one-time code to a program with a token; a browser's cookie is to get no successor by itself."""
    if not has_token():
        return problem_response(Problem(403, "Only an operator's token gets a code; a browser is signed in already."))
    code, context = secrets.token_urlsafe(SECRET_BYTES), current_context()
    now = context.clock()
    with context.engine.begin() as connection:
        issue_code(connection, g.operator, code, now)
    response = jsonify(code=code, expires_at=(now + CODE_LIFETIME).isoformat())
    response.status_code = 201
    response.headers["Cache-Control"] = "no-store"
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
