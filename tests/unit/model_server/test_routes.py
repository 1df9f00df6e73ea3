"""Which doors there are, and which of them are open to everybody."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from werkzeug.routing import Rule

from model_server.app import MAX_BODY_BYTES, create_app
from model_server.config import from_environment

PUBLIC = {
    "GET /healthz",
    "GET /readyz",
    "GET /models/<version>/<path>",
    "POST /api/v1/doodles",
    "PUT /api/v1/doodles/<uuid:doodle_id>/label",
    "GET /api/v1/models/live",
    "POST /api/v1/predict",
    "GET /api/v1/stats",
    "GET /api/v1/events",
    "GET /api/v1/labels",
    "GET /api/v1/labels/<name>/drawings",
    "POST /api/v1/doodles/forget",
    "POST /api/v1/session",
}
INTERNAL = {"GET /metrics"}
OPERATORS = {
    "GET /api/v1/session",
    "POST /api/v1/session/codes",
    "DELETE /api/v1/session",
    "GET /api/v1/doodles",
    "GET /api/v1/doodles/export",
    "GET /api/v1/doodles/<uuid:doodle_id>",
    "GET /api/v1/contributors/<contributor>",
    "GET /api/v1/erasures",
    "GET /api/v1/erasures/<int:erasure>",
    "POST /api/v1/erasures",
    "POST /api/v1/labels",
    "DELETE /api/v1/labels/<name>",
    "GET /api/v1/models",
    "GET /api/v1/reviews",
    "POST /api/v1/reviews",
    "GET /api/v1/drift",
    "GET /api/v1/pin",
    "GET /api/v1/production",
    "PUT /api/v1/pin",
    "GET /api/v1/shadow",
    "PUT /api/v1/shadow",
    "GET /api/v1/deployments",
    "POST /api/v1/deployments",
}


@pytest.fixture
def app() -> Flask:
    """A service whose database is asked nothing."""
    settings = from_environment({"DATABASE_URL": "postgresql://nowhere/none", "CONTRIBUTOR_KEY": "00" * 16})
    return create_app(settings, create_engine("postgresql+psycopg2://nowhere/none"))


def doors(rule: Rule) -> set[str]:
    return {f"{method} {rule.rule}" for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}


def test_every_route_is_either_public_or_the_operators(app: Flask) -> None:
    """A new route is public only if somebody writes it down here."""
    found = {False: set[str](), True: set[str]()}
    for rule in app.url_map.iter_rules():
        found[hasattr(app.view_functions[rule.endpoint], "is_operator_only")] |= doors(rule)

    assert found == {False: PUBLIC | INTERNAL, True: OPERATORS}


def test_every_route_is_documented() -> None:
    """docs/http.md has a heading for each."""
    text = (Path(__file__).parents[3] / "docs" / "http.md").read_text(encoding="utf-8")
    documented = {re.sub("<.*?>", "<>", door) for door in re.findall(r"^### `([^?`]+).*`$", text, re.MULTILINE)}

    assert {re.sub("<.*?>", "<>", door) for door in PUBLIC | INTERNAL | OPERATORS} <= documented


def test_operators_routes_answer_nobody_else(app: Flask) -> None:
    """Without a token or a cookie each of them answers 401, whatever is sent."""
    client = app.test_client()

    answers = {door: knock(client, *door.split()) for door in OPERATORS}

    assert answers == dict.fromkeys(OPERATORS, 401)


def knock(client: FlaskClient, method: str, path: str) -> int:
    """Ask for something, of whatever name, and give the status."""
    named = re.sub("<int:.*?>", "1", re.sub("<uuid:.*?>", str(UUID(int=1)), path))
    return client.open(named, method=method, json={}).status_code


def test_bodies_are_bounded(app: Flask) -> None:
    """More than the bound is refused as such, before it is read."""
    body = b'{"doodles": [' + b" " * MAX_BODY_BYTES + b"]}"

    answer = app.test_client().post("/api/v1/doodles", data=body, content_type="application/json")

    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


def test_health_asks_nobody(app: Flask) -> None:
    """A process that lives says so, also while its database is away."""
    answer = app.test_client().get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "alive"})
