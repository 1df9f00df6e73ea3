"""An operator sees whether drawings are still what they were, and what that rests on."""

from datetime import timedelta
from typing import Any, cast

from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.doodles import store_doodles
from doodle_db.drift import DriftCheck, Level, Measure, write_check
from doodle_testing.builders import SOME_TIME, doodle, ids_of_split
from doodle_testing.model_server import FIRST, OPERATOR

URL = "/api/v1/drift"
NOW, THEN, GONE = ids_of_split("train", 3)


def check(minute: int, finding: Level, state: Level) -> DriftCheck:
    """Make a check that speaks of ink alone."""
    value = {"steady": 0.1, "watch": 0.5, "alert": 3.0}[finding]
    histogram = {"edges": [0.0, 0.5, 1.0], "now": [50, 50], "before": [150, 50]}
    return DriftCheck(
        state=state,
        finding=finding,
        version=FIRST,
        num_present=100,
        num_reference=200,
        present_from=SOME_TIME - timedelta(hours=1),
        present_to=SOME_TIME,
        reference_from=SOME_TIME - timedelta(days=2),
        reference_to=SOME_TIME - timedelta(hours=2),
        measures=(Measure("ink", value, 0.02, 0.001, 0.0025, 0.25, 2.0, finding),),
        pictures={
            "labels": {"names": ["cat", "dog"], "now": [40, 60], "before": [100, 100]},
            "ink": histogram,
            "confidence": histogram,
            "samples": {"chosen_by": "difference", "now": [str(NOW), str(GONE)], "before": [str(THEN)]},
        },
        created_at=SOME_TIME + timedelta(minutes=minute),
    )


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
        for minute, (finding, state) in enumerate((("steady", "steady"), ("alert", "steady"), ("alert", "alert"))):
            write_check(connection, check(minute, finding, state))  # type: ignore[arg-type]  # words of the levels

    told = ask(client)

    assert told["state"] == "alert"
    assert told["since"] == (SOME_TIME + timedelta(minutes=2)).isoformat()
    assert [each["state"] for each in told["history"]] == ["alert", "steady", "steady"]
    (measure,) = told["latest"]["measures"]
    assert measure["words"].startswith("Changed much: 3 is above 2")
    assert [each["id"] for each in told["latest"]["samples"]["now"]] == [str(NOW)]
    assert [each["label"] for each in told["latest"]["samples"]["before"]] == ["dog"]


def test_the_history_is_bounded(client: FlaskClient, engine: Engine) -> None:
    """As many as are asked for, 500 at most."""
    with engine.begin() as connection:
        for minute in range(3):
            write_check(connection, check(minute, "steady", "steady"))

    assert len(ask(client, "?limit=2")["history"]) == 2
    refused = client.get(f"{URL}?limit=501", headers=OPERATOR)
    assert refused.status_code == 422
    assert refused.json is not None
    assert [each["field"] for each in refused.json["errors"]] == ["limit"]
