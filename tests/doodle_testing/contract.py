"""Holds every answer that a test gets against what the route says it answers."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Flask, Response, request
from pydantic import TypeAdapter, ValidationError

from doodle_web.openapi import Operation
from doodle_web.problems import MEDIA_TYPE


class BrokenContractError(AssertionError):
    """A route has answered what its operation does not say."""


def watch_answers(app: Flask, operations: Mapping[str, Operation]) -> Flask:
    """
    Let a test fail whose app answers something else than its operations say.

    Args:
        app: before its first request.
        operations: by endpoint; others are not looked at.

    Returns:
        The app.
    """

    @app.after_request
    def check(response: Response) -> Response:
        operation = operations.get(request.endpoint or "")
        if operation is not None and request.method not in {"HEAD", "OPTIONS"} and response.status_code != 405:
            _check(operation, response)
        return response

    return app


def _check(operation: Operation, response: Response) -> None:
    where = f"{request.method} {request.path}: {response.status_code}"
    if response.status_code >= 400:
        if response.mimetype != MEDIA_TYPE:
            raise BrokenContractError(f"{where} is no problem, but {response.mimetype}")
        return
    answer = operation.answers.get(response.status_code)
    if answer is None:
        raise BrokenContractError(f"{where} is none of {sorted(operation.answers)}")
    if answer.content is None:
        return
    if response.mimetype != answer.media_type:
        raise BrokenContractError(f"{where} is {response.mimetype}, not {answer.media_type}")
    try:
        adapter_of(answer.content).validate_json(response.get_data())
    except ValidationError as broken:
        raise BrokenContractError(f"{where}: {broken}") from broken


@cache
def adapter_of(content: Any) -> TypeAdapter[Any]:
    """Make what checks values of a type; making one takes milliseconds."""
    return TypeAdapter(content)
