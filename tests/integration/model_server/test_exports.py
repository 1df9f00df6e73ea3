"""Exports over HTTP: counted before they are sent, sent while they are read, and never more at once than may be."""

import json
from random import Random

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.doodles import Doodle, store_doodles
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.model_server import OPERATOR, Server
from model_server.exports import MAX_AT_ONCE

URL = "/api/v1/doodles/export"


@pytest.fixture
def drawn(engine: Engine) -> list[Doodle]:
    drawn = generate_doodles(LABEL_SET, 30, Random(4))
    with engine.begin() as connection:
        store_doodles(connection, drawn)
    return drawn


@pytest.mark.parametrize(("form", "name"), [("ndjson", "cat.ndjson"), ("npy", "cat.npy"), ("tfrecord", "cat.tfrecord")])
def test_a_file_says_how_many_are_in_it(client: FlaskClient, drawn: list[Doodle], form: str, name: str) -> None:
    """Before the first of them comes; it has a name, and nobody keeps a copy on the way."""
    answer = client.get(URL, query_string={"format": form, "label": "cat"}, headers=OPERATOR)

    assert answer.status_code == 200
    assert (answer.headers["Doodle-Count"], answer.headers["Doodle-Left-Out"]) == ("5", "0")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.data) > 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("format=csv", "format"),
        ("format=npy", "label"),
        ("label=cow", "label"),
        ("guess=cow", "guess"),
        ("wrong=yes", "wrong"),
        ("status=new", "status"),
        ("version=latest", "version"),
        ("from=yesterday", "from"),
        ("to=2026-01-02T03:04:05", "to"),
        ("to=9999-12-31", "to"),
        ("contributor=5F1C03AA", "contributor"),
    ],
)
def test_a_wrong_query_names_its_field(client: FlaskClient, query: str, field: str) -> None:
    """And takes no connection with it: one more than there are is refused just so."""
    for _ in range(MAX_AT_ONCE + 1):
        refused = client.get(f"{URL}?{query}", headers=OPERATOR)

        assert refused.status_code == 422
        assert [each["field"] for each in refused.get_json()["errors"]] == [field]


def test_who_leaves_gives_the_place_back(app: Flask, engine: Engine, drawn: list[Doodle]) -> None:
    """As many as may be read at once; the next one is told to wait, and whoever goes away early holds nothing."""
    # Answers are not read here, and so not held against their operation either.
    app.after_request_funcs.clear()
    client = app.test_client()
    opened = [client.get(URL, headers=OPERATOR, buffered=False) for _ in range(MAX_AT_ONCE)]
    refused = client.get(URL, headers=OPERATOR)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")

    for each in opened:
        each.close()

    with client.get(URL, headers=OPERATOR) as again:
        assert len([json.loads(line) for line in again.data.splitlines()]) == len(drawn)
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a QueuePool's


def test_a_real_server_sends_it(server: Server, drawn: list[Doodle]) -> None:
    """Under gevent, too, with a cursor on the server's side; piece by piece."""
    with httpx.stream("GET", f"{server.url}{URL}", headers=OPERATOR, timeout=30, trust_env=False) as answer:
        assert answer.headers["Doodle-Count"] == str(len(drawn))
        assert len(list(answer.iter_lines())) == len(drawn)


def test_the_public_exports_nothing(client: FlaskClient) -> None:
    """Drawings are given to nobody else."""
    assert client.get(URL).status_code == 401
