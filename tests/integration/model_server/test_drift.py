"""An operator sees whether drawings are still what they were, and what that rests on."""

from datetime import datetime, timedelta
from typing import Any, cast

from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.doodles import store_doodles
from doodle_db.drift import Level, write_check
from doodle_testing.builders import SOME_TIME, doodle, ids_of_split
from doodle_testing.drift_checks import drift_check
from doodle_testing.model_server import FIRST, OPERATOR

URL = "/api/v1/drift"
COURSE: tuple[tuple[Level, Level], ...] = (("steady", "steady"), ("alert", "steady"), ("alert", "alert"))
NOW, THEN, GONE = ids_of_split("train", 3)


def at(minute: int) -> datetime:
    return SOME_TIME + timedelta(minutes=minute)


def ask(client: FlaskClient, query: str = "") -> dict[str, Any]:
    answer = client.get(URL + query, headers=OPERATOR)
    assert answer.status_code == 200, answer.json
    return cast(dict[str, Any], answer.json)


def test_before_there_are_enough_it_says_how_many_there_are(client: FlaskClient, engine: Engine) -> None:
    """Nobody has to guess how long there will be nothing to see."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(NOW), doodle(THEN)])

    told = ask(client)

    assert (told["state"], told["latest"], told["since"], told["history"]) == ("waiting", None, None, [])
    assert (told["num_drawings"], told["num_wanted"]) == (2, 300)


def test_the_newest_check_is_shown_with_its_drawings(client: FlaskClient, engine: Engine) -> None:
    """The state with its beginning; drawings that are gone by now are left out, and the check stays."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(NOW), doodle(THEN, "dog")])
        for minute, (finding, state) in enumerate(COURSE):
            drawings = {"drawn_now": (NOW, GONE), "drawn_before": (THEN,)}
            write_check(connection, drift_check(at(minute), finding, state, version=FIRST, **drawings))

    told = ask(client)

    assert told["state"] == "alert"
    assert told["since"] == at(2).isoformat()
    assert [each["state"] for each in told["history"]] == ["alert", "steady", "steady"]
    (measure,) = told["latest"]["measures"]
    assert measure["words"].startswith("Changed much: 3 is above 2")
    assert [each["id"] for each in told["latest"]["samples"]["now"]] == [str(NOW)]
    assert [each["label"] for each in told["latest"]["samples"]["before"]] == ["dog"]


def test_the_history_is_bounded(client: FlaskClient, engine: Engine) -> None:
    """As many as are asked for, 500 at most."""
    with engine.begin() as connection:
        for minute in range(3):
            write_check(connection, drift_check(at(minute)))

    assert len(ask(client, "?limit=2")["history"]) == 2
    refused = client.get(f"{URL}?limit=501", headers=OPERATOR)
    assert refused.status_code == 422
    assert refused.json is not None
    assert [each["field"] for each in refused.json["errors"]] == ["limit"]
