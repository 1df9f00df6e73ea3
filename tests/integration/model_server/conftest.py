"""model_server on a real database: within the test, or as gunicorn runs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.model_registry import deploy, register_version
from doodle_db.operators import set_operator
from doodle_testing.builders import manifest
from doodle_testing.contract import watch_answers
from doodle_testing.model_server import CONTRIBUTOR_KEY, FIRST, SECOND, THIRD, TOKEN, Clock, Server, running_server
from model_server.app import create_app
from model_server.config import Settings, from_environment
from model_server.operations import OPERATIONS


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(database_url: str) -> Settings:
    return from_environment({"DATABASE_URL": database_url, "CONTRIBUTOR_KEY": CONTRIBUTOR_KEY})


@pytest.fixture
def app(engine: Engine, settings: Settings, clock: Clock) -> Flask:
    """The service, with an operator whose token is TOKEN; it may answer only what its operations say."""
    with engine.begin() as connection:
        set_operator(connection, "ada", TOKEN)
    return watch_answers(create_app(settings, engine, clock), OPERATIONS)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def versions(engine: Engine) -> None:
    """Three versions, the first of them live."""
    with engine.begin() as connection:
        for version in (FIRST, SECOND, THIRD):
            register_version(connection, manifest(version))
        deploy(connection, FIRST, kind="publish", actor="test", reason="the first", expected_live=None)


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    """gunicorn with one process, on a database of the test's own."""
    with running_server(database_url, tmp_path / "log", MODEL_SERVER_PROCESSES="1") as running:
        yield running
