"""A request's id goes through everything that is said about it."""

import json
import logging
from typing import NoReturn

import pytest
from flask import Flask, g

from doodle_web.json_logs import JsonFormatter
from doodle_web.request_id import register_request_id


def show_id() -> str:
    return str(g.request_id)


def fail() -> NoReturn:
    raise ZeroDivisionError


def make_app() -> Flask:
    app = Flask("test")
    register_request_id(app)
    app.add_url_rule("/", view_func=show_id)
    app.add_url_rule("/fail", view_func=fail)
    return app


@pytest.mark.parametrize("offered", ["abc", "x" * 65, 'a"b"c"d"e"f', "line feed%0a"])
def test_an_id_that_could_break_a_log_is_replaced(offered: str) -> None:
    """A client cannot write lines into our logs."""
    answer = make_app().test_client().get("/", headers={"X-Request-Id": offered})

    assert answer.headers["X-Request-Id"] == answer.text != offered
    assert len(answer.text) == 32


def test_the_proxys_id_is_kept() -> None:
    """nginx's log line and ours have the same id."""
    answer = make_app().test_client().get("/", headers={"X-Request-Id": "0123456789abcdef"})

    assert answer.headers["X-Request-Id"] == answer.text == "0123456789abcdef"


def test_the_id_ends_with_its_request() -> None:
    """Lines between requests carry no id of an earlier one, even after a failure."""
    make_app().test_client().get("/fail")
    record = logging.LogRecord("doodle", logging.INFO, "file", 1, "event", (), None)

    assert "request_id" not in json.loads(JsonFormatter().format(record))
