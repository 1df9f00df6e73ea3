"""An operator lets a version be tried without being shown; pages learn of it, and what they send is compared."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.doodle_content import ShadowAnswer
from doodle_testing.builders import LABEL_SET, doodle
from doodle_testing.model_server import FIRST, OPERATOR, SECOND, THIRD, deploy_version
from doodle_testing.wire import as_json
from model_server.announcements import Announcer
from model_server.event_streams import EventStreams
from model_server.events import read_present
from model_server.label_list import LabelList

URL, LIVE = "/api/v1/shadow", "/api/v1/models/live"
pytestmark = pytest.mark.usefixtures("versions")


def decide(client: FlaskClient, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = client.put(URL, json=body, headers=OPERATOR)
    assert answer.json is not None
    return answer.status_code, answer.json


def try_out(client: FlaskClient, version: str | None) -> None:
    status, _ = decide(client, {"version": version, "reason": "a test"})
    assert status == 200


def show(client: FlaskClient) -> dict[str, Any]:
    answer = client.get(URL, headers=OPERATOR).json
    assert answer is not None
    return dict(answer)


def test_begun_and_ended(client: FlaskClient) -> None:
    """Who, when and why stays to be read, newest first; without a shadow there is nothing to compare."""
    assert show(client) == {"shadow": None, "comparison": None, "decisions": []}

    status, begun = decide(client, {"version": SECOND, "reason": "is it better?"})
    _, ended = decide(client, {"version": None, "reason": "it is not"})

    assert (status, begun["shadow"]["version"], begun["comparison"]["live"]) == (200, SECOND, FIRST)
    assert [(each["version"], each["actor"], each["reason"]) for each in ended["decisions"]] == [
        (None, "ada", "it is not"),
        (SECOND, "ada", "is it better?"),
    ]
    assert (ended["shadow"], ended["comparison"]) == (None, None)
    assert show(client) == ended


def test_what_both_said_is_compared(client: FlaskClient) -> None:
    """From the drawings as they are sent, one by one or in a batch, to an operator's figures."""
    try_out(client, SECOND)
    drawn = [
        replace(
            doodle(UUID(int=number), "cat"),
            guess="dog",
            confidence=0.5,
            model_version=FIRST,
            shadow=ShadowAnswer(SECOND, "cat", 0.75),
        )
        for number in (1, 2, 3)
    ]
    bodies = [as_json(each) for each in drawn]

    answers = [
        client.post("/api/v1/doodles", json=bodies[0]),
        client.post("/api/v1/doodles", json=bodies[0]),
        client.post("/api/v1/doodles", json={"doodles": bodies}),
    ]

    assert [answer.status_code for answer in answers] == [201, 200, 201]
    comparison = show(client)["comparison"]
    tally = {"num_doodles": 3, "num_agreed": 0, "num_both": 0, "num_first": 0, "num_second": 3, "num_neither": 0}
    assert {name: comparison["labels"]["cat"][name] for name in tally} == tally
    assert comparison["all"] == comparison["labels"]["cat"]
    assert (comparison["live_sureness"], comparison["shadow_sureness"]) == (
        {"right": None, "wrong": 0.5},
        {"right": 0.75, "wrong": None},
    )


def test_pages_are_told_where_it_is(client: FlaskClient, engine: Engine) -> None:
    """Beside what is live; the tag changes with either, so that nobody keeps an old answer."""
    acts: list[Callable[[], object]] = [
        lambda: None,
        lambda: try_out(client, SECOND),
        lambda: try_out(client, THIRD),
        lambda: deploy_version(engine, THIRD, FIRST),
        lambda: try_out(client, SECOND),
    ]
    tags, named = [], []
    for act in acts:
        act()
        answer = client.get(LIVE)
        assert answer.json is not None
        tags.append(answer.headers["ETag"])
        named.append(answer.json["shadow"] and answer.json["shadow"]["version"])
        assert client.get(LIVE, headers={"If-None-Match": tags[-1]}).status_code == 304

    assert named == [None, SECOND, THIRD, None, SECOND]
    assert len(set(tags)) == len(tags)


def test_pages_hear_of_it(app: Flask, client: FlaskClient, engine: Engine) -> None:
    """Everybody, of each change once; a new stream says how things stand."""
    streams = EventStreams(10)
    visitor = streams.open(is_operator=False, hang_up=lambda: None)
    assert visitor is not None
    announcer = Announcer(engine, streams, LabelList(engine, LABEL_SET))

    try_out(client, SECOND)
    announcer.hear('{"kind": "shadow", "version": "whatever"}')
    announcer.catch_up()
    with app.app_context():
        assert f'event: shadow\ndata: {{"version":"{SECOND}"}}'.encode() in read_present().text
    deploy_version(engine, SECOND, FIRST)
    announcer.catch_up()
    with app.app_context():
        assert b"event: shadow" not in read_present().text

    streams.close()
    heard = b"".join(streams.follow(visitor, None)).decode()
    assert heard.count("event: shadow") == 2
    assert 'data: {"version":null}' in heard


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"version": FIRST, "reason": "a test"}, 422, "version"),
        ({"version": "latest", "reason": "a test"}, 422, "version"),
        ({"version": "f" * 12, "reason": "a test"}, 404, "version"),
        ({"reason": "a test"}, 422, "version"),
        ({"version": SECOND}, 422, "reason"),
        ({"version": SECOND, "reason": " "}, 422, "reason"),
        ({"version": SECOND, "reason": "x" * 501}, 422, "reason"),
        ({"version": SECOND, "reason": "a test", "share": 0.5}, 422, "share"),
    ],
)
def test_bad_input_is_named(client: FlaskClient, body: dict[str, Any], status: int, field: str) -> None:
    """Nothing is decided by a body that is not understood."""
    answered, problem = decide(client, body)

    assert (answered, problem["errors"][0]["field"]) == (status, field)
    assert show(client)["decisions"] == []


def test_only_operators_decide(client: FlaskClient) -> None:
    """Everybody else learns nothing, either."""
    assert client.get(URL).status_code == 401
    assert client.put(URL, json={"version": SECOND, "reason": "mine"}).status_code == 401
