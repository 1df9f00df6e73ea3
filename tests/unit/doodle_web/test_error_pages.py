"""Every error becomes a problem, and none shows what is inside."""

import inspect
import logging
from http import HTTPStatus
from typing import Any, NoReturn

import pytest
from flask import Flask, request
from psycopg2 import errors as postgres_errors
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.test import TestResponse

from doodle_db import errors
from doodle_web.error_pages import MAX_FIELD_ERRORS, register_error_pages
from doodle_web.request_body import Body, read_body
from doodle_web.request_id import register_request_id


class Numbers(Body):
    """A body for these tests."""

    numbers: list[int]


def answer_to(error: Exception) -> TestResponse:
    """Let a route raise an error and give what the client sees."""

    def fail() -> NoReturn:
        raise error

    app = Flask("test")
    register_request_id(app)
    register_error_pages(app)
    app.add_url_rule("/", view_func=fail)
    return app.test_client().get("/", headers={"X-Request-Id": "0123456789"})


def json_of(answer: TestResponse) -> dict[str, Any]:
    assert answer.json is not None
    return dict(answer.json)


STATUS_OF_NAME = {
    "DoodleError": 500,
    "NotFoundError": 404,
    "UnknownLabelSetError": 404,
    "UnknownVersionError": 404,
    "UnknownDoodleError": 404,
    "UnknownRunError": 404,
    "UnknownReportError": 404,
    "NoLiveModelError": 503,
    "ConflictError": 409,
    "DoodleConflictError": 409,
    "LiveModelChangedError": 409,
    "RunEndedError": 409,
    "VersionConflictError": 409,
    "InvalidError": 422,
    "BitmapShapeError": 422,
    "BlankBitmapError": 422,
    "UnknownLabelError": 422,
    "LabelSetError": 500,
    "ManifestError": 500,
    "ArtifactError": 500,
    "SettingsError": 500,
}


OUR_ERRORS = [each for _, each in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("error", OUR_ERRORS)
def test_each_of_our_errors_has_a_status(error: type[errors.DoodleError]) -> None:
    """A new error gets its status from its family; the ones we know get the right one."""
    answer = answer_to(error("what happened", field="label"))

    family = [cls.__name__ for cls in error.__mro__ if cls.__name__ in STATUS_OF_NAME]
    assert answer.status_code == STATUS_OF_NAME[family[0]]
    assert answer.mimetype == "application/problem+json"
    assert json_of(answer)["status"] == answer.status_code


def test_our_error_names_its_field() -> None:
    """A client shows the words beside the input they are about."""
    answer = answer_to(errors.UnknownLabelError("Unknown label 'cow'.", field="doodles[3].label"))

    assert answer.json == {
        "type": "urn:doodle-loop:problem:unknown-label",
        "title": HTTPStatus(422).phrase,
        "status": 422,
        "detail": "Unknown label 'cow'.",
        "errors": [{"field": "doodles[3].label", "detail": "Unknown label 'cow'."}],
    }


@pytest.mark.parametrize("error", [KeyError("secret inside"), errors.ArtifactError("secret inside")])
def test_an_unexpected_error_shows_nothing_but_its_id(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """The client gets an id, the log has the traceback under it."""
    with caplog.at_level(logging.ERROR):
        answer = answer_to(error)

    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert json_of(answer)["request_id"] == answer.headers["X-Request-Id"] == "0123456789"
    assert "secret inside" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT", {}, postgres_errors.ConnectionException()),
        DBAPIError("SELECT", {}, Exception(), connection_invalidated=True),
        PoolTimeoutError(),
    ],
)
def test_an_outage_of_the_database_asks_to_come_again(error: Exception) -> None:
    """A page keeps a drawing that was refused for the moment and sends it later."""
    answer = answer_to(error)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_wrong_statement_is_no_outage() -> None:
    """Coming again would not help."""
    assert answer_to(ProgrammingError("SELEC", {}, Exception())).status_code == 500


@pytest.mark.parametrize(("path", "method", "status"), [("/nothing", "GET", 404), ("/", "PUT", 405)])
def test_what_the_framework_refuses_is_a_problem_too(path: str, method: str, status: int) -> None:
    """There is no HTML page among the errors."""
    app = Flask("test")
    register_error_pages(app)
    app.add_url_rule("/", view_func=lambda: "")

    answer = app.test_client().open(path, method=method)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert ("Allow" in answer.headers) == (status == 405)


def test_wrong_fields_are_named_and_counted() -> None:
    """A payload with a thousand faults gets the first few, by name, and their number."""
    app = Flask("test")
    register_error_pages(app)
    app.add_url_rule("/", methods=["POST"], view_func=lambda: str(read_body(Numbers)) + str(request.path))

    answer = app.test_client().post("/", json={"numbers": ["x"] * 1000})

    assert answer.status_code == 422
    assert len(json_of(answer)["errors"]) == MAX_FIELD_ERRORS
    assert json_of(answer)["errors"][3]["field"] == "numbers[3]"
    assert json_of(answer)["detail"].startswith("1000 fields are not as expected")
