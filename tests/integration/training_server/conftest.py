"""A database that has our tables, the queue's and Optuna's, copied from a template made once; and the API on it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.engine import connect_to
from doodle_db.operators import set_operator
from doodle_testing.contract import watch_answers
from doodle_testing.training_api import TOKEN
from doodle_testing.training_server import make_live
from training_server.app import create_app
from training_server.config import from_environment
from training_server.operations import OPERATIONS
from training_server.queue import TrainingQueue
from training_server.queue_schema import migrate_queue
from training_server.searches.storage import migrate_storage


@pytest.fixture(scope="session")
def queue_template(postgres: Any) -> str:
    """The name of a database that is migrated and has a queue."""
    url = postgres.create_database("migrated")
    engine = connect_to(url)
    migrate_queue(engine)
    migrate_storage(engine)
    engine.dispose()
    return str(url).rsplit("/", 1)[1]


@pytest.fixture
def queue_url(postgres: Any, queue_template: str) -> Iterator[str]:
    """The address of a fresh database with a queue."""
    url = postgres.create_database(queue_template)
    yield url
    postgres.drop_database(url)


@pytest.fixture
def queue_engine(queue_url: str) -> Iterator[Engine]:
    """An engine on a fresh database with a queue."""
    engine = connect_to(queue_url, pool_size=20)
    yield engine
    engine.dispose()


@pytest.fixture
def live_engine(queue_engine: Engine) -> Engine:
    """An engine on a fresh database with a queue, in which something is live to begin from."""
    make_live(queue_engine)
    return queue_engine


@pytest.fixture
def client(live_engine: Engine, queue_url: str) -> FlaskClient:
    """The API, with something live and an operator whose token is TOKEN; it may answer only what its operations say."""
    with live_engine.begin() as connection:
        set_operator(connection, "ada", TOKEN)
    settings = from_environment({"DATABASE_URL": queue_url, "ARTIFACT_URL": "/nowhere"})
    return watch_answers(create_app(settings, live_engine), OPERATIONS).test_client()


@pytest.fixture
def queue(queue_engine: Engine) -> TrainingQueue:
    """The queue in that database."""
    return TrainingQueue(queue_engine)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where a worker that a test runs may write."""
    return tmp_path / "worker.log"
