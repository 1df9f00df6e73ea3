"""Errors become answers here, in one place: ours by one table, the framework's and the unexpected ones beside it."""

import logging
from typing import Any

from flask import Flask, Response, g
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from doodle_db.errors import (
    ArtifactError,
    ConflictError,
    DoodleError,
    InvalidError,
    LabelSetError,
    ManifestError,
    NoLiveModelError,
    NotFoundError,
    SettingsError,
)
from doodle_web.problems import FieldError, Problem, problem_response, problem_type

logger = logging.getLogger(__name__)

STATUS_OF: dict[type[DoodleError], int] = {
    NotFoundError: 404,
    ConflictError: 409,
    InvalidError: 422,
    # There will be one as soon as somebody deploys a version: worth asking again.
    NoLiveModelError: 503,
    # Of none of the families, or about what we stored ourselves: no client can mend that.
    DoodleError: 500,
    ArtifactError: 500,
    LabelSetError: 500,
    ManifestError: 500,
    SettingsError: 500,
}
"""The nearest class in an error's family decides."""

RETRY_AFTER_SECONDS = 2
MAX_FIELD_ERRORS = 20
"""Enough to mend a payload; a batch with ten thousand wrong numbers needs no list of them."""


def register_error_pages(app: Flask) -> None:
    """Let every error of an app's routes become a problem."""
    app.register_error_handler(DoodleError, lambda error: problem_response(problem_of_ours(error)))
    app.register_error_handler(ValidationError, lambda error: problem_response(problem_of_validation(error)))
    app.register_error_handler(SQLAlchemyError, _answer_database_error)
    app.register_error_handler(HTTPException, lambda error: problem_response(problem_of_http(error)))
    app.register_error_handler(Exception, _answer_unexpected)


def problem_of_ours(error: DoodleError) -> Problem:
    """Translate an error of doodle_db by the table."""
    status = next(STATUS_OF[family] for family in type(error).__mro__ if family in STATUS_OF)
    if status == 500:
        return _unexpected(error)
    errors = [FieldError(error.field, str(error))] if error.field else []
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 503 else {}
    return Problem(status, str(error), problem_type(type(error)), errors, headers)


def problem_of_validation(error: ValidationError) -> Problem:
    """Translate a payload's faults, each with the field's name as its sender wrote it."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    errors = [FieldError(field_name(fault["loc"]), fault["msg"]) for fault in faults[:MAX_FIELD_ERRORS]]
    left_out = f" The first {MAX_FIELD_ERRORS} are listed." if len(faults) > MAX_FIELD_ERRORS else ""
    counted = "1 field is" if len(faults) == 1 else f"{len(faults)} fields are"
    return Problem(422, f"{counted} not as expected; see errors.{left_out}", errors=errors)


def field_name(location: tuple[int | str, ...]) -> str:
    """
    Write a place in a payload as its sender would.

    >>> field_name(("doodles", 3, "label")), field_name(())
    ('doodles[3].label', 'body')
    """
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return name.removeprefix(".") or "body"


def problem_of_http(error: HTTPException) -> Problem:
    """Translate what the framework refuses: unknown route or method, body too large, ..."""
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return Problem(error.code or 500, error.description or error.name, headers=headers)


def is_outage(error: SQLAlchemyError) -> bool:
    """Tell whether the database could not be asked, now; otherwise the question was wrong."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, OperationalError | InterfaceError | PoolTimeoutError)


def outage_problem() -> Problem:
    """Say that the database does not answer, and when to ask again."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return Problem(503, "The database does not answer; nothing was stored. Try again in a moment.", headers=headers)


def _answer_database_error(error: SQLAlchemyError) -> Response:
    if not is_outage(error):
        return _answer_unexpected(error)
    # The class only: the message repeats the statement, and every request of an outage would.
    logger.error("database_unreachable", extra={"fields": {"error": type(error).__name__}})
    return problem_response(outage_problem())


def _answer_unexpected(error: Exception) -> Response:
    return problem_response(_unexpected(error))


def _unexpected(error: Exception) -> Problem:
    request_id: Any = g.get("request_id")
    logger.error("request_failed", exc_info=error)
    detail = "Something went wrong on our side; the log has it under this request's id."
    return Problem(500, detail, extra={"request_id": request_id})
