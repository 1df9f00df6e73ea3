"""Problem details (RFC 9457): how both services say what went wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify

MEDIA_TYPE = "application/problem+json"
NO_TYPE = "about:blank"
"""RFC 9457: the problem is what its status says, nothing more special."""


@dataclass(frozen=True)
class FieldError:
    """
    One input at fault.

    Attributes:
        field: as its sender knows it: `doodles[3].label`.
        detail: what was expected.
    """

    field: str
    detail: str


@dataclass(frozen=True)
class Problem:
    """
    One refusal or failure.

    Attributes:
        status: of HTTP.
        detail: what happened, what was expected, what to do.
        type: tells programs this kind of problem from others of the same status.
        errors: the inputs at fault.
        headers: further headers of the answer.
        extra: further members of the JSON.
    """

    status: int
    detail: str
    type: str = NO_TYPE
    errors: Sequence[FieldError] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


def problem_type(error: type[Exception]) -> str:
    """
    Name a kind of problem after our error's class.

    >>> class UnknownDoodleError(Exception): pass
    >>> problem_type(UnknownDoodleError)
    'urn:doodle-loop:problem:unknown-doodle'
    """
    words = re.findall(r"[A-Z][a-z]*", error.__name__.removesuffix("Error"))
    return "urn:doodle-loop:problem:" + "-".join(word.lower() for word in words)


def problem_response(problem: Problem) -> Response:
    """Answer a request with a problem."""
    response = jsonify(
        type=problem.type,
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        errors=[{"field": error.field, "detail": error.detail} for error in problem.errors],
        **problem.extra,
    )
    response.status_code = problem.status
    response.content_type = MEDIA_TYPE
    response.headers.update(problem.headers)
    return response
