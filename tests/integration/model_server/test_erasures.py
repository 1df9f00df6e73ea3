"""Erasing over HTTP: looked at first, ordered once, done in the background."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.contributors import fully_name, name_contributor
from doodle_db.doodles import store_doodles
from doodle_testing.builders import SOMEBODY, SOMEBODY_ELSE, doodle, ids_of_split
from doodle_testing.model_server import OPERATOR
from model_server.parts import parts_of

NAME = name_contributor(SOMEBODY)
URL = "/api/v1/erasures"


@pytest.fixture
def drawn(engine: Engine) -> None:
    """Three drawings of theirs, one of somebody else."""
    *theirs, other = ids_of_split("train", 4)
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each) for each in theirs])
        store_doodles(connection, [doodle(other, contributor=SOMEBODY_ELSE)])


def order(client: FlaskClient, **body: Any) -> Any:
    return client.post(URL, json={"contributor": NAME, "confirm": 3, "reason": "by letter", **body}, headers=OPERATOR)


def test_looked_at_ordered_and_done(app: Flask, client: FlaskClient, drawn: None) -> None:
    """The number of doodles is what is confirmed; afterwards nobody is called so."""
    (found,) = client.get(f"/api/v1/contributors/{NAME}", headers=OPERATOR).get_json()["contributors"]
    assert (found["contributor"], found["num_doodles"]) == (fully_name(SOMEBODY), 3)
    ordered = order(client)
    assert (ordered.status_code, ordered.get_json()["state"]) == (202, "open")
    assert order(client).get_json()["erasure"] == ordered.get_json()["erasure"]

    parts_of(app).eraser.work()

    done = client.get(ordered.headers["Location"], headers=OPERATOR).get_json()
    assert (done["state"], done["num_doodles"], done["operator"]) == ("finished", 3, "ada")
    assert client.get(URL, headers=OPERATOR).get_json()["erasures"] == [done]
    assert client.get(f"/api/v1/contributors/{NAME}", headers=OPERATOR).status_code == 404
    assert len(client.get("/api/v1/doodles", headers=OPERATOR).get_json()["doodles"]) == 1


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"confirm": 2}, 409, "confirm"),
        ({"contributor": "0" * 8}, 404, "contributor"),
        ({"contributor": "somebody"}, 422, "contributor"),
        ({"contributor": NAME[:7]}, 422, "contributor"),
        ({"confirm": -1}, 422, "confirm"),
        ({"confirm": "3"}, 422, "confirm"),
        ({"reason": " "}, 422, "reason"),
    ],
)
def test_a_wrong_order_names_its_field(
    client: FlaskClient, drawn: None, wrong: dict[str, Any], status: int, field: str
) -> None:
    """And erases nothing."""
    refused = order(client, **wrong)

    assert (refused.status_code, [each["field"] for each in refused.get_json()["errors"]]) == (status, [field])
    assert client.get(URL, headers=OPERATOR).get_json() == {"erasures": []}


def test_what_is_not_there(client: FlaskClient) -> None:
    """Nobody of that name, no order of that number, no name at all."""
    assert client.get("/api/v1/contributors/00000000", headers=OPERATOR).status_code == 404
    assert client.get("/api/v1/contributors/nobody", headers=OPERATOR).status_code == 422
    for number in (1, 2**63):
        assert client.get(f"{URL}/{number}", headers=OPERATOR).status_code == 404


def test_the_public_erases_nobody(client: FlaskClient, drawn: None) -> None:
    """Nor looks who is there."""
    assert client.get(f"/api/v1/contributors/{NAME}").status_code == 401
    assert client.get(URL).status_code == 401
    assert client.post(URL, json={"contributor": NAME, "confirm": 3, "reason": "x"}).status_code == 401
