"""Labels over HTTP: the public reads them, operators add them, and every process takes their doodles at once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from doodle_db.label_sets import Label
from doodle_db.labels import add_label
from doodle_db.manifest import manifest_labels
from doodle_db.model_registry import register_version
from doodle_testing.builders import LABEL_SET, doodle, manifest
from doodle_testing.model_server import OPERATOR, Server, running_server
from doodle_testing.wire import as_json
from model_server.announcements import Announcer
from model_server.event_streams import EventStreams
from model_server.label_list import LabelList
from model_server.parts import parts_of

MOUSE = {"name": "mouse", "prompt": "a mouse", "emoji": "🐭"}


def read(answer: TestResponse) -> Any:
    """Give an answer's JSON."""
    return answer.json


def names(client: FlaskClient) -> list[str]:
    return [label["name"] for label in read(client.get("/api/v1/labels"))["labels"]]


def test_the_public_reads_what_there_is_to_draw(client: FlaskClient) -> None:
    """In order, with prompt and emoji; the answer to a known ETag has no body."""
    answer = client.get("/api/v1/labels")

    assert read(answer)["label_set"] == LABEL_SET.name
    assert read(answer)["labels"][0] == {"name": "bird", "prompt": "a bird", "emoji": "🐦", "added_at": None}
    again = client.get("/api/v1/labels", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_operator_adds_a_label(client: FlaskClient) -> None:
    """It is listed behind the others, its doodles are taken, and statistics count them; twice is once."""
    before = client.get("/api/v1/labels").headers["ETag"]

    answers = [client.post("/api/v1/labels", json=MOUSE, headers=OPERATOR) for _ in range(2)]

    assert [(each.status_code, read(each)["outcome"]) for each in answers] == [(201, "added"), (200, "already_added")]
    assert names(client) == [*LABEL_SET.names, "mouse"]
    assert client.get("/api/v1/labels", headers={"If-None-Match": before}).status_code == 200
    assert client.post("/api/v1/doodles", json=as_json(doodle(UUID(int=1), "mouse"))).status_code == 201
    assert read(client.get("/api/v1/stats"))["labels"]["mouse"] == 1
    page = client.get("/api/v1/doodles?label=mouse", headers=OPERATOR)
    assert [each["label"] for each in read(page)["doodles"]] == ["mouse"]


@pytest.mark.parametrize(
    ("wrong", "status", "fields"),
    [
        ({"name": "Mouse"}, 422, ["name"]),
        ({"prompt": ""}, 422, ["prompt"]),
        ({"emoji": "mouse"}, 422, ["emoji"]),
        ({"emoji": None}, 422, ["emoji"]),
        ({"name": "m" * 10_000}, 422, ["name"]),
        ({"position": 1}, 422, ["position"]),
        ({"name": "cat"}, 409, ["name"]),
    ],
)
def test_what_breaks_a_rule_names_its_field(
    client: FlaskClient, wrong: dict[str, Any], status: int, fields: list[str]
) -> None:
    """As problem details, whichever layer refuses it; nothing is added."""
    answer = client.post("/api/v1/labels", json={**MOUSE, **wrong}, headers=OPERATOR)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert [error["field"] for error in read(answer)["errors"]] == fields
    assert names(client) == [*LABEL_SET.names]


def test_a_slip_is_withdrawn(client: FlaskClient) -> None:
    """The label is gone, and what is drawn of it is refused; a second time there is nothing to withdraw."""
    client.post("/api/v1/labels", json={**MOUSE, "name": "computer mouse"}, headers=OPERATOR)

    statuses = [client.delete("/api/v1/labels/computer mouse", headers=OPERATOR).status_code for _ in range(2)]

    assert statuses == [204, 404]
    assert names(client) == [*LABEL_SET.names]
    body = as_json(doodle(UUID(int=1), "computer mouse"))
    assert client.post("/api/v1/doodles", json=body).status_code == 422


def test_what_a_version_knows_stays(client: FlaskClient, engine: Engine) -> None:
    """The refusal says so."""
    client.post("/api/v1/labels", json=MOUSE, headers=OPERATOR)
    known = manifest_labels((*LABEL_SET.labels, Label(**MOUSE)))
    with engine.begin() as connection:
        register_version(connection, manifest().model_copy(update={"labels": known}))

    answer = client.delete("/api/v1/labels/mouse", headers=OPERATOR)

    assert answer.status_code == 409
    assert "can no longer be withdrawn" in read(answer)["detail"]


def test_a_label_that_was_just_added_elsewhere_is_not_refused(app: Flask, client: FlaskClient, engine: Engine) -> None:
    """A process that has not heard of it yet reads the labels anew, for doodles, guesses and corrections."""
    assert client.post("/api/v1/doodles", json=as_json(doodle(UUID(int=1)))).status_code == 201
    with engine.begin() as connection:
        add_label(connection, LABEL_SET, Label(**MOUSE), actor="ada")

    guessed = replace(doodle(UUID(int=2)), guess="mouse", confidence=0.5)
    answers = [
        client.post("/api/v1/doodles", json=as_json(guessed)),
        client.post("/api/v1/doodles", json={"doodles": [as_json(doodle(UUID(int=3), "mouse"))]}),
        client.put(f"/api/v1/doodles/{UUID(int=1)}/label", json={"label": "mouse"}),
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 200]
    assert parts_of(app).labels.current.names == (*LABEL_SET.names, "mouse")


def test_open_pages_are_told_once(engine: Engine) -> None:
    """Whether it was announced or found when catching up; the same labels are not told again."""
    streams = EventStreams(10)
    stream = streams.open(is_operator=False, hang_up=lambda: None)
    assert stream is not None
    announcer = Announcer(engine, streams, LabelList(engine, LABEL_SET))
    announcer.catch_up()
    with engine.begin() as connection:
        add_label(connection, LABEL_SET, Label(**MOUSE), actor="ada")

    announcer.hear('{"kind":"labels","label_set":"animals"}')
    announcer.catch_up()

    streams.close()
    assert b"".join(streams.follow(stream, None)).count(b"event: labels") == 1


@pytest.fixture
def two_processes(database_url: str, tmp_path: Path) -> Iterator[Server]:
    with running_server(database_url, tmp_path / "log", MODEL_SERVER_PROCESSES="2") as running:
        yield running


def test_every_process_takes_its_doodles_at_once(two_processes: Server) -> None:
    """After the answer to the addition no process refuses a doodle; open streams hear of it."""
    with two_processes.client() as client, client.stream("GET", "/api/v1/events") as stream:
        lines = stream.iter_lines()
        assert client.post("/api/v1/labels", json=MOUSE, headers=OPERATOR).status_code == 201
        statuses = []
        for number in range(20):
            # A connection each, so that both processes are asked.
            with two_processes.client() as other:
                body = as_json(doodle(UUID(int=number), "mouse"))
                statuses.append(other.post("/api/v1/doodles", json=body).status_code)

        told = [next(line for line in lines if line == "event: labels") for _ in range(2)]

    assert statuses == [201] * 20
    assert told == ["event: labels"] * 2
