"""
Operators: a token for programs, a cookie for browsers.

A token comes in `Authorization: Bearer <token>` and nothing sends it by itself. A cookie goes along with whatever a
page of any site makes the browser send, so an unsafe request with a cookie must also come from our own pages.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Response, g, request
from sqlalchemy import Connection

from doodle_db.operators import find_operator_by_cookie, find_operator_by_token
from doodle_web.context import current_context
from doodle_web.problems import Problem, problem_response

COOKIE_NAME = "doodle_operator"
COOKIE_PATH = "/api/v1"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_SECRET_CHARACTERS = 200

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def operator_only(route: Callable[Arguments, Answer]) -> Callable[Arguments, Answer | Response]:
    """
    Let only operators use a route; their name is in `flask.g.operator`.

    Everybody else gets 401; a browser sent here by a page of another site gets 403.
    """

    @wraps(route)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer | Response:
        operator = find_operator()
        if operator is None:
            return unauthorized_response()
        if not has_token() and not is_from_our_pages():
            return problem_response(Problem(403, "Requests with a cookie must come from this site's own pages."))
        g.operator = operator
        return route(*args, **kwargs)

    guarded.is_operator_only = True  # type: ignore[attr-defined]  # a test reads it from every route
    return guarded


def find_operator() -> str | None:
    """Find which operator sends the present request; None: anybody else."""
    if not has_token() and COOKIE_NAME not in request.cookies:
        return None
    with current_context().engine.connect() as connection:
        return _find_operator(connection)


def _find_operator(connection: Connection) -> str | None:
    if has_token():
        scheme, _, token = request.headers["Authorization"].partition(" ")
        is_usable = scheme.lower() == "bearer" and 0 < len(token) <= MAX_SECRET_CHARACTERS
        return find_operator_by_token(connection, token) if is_usable else None
    cookie = request.cookies[COOKIE_NAME]
    if len(cookie) > MAX_SECRET_CHARACTERS:
        return None
    return find_operator_by_cookie(connection, cookie, current_context().clock())


def has_token() -> bool:
    """Tell whether the present request shows a token; whether it is anybody's is find_operator's to say."""
    return "Authorization" in request.headers


def unauthorized_response() -> Response:
    """Answer somebody who is no operator."""
    detail = "Only operators may do this; send Authorization: Bearer <token>, or sign in."
    return problem_response(Problem(401, detail, headers={"WWW-Authenticate": 'Bearer realm="doodle"'}))


def is_from_our_pages() -> bool:
    """Tell whether the present request can only have been made by a page of this very site, or changes nothing."""
    if request.method in SAFE_METHODS:
        return True
    return is_same_origin(request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin"), request.host)


def is_same_origin(fetch_site: str | None, origin: str | None, host: str) -> bool:
    """
    Decide whether a browser's request comes from the site it goes to.

    Args:
        fetch_site: header Sec-Fetch-Site; browsers send it over https and to localhost.
        origin: header Origin; browsers send it with every unsafe request.
        host: where the request went, with its port unless that is the scheme's own.

    >>> is_same_origin("same-origin", None, "localhost:3030")
    True
    >>> is_same_origin(None, "http://10.0.0.7:3030", "10.0.0.7:3030")
    True
    >>> is_same_origin(None, "https://elsewhere.example", "localhost:3030"), is_same_origin(None, None, "localhost")
    (False, False)
    """
    if fetch_site is not None:
        return fetch_site == "same-origin"
    try:
        return origin is not None and urlsplit(origin).netloc == host
    except ValueError:  # not even an address
        return False
