"""Ready means that the work could be done."""

from flask.testing import FlaskClient
from sqlalchemy import create_engine

from doodle_db.engine import connect_to
from model_server.app import create_app
from model_server.config import Settings


def test_a_migrated_database_is_ready(client: FlaskClient) -> None:
    """Compose and `doodle up` wait for this."""
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


def test_a_database_without_its_schema_is_not(settings: Settings, empty_database_url: str) -> None:
    """A service that starts before the migrations says so."""
    engine = connect_to(empty_database_url)
    answer = create_app(settings, engine).test_client().get("/readyz")
    engine.dispose()

    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")


def test_no_database_is_an_outage_and_not_a_fault(settings: Settings) -> None:
    """Each route that needs it answers 503 and when to come again; health stays."""
    engine = create_engine("postgresql+psycopg2://doodle@127.0.0.1:1/none")
    client = create_app(settings, engine).test_client()

    answers = {path: client.get(path) for path in ("/readyz", "/api/v1/models/live", "/api/v1/stats", "/api/v1/events")}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(answers, 503)
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers.values())
    assert client.get("/healthz").status_code == 200
