"""Reviews: an operator sees what was screened out and why, and has the last word about it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.doodles import store_doodles
from doodle_db.screening_sets import select_unscreened
from doodle_db.screenings import ScreenedOut, Screener, apply_screening
from doodle_db.tables import runs
from doodle_db.watermark import BEFORE_EVERYTHING, read_horizon
from doodle_testing.builders import LABEL_SET, SOMEBODY_ELSE, doodle
from doodle_testing.model_server import OPERATOR

URL = "/api/v1/reviews"
IDS = [UUID(int=number) for number in range(1, 8)]
RUN = UUID(int=77)
SCREENED_AT = datetime(2026, 1, 2, 4, tzinfo=UTC)


@pytest.fixture
def screened(engine: Engine) -> list[str]:
    """Seven cats, all but the last screened out: five in quarantine, one a repeat; newest first."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each) for each in IDS[:5]])
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each, contributor=SOMEBODY_ELSE) for each in IDS[5:]])
        row = {"key": RUN, "kind": "delta", "trigger": "operator", "requested_by": "ada", "arguments": {}}
        connection.execute(runs.insert().values(row))
    label = [
        ScreenedOut(each, "quarantined", "label", "Looks like a dog.", {"label_share": 0.05}, "dog") for each in IDS[:4]
    ]
    unknown = ScreenedOut(IDS[4], "quarantined", "unknown", "Looks like nothing.", {"energy": 1.0})
    repeat = ScreenedOut(IDS[5], "unused", "duplicate", "Repeats a doodle that came before it.", {})
    with engine.begin() as connection:
        seen = select_unscreened(connection, LABEL_SET, BEFORE_EVERYTHING, read_horizon(connection), 100).seen
        apply_screening(connection, Screener(RUN, 1, SCREENED_AT), seen, [*label, unknown, repeat])
    return [str(each) for each in reversed(IDS[:5])]


def get(client: FlaskClient, **query: str) -> dict[str, Any]:
    answer = client.get(URL, query_string=query, headers=OPERATOR)
    assert answer.status_code == 200, answer.get_json()
    return dict(answer.get_json())


def post(client: FlaskClient, **body: Any) -> Any:
    return client.post(URL, json={"reason": "looked at it", **body}, headers=OPERATOR)


def ids_of(content: dict[str, Any]) -> list[str]:
    return [each["id"] for each in content["reviews"]]


def test_a_page_says_what_and_why(client: FlaskClient, screened: list[str]) -> None:
    """The drawing, its label, the reason in words and numbers, who and when; nothing that leads to an address."""
    content = get(client)

    assert ids_of(content) == screened
    shown = content["reviews"][-1]
    assert shown["reason"] == "label"
    assert shown["words"] == "Looks like a dog."
    assert shown["numbers"] == {"label_share": 0.05}
    assert (shown["label"], shown["suggestion"], shown["status"]) == ("cat", "dog", "quarantined")
    assert (shown["run"], shown["screener"], shown["screened_at"]) == (str(RUN), 1, SCREENED_AT.isoformat())
    assert (len(shown["contributor"]), shown["review"]) == (8, None)
    assert content["counts"] == {"label": 4, "unknown": 1, "contributor": 0, "duplicate": 0, "share": 0, "operator": 0}


def test_pages_follow_each_other(client: FlaskClient, screened: list[str]) -> None:
    """Each doodle on one page, the last of which says so."""
    first = get(client, limit="3")
    second = get(client, limit="3", cursor=first["next"])

    assert ids_of(first) + ids_of(second) == screened
    assert second["next"] is None


def test_filters(client: FlaskClient, screened: list[str]) -> None:
    """By reason, by label and by state."""
    post(client, ids=[screened[0]], action="reject")

    assert ids_of(get(client, reason="unknown")) == []
    assert ids_of(get(client, reason="label")) == screened[1:]
    assert ids_of(get(client, label="dog")) == []
    assert ids_of(get(client, state="unused")) == [str(IDS[5])]
    assert ids_of(get(client, state="reviewed")) == [screened[0]]


@pytest.mark.parametrize("field", ["state", "reason", "label", "limit", "cursor"])
def test_a_wrong_question_names_its_field(client: FlaskClient, field: str) -> None:
    """Whatever it is."""
    answer = client.get(URL, query_string={field: "nonsense"}, headers=OPERATOR)

    assert answer.status_code == 422
    assert [each["field"] for each in answer.get_json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("action", "label", "expected"),
    [
        ("accept", None, ("accepted", "cat")),
        ("reject", None, ("rejected", "cat")),
        ("relabel", "dog", ("accepted", "dog")),
    ],
)
def test_a_decision_stands_and_can_be_undone(
    client: FlaskClient, screened: list[str], action: str, label: str | None, expected: tuple[str, str]
) -> None:
    """Who decided what, when and why stands beside the doodle; undone, it waits again."""
    body = {"ids": screened[:2], "action": action, **({"label": label} if label else {})}
    answers = [post(client, **body) for _ in range(2)]
    undone = post(client, ids=screened[:2], action="undo")

    assert [each.status_code for each in [*answers, undone]] == [200, 200, 200]
    assert answers[0].get_json() == answers[1].get_json()
    told = answers[0].get_json()["reviews"]
    assert [each["id"] for each in told] == screened[:2]
    assert [(each["status"], each["label"]) for each in told] == [expected, expected]
    review = told[0]["review"]
    assert (review["action"], review["operator"], review["reason"]) == (action, "ada", "looked at it")
    assert (review["label_before"], review["label"]) == ("cat", expected[1])
    assert [(each["status"], each["label"], each["review"]) for each in undone.get_json()["reviews"]] == [
        ("quarantined", "cat", None)
    ] * 2
    assert ids_of(get(client)) == screened


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ids": []}, "ids"),
        ({"ids": [str(UUID(int=number)) for number in range(101)]}, "ids"),
        ({"ids": [str(IDS[0]), str(IDS[0])]}, "ids"),
        ({"ids": ["1"]}, "ids[0]"),
        ({"action": "delete"}, "action"),
        ({"action": "relabel"}, "label"),
        ({"action": "relabel", "label": "cow"}, "label"),
        ({"label": "dog"}, "label"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_a_wrong_decision_names_its_field(
    client: FlaskClient, screened: list[str], wrong: dict[str, Any], field: str
) -> None:
    """And changes nothing."""
    answer = post(client, **{"ids": [screened[0]], "action": "accept", **wrong})

    assert answer.status_code == 422, answer.get_json()
    assert [each["field"] for each in answer.get_json()["errors"]] == [field]
    assert ids_of(get(client)) == screened


def test_unknown_doodles_and_nothing_to_undo(client: FlaskClient, screened: list[str]) -> None:
    """All or nothing; what nobody has drawn is none to decide about."""
    unscreened = post(client, ids=[screened[0], str(UUID(int=404))], action="accept")
    undo = post(client, ids=[screened[0]], action="undo")

    assert (unscreened.status_code, unscreened.get_json()["errors"][0]["field"]) == (404, "ids[1]")
    assert (undo.status_code, undo.get_json()["errors"][0]["field"]) == (409, "ids[0]")
    assert ids_of(get(client)) == screened


def test_the_public_sees_and_decides_nothing(client: FlaskClient, screened: list[str]) -> None:
    """Quarantine is for operators."""
    assert client.get(URL).status_code == 401
    assert client.post(URL, json={"ids": screened, "action": "accept", "reason": "x"}).status_code == 401
