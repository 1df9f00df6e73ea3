"""An operator moves the pointer; the history says who and why."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.model_registry import find_live, register_version
from doodle_testing.builders import manifest
from doodle_testing.model_server import FIRST, OPERATOR, SECOND, THIRD, deploy_version

URL = "/api/v1/deployments"
pytestmark = pytest.mark.usefixtures("versions")


def live_version(engine: Engine) -> str:
    with engine.connect() as connection:
        live = find_live(connection)
    assert live is not None
    return live.version


def ask(client: FlaskClient, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(URL, json={"reason": "a test", **body}, headers=OPERATOR)
    assert answer.json is not None
    return answer.status_code, answer.json


def test_a_deployment_is_a_line_of_the_history(client: FlaskClient, engine: Engine) -> None:
    """Who, when, why, from, to."""
    status, deployed = ask(client, version=SECOND, expected_live=FIRST)

    assert (status, live_version(engine)) == (201, SECOND)
    history = client.get(URL, headers=OPERATOR).json
    assert history is not None
    assert history["deployments"][0] == deployed
    assert {name: deployed[name] for name in ("version", "previous_version", "kind", "actor", "reason")} == {
        "version": SECOND,
        "previous_version": FIRST,
        "kind": "deploy",
        "actor": "ada",
        "reason": "a test",
    }


def test_previous_rolls_back_and_on(client: FlaskClient, engine: Engine) -> None:
    """Rolling back twice goes two versions back, not to and fro."""
    deploy_version(engine, SECOND, FIRST)
    deploy_version(engine, THIRD, SECOND)

    _, once = ask(client, version="previous", expected_live=THIRD)
    _, twice = ask(client, version="previous")
    status, refused = ask(client, version="previous")

    assert [once["version"], twice["version"]] == [SECOND, FIRST]
    assert [once["kind"], twice["kind"]] == ["rollback", "rollback"]
    assert (status, refused["errors"][0]["field"]) == (404, "version")


def test_deploying_what_was_live_before_is_a_rollback(client: FlaskClient, engine: Engine) -> None:
    """The history calls things by their name, whichever button was pressed."""
    deploy_version(engine, SECOND, FIRST)

    _, deployed = ask(client, version=FIRST)

    assert deployed["kind"] == "rollback"


def test_deploying_what_is_live_changes_nothing(client: FlaskClient) -> None:
    """A second click answers 200 with the line that made it live."""
    first = ask(client, version=SECOND)

    again = ask(client, version=SECOND)

    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]


@pytest.mark.parametrize("version", [SECOND, "previous"])
def test_who_saw_something_else_live_is_stopped(client: FlaskClient, engine: Engine, version: str) -> None:
    """Between looking and clicking a worker may have published."""
    deploy_version(engine, THIRD, FIRST)

    status, problem = ask(client, version=version, expected_live=FIRST)

    assert (status, problem["errors"][0]["field"]) == (409, "expected_live")
    assert live_version(engine) == THIRD


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"version": "f" * 12}, 404, "version"),
        ({"version": "latest"}, 422, "version"),
        ({"version": SECOND, "reason": ""}, 422, "reason"),
        ({"version": SECOND, "reason": "  "}, 422, "reason"),
        ({"version": SECOND, "reason": "a\x00b"}, 422, "reason"),
        ({"version": SECOND, "reason": "two\nlines"}, 422, "reason"),
        ({"version": SECOND, "reason": "x" * 501}, 422, "reason"),
        ({"version": SECOND, "reason": "\ud800"}, 422, "reason"),
        ({"version": SECOND, "expected_live": "none"}, 422, "expected_live"),
        ({"version": SECOND, "actor": "somebody else"}, 422, "actor"),
        ({}, 422, "version"),
    ],
)
def test_what_cannot_be_deployed_is_refused_by_field(
    client: FlaskClient, engine: Engine, body: dict[str, Any], status: int, field: str
) -> None:
    """Each refusal names what it is about, and the live version stays."""
    answered, problem = ask(client, **body)

    assert (answered, problem["errors"][0]["field"]) == (status, field)
    assert live_version(engine) == FIRST


def test_a_version_of_another_label_set_is_refused(client: FlaskClient, engine: Engine) -> None:
    """A page that draws animals could do nothing with a model of digits."""
    with engine.begin() as connection:
        register_version(connection, manifest("3" * 12).model_copy(update={"label_set": "digits"}))

    status, problem = ask(client, version="3" * 12)

    assert (status, problem["errors"][0]["field"]) == (422, "version")
