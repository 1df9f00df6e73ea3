"""Forgetting over HTTP by whoever knows the ids; and what others are shown."""

from base64 import b64encode
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.doodles import Doodle, store_doodles
from doodle_testing.builders import SOMEBODY_ELSE, doodle, ids_of_split
from doodle_testing.model_server import OPERATOR
from model_server.parts import parts_of

URL = "/api/v1/doodles/forget"


def forget(client: FlaskClient, *ids: Any) -> Any:
    return client.post(URL, json={"ids": [str(each) for each in ids]})


@pytest.fixture
def drawn(engine: Engine) -> list[UUID]:
    """Three drawings."""
    ids = ids_of_split("train", 3)
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each, ink=90 + index) for index, each in enumerate(ids)])
    return ids


def test_whoever_knows_the_ids_has_them_forgotten(app: Flask, client: FlaskClient, drawn: list[UUID]) -> None:
    """In the order asked; again, they are unknown; the operator's list of erasures says nothing of it."""
    stranger = uuid4()

    answer = forget(client, drawn[1], stranger, drawn[0])

    outcomes = [(each["id"], each["outcome"]) for each in answer.get_json()["doodles"]]
    assert outcomes == [(str(drawn[1]), "forgotten"), (str(stranger), "unknown"), (str(drawn[0]), "forgotten")]
    assert [each["outcome"] for each in forget(client, drawn[0]).get_json()["doodles"]] == ["unknown"]
    (left,) = client.get("/api/v1/doodles", headers=OPERATOR).get_json()["doodles"]
    assert left["id"] == str(drawn[2])
    parts_of(app).eraser.work()
    assert client.get("/api/v1/erasures", headers=OPERATOR).get_json() == {"erasures": []}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ids": []}, "ids"),
        ({"ids": [str(UUID(int=number)) for number in range(101)]}, "ids"),
        ({"ids": ["1"]}, "ids[0]"),
        ({"ids": [None]}, "ids[0]"),
        ({"ids": "0b6f9a4e-5d0c-4f3a-9b1e-2f6d8c7a1b30"}, "ids"),
        ({}, "ids"),
    ],
)
def test_a_wrong_request_names_its_field(client: FlaskClient, drawn: list[UUID], body: Any, field: str) -> None:
    """And forgets nothing."""
    refused = client.post(URL, json=body)

    assert (refused.status_code, [each["field"] for each in refused.get_json()["errors"]]) == (422, [field])
    assert len(client.get("/api/v1/doodles", headers=OPERATOR).get_json()["doodles"]) == 3


def shown(client: FlaskClient, label: str = "cat", limit: int = 24) -> set[str]:
    answer = client.get(f"/api/v1/labels/{label}/drawings?limit={limit}").get_json()
    assert answer["label"] == label
    return {each["bitmap"] for each in answer["drawings"]}


def guessed(doodle_id: UUID, *, ink: int, label: str = "cat", guess: str = "cat", known: bool = True) -> Doodle:
    drawn = doodle(doodle_id, label, ink=ink, contributor=SOMEBODY_ELSE)
    return replace(drawn, guess=guess, known=known)


def test_others_drawings_are_those_that_were_recognised(engine: Engine, client: FlaskClient) -> None:
    """Base data, too; neither what was taken for something else, nor what looked like nothing, nor the test split."""
    base, recognised, mistaken, doubtful, unguessed, of_dogs = ids_of_split("train", 6)
    (held_out,) = ids_of_split("test", 1)
    drawings = [
        doodle(base, ink=1, contributor=None),
        guessed(recognised, ink=2),
        guessed(mistaken, ink=3, guess="dog"),
        guessed(doubtful, ink=4, known=False),
        doodle(unguessed, ink=5, contributor=SOMEBODY_ELSE),
        guessed(of_dogs, ink=6, label="dog", guess="dog"),
        guessed(held_out, ink=7),
    ]
    with engine.begin() as connection:
        store_doodles(connection, drawings)

    assert shown(client) == {b64encode(each.bitmap).decode() for each in drawings[:2]}
    assert len(shown(client, limit=1)) == 1


def test_nobody_is_shown_their_own(client: FlaskClient, engine: Engine) -> None:
    """What I drew I know."""
    mine = {"id": str(ids_of_split("train", 1)[0]), "label": "cat", "guess": "cat", "confidence": 0.9, "known": True}
    bitmap = b64encode(bytes([0, 255] * 392)).decode()
    stored = client.post("/api/v1/doodles", json={**mine, "bitmap": bitmap, "model_version": None, "strokes": None})
    assert stored.status_code == 201

    assert shown(client) == set()


@pytest.mark.parametrize(("path", "status"), [("cow/drawings", 404), ("cat/drawings?limit=25", 422)])
def test_what_others_are_not_asked(client: FlaskClient, path: str, status: int) -> None:
    """A label nobody draws; more than a page shows."""
    assert client.get(f"/api/v1/labels/{path}").status_code == status
