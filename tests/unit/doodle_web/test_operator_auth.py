"""Who is an operator, and from where a cookie may be used."""

from datetime import UTC, datetime
from unittest.mock import MagicMock

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from doodle_web import operator_auth
from doodle_web.context import WebContext, attach_context
from doodle_web.operator_auth import COOKIE_NAME, is_same_origin, operator_only

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def find_by_token(_: object, token: str) -> str | None:
    return "ada" if token == "right" else None


def find_by_cookie(_: object, cookie: str, now: datetime) -> str | None:
    return "ada" if (cookie, now) == ("right", NOW) else None


def show_operator() -> str:
    return str(g.operator)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A service where the token `right` and the cookie `right` are ada's; the database is not asked."""
    monkeypatch.setattr(operator_auth, "find_operator_by_token", find_by_token)
    monkeypatch.setattr(operator_auth, "find_operator_by_cookie", find_by_cookie)
    app = Flask("test")
    attach_context(app, WebContext(MagicMock(), lambda: NOW))
    app.add_url_rule("/", methods=["GET", "POST"], view_func=operator_only(show_operator))
    return app.test_client()


@pytest.mark.parametrize("authorization", ["Bearer right", "bearer right"])
def test_a_token_is_enough(client: FlaskClient, authorization: str) -> None:
    """A program has no pages, so it needs no origin."""
    assert client.post("/", headers={"Authorization": authorization}).text == "ada"


@pytest.mark.parametrize(
    "authorization", ["Bearer wrong", "right", "Basic right", "Bearer ", "Bearer " + "x" * 500, ""]
)
def test_a_wrong_token_is_refused_even_beside_a_good_cookie(client: FlaskClient, authorization: str) -> None:
    """Who says who they are is taken at their word."""
    client.set_cookie(COOKIE_NAME, "right")

    answer = client.post("/", headers={"Authorization": authorization, "Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_nobody_is_asked_to_sign_in(client: FlaskClient) -> None:
    """Without token and cookie the answer is 401, as a problem."""
    answer = client.get("/")

    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "http://localhost:8080"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
    ],
)
def test_a_cookie_works_from_our_pages_only(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    """Another site's page cannot deploy with an operator's cookie."""
    client.set_cookie(COOKIE_NAME, "right")

    assert client.post("/", headers=headers).status_code == status
    assert client.get("/", headers=headers).status_code == 200


def test_an_origin_is_a_host_with_its_port() -> None:
    """A page beside us on another port is another site."""
    assert is_same_origin(None, "http://localhost:3030", "localhost:3030")
    assert not is_same_origin(None, "http://localhost:3031", "localhost:3030")
    assert not is_same_origin(None, "localhost:3030", "localhost:3030")
