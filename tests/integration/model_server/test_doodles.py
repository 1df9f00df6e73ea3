"""Doodles are stored once, all or nothing, and acknowledged only when they are."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select

from doodle_db.tables import doodles
from doodle_testing.builders import doodle, ids_of_split
from doodle_testing.wire import as_json
from model_server.client_address import hash_address
from model_server.config import Settings

URL = "/api/v1/doodles"
FIRST, SECOND, THIRD = (doodle(each) for each in ids_of_split("train", 3))


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(doodles)).scalar_one()


def test_a_doodle_is_stored_and_then_acknowledged(client: FlaskClient, engine: Engine, settings: Settings) -> None:
    """201 means that the row is there, with the contributor made of the client's address."""
    sent = replace(FIRST, strokes=[[[0, 255], [3, 4]]], guess="dog", confidence=0.25, model_version="0" * 12)
    sent = replace(sent, known=True)

    answer = client.post(URL, json=as_json(sent), headers={"X-Forwarded-For": "192.0.2.7"})

    assert (answer.status_code, answer.json) == (201, {"id": str(FIRST.id), "outcome": "stored"})
    with engine.connect() as connection:
        row = connection.execute(select(doodles)).one()
    assert (row.id, row.label, bytes(row.bitmap), row.strokes) == (sent.id, "cat", sent.bitmap, sent.strokes)
    assert (row.guess, row.confidence, row.model_version, row.source) == ("dog", 0.25, "0" * 12, "user")
    assert row.known is True
    assert bytes(row.contributor) == hash_address(settings.contributor_key, "192.0.2.7")


def test_sending_again_is_harmless(client: FlaskClient, engine: Engine) -> None:
    """A page that never saw the answer sends the same again, also from another network."""
    client.post(URL, json=as_json(FIRST))

    answer = client.post(URL, json=as_json(FIRST), headers={"X-Forwarded-For": "192.0.2.8"})

    assert (answer.status_code, answer.json) == (200, {"id": str(FIRST.id), "outcome": "already_stored"})
    assert count(engine) == 1


def test_another_drawing_under_the_same_id_is_refused(client: FlaskClient, engine: Engine) -> None:
    """409 names the field, and what was stored first stays."""
    client.post(URL, json=as_json(FIRST))

    answer = client.post(URL, json=as_json(replace(FIRST, label="dog")))

    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert answer.json is not None
    assert answer.json["errors"][0]["field"] == "id"
    assert count(engine) == 1


def test_a_batch_says_of_each_what_became_of_it(client: FlaskClient, engine: Engine) -> None:
    """An outbox that overlaps with what was sent before gets an answer for every doodle, in order."""
    client.post(URL, json=as_json(SECOND))

    mixed = client.post(URL, json={"doodles": [as_json(each) for each in (FIRST, SECOND, THIRD, THIRD)]})
    again = client.post(URL, json={"doodles": [as_json(each) for each in (FIRST, SECOND)]})

    outcomes = ["stored", "already_stored", "stored", "already_stored"]
    ids = [str(each.id) for each in (FIRST, SECOND, THIRD, THIRD)]
    told = [{"id": doodle_id, "outcome": outcome} for doodle_id, outcome in zip(ids, outcomes, strict=True)]
    assert (mixed.status_code, mixed.json) == (201, {"doodles": told})
    assert again.status_code == 200
    assert count(engine) == 3


@pytest.mark.parametrize(
    ("broken", "status", "field"),
    [
        ({**as_json(THIRD), "label": "cow"}, 422, "doodles[1].label"),
        ({**as_json(SECOND), "label": "dog"}, 409, "doodles[1].id"),
    ],
)
def test_a_batch_is_stored_as_a_whole_or_not_at_all(
    client: FlaskClient, engine: Engine, broken: dict[str, Any], status: int, field: str
) -> None:
    """One doodle that is refused keeps out those beside it, so that a client knows where it stands."""
    client.post(URL, json=as_json(SECOND))

    answer = client.post(URL, json={"doodles": [as_json(FIRST), broken]})

    assert answer.status_code == status
    assert answer.json is not None
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert count(engine) == 1


def test_one_id_from_sixteen_senders_is_one_row(app: Flask, engine: Engine) -> None:
    """Impatient clients and retries at the same moment: one of them stored it, all of them may forget it."""

    def send(_: int) -> tuple[int, str]:
        answer = app.test_client().post(URL, json=as_json(FIRST))
        assert answer.json is not None
        return answer.status_code, answer.json["outcome"]

    with ThreadPoolExecutor(16) as senders:
        outcomes = sorted(senders.map(send, range(16)))

    assert outcomes == [(200, "already_stored")] * 15 + [(201, "stored")]
    assert count(engine) == 1


REFUSED: list[tuple[Callable[[], dict[str, Any]], int]] = [
    (lambda: {"data": b"{", "content_type": "application/json"}, 400),
    (lambda: {"data": b"{}", "content_type": "text/plain"}, 415),
    (lambda: {"json": {}}, 422),
    (lambda: {"json": {"doodles": [as_json(FIRST)] * 101}}, 422),
    (lambda: {"data": b" " * (2 * 1024 * 1024 + 1), "content_type": "application/json"}, 413),
]


@pytest.mark.parametrize(("request_of", "status"), REFUSED)
def test_what_is_refused_is_not_stored(
    client: FlaskClient, engine: Engine, request_of: Callable[[], dict[str, Any]], status: int
) -> None:
    """Each refusal is a problem with its status, and leaves nothing behind."""
    answer = client.post(URL, **request_of())

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert count(engine) == 0


def test_only_its_contributor_corrects_a_label(client: FlaskClient, engine: Engine) -> None:
    """Somebody else gets the same 404 as for a doodle that never was."""
    mine, other = {"X-Forwarded-For": "192.0.2.7"}, {"X-Forwarded-For": "192.0.2.8"}
    client.post(URL, json=as_json(FIRST), headers=mine)
    url = f"{URL}/{FIRST.id}/label"

    theirs = client.put(url, json={"label": "fish"}, headers=other)
    unknown = client.put(f"{URL}/{SECOND.id}/label", json={"label": "fish"}, headers=mine)
    wrong = client.put(url, json={"label": "cow"}, headers=mine)
    right = client.put(url, json={"label": "dog"}, headers=mine)

    assert [theirs.status_code, unknown.status_code, wrong.status_code] == [404, 404, 422]
    assert (right.status_code, right.json) == (200, {"id": str(FIRST.id), "label": "dog"})
    with engine.connect() as connection:
        assert connection.execute(select(doodles.c.label)).scalar_one() == "dog"


def test_only_trusted_proxies_say_who_the_client_is(client: FlaskClient) -> None:
    """With one proxy of ours the last address counts; what a client wrote before it does not."""
    client.post(URL, json=as_json(FIRST), headers={"X-Forwarded-For": "192.0.2.7"})

    forged = client.put(
        f"{URL}/{FIRST.id}/label", json={"label": "dog"}, headers={"X-Forwarded-For": "192.0.2.7, 192.0.2.8"}
    )

    assert forged.status_code == 404
