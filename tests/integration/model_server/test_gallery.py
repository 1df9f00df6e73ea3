"""The gallery: every doodle once, newest first, however many pages it takes."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from doodle_db.doodles import store_doodles
from doodle_testing.builders import doodle
from doodle_testing.model_server import OPERATOR

LABELS = ("cat", "dog", "fish", "cat", "dog", "cat", "cat")


@pytest.fixture
def drawn(engine: Engine) -> list[str]:
    """Seven doodles, newest first; the last two were stored in one transaction, at one time."""
    doodles = [doodle(UUID(int=number + 1), label) for number, label in enumerate(LABELS)]
    for alone in doodles[:5]:
        with engine.begin() as connection:
            store_doodles(connection, [alone])
    with engine.begin() as connection:
        store_doodles(connection, doodles[5:])
        store_doodles(connection, [doodle(UUID(int=100), contributor=None)])
    return [str(each.id) for each in reversed(doodles)]


def pages(client: FlaskClient, **query: str) -> list[list[str]]:
    """Turn pages to the last one; gives the ids on each."""
    found: list[list[str]] = []
    after: dict[str, str] = {}
    while True:
        answer = client.get("/api/v1/doodles", query_string=query | after, headers=OPERATOR)
        assert answer.status_code == 200, answer.get_json()
        found.append([each["id"] for each in answer.get_json()["doodles"]])
        if answer.get_json()["next"] is None:
            return found
        after = {"after": answer.get_json()["next"]}


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_every_page_size_shows_every_doodle_once(client: FlaskClient, drawn: list[str], limit: int) -> None:
    """Of users, in one order, with nothing lost or doubled where pages meet."""
    turned = pages(client, limit=str(limit))

    assert [each for page in turned for each in page] == drawn
    assert all(len(page) == limit for page in turned[:-1])


def test_a_label_shows_only_its_own(client: FlaskClient, drawn: list[str]) -> None:
    """The filter holds on every page."""
    cats = [each for each, label in zip(drawn, reversed(LABELS), strict=True) if label == "cat"]

    assert pages(client, label="cat", limit="3") == [cats[:3], cats[3:]]
    assert pages(client, label="rabbit") == [[]]


def test_what_was_not_accepted_is_not_shown(client: FlaskClient, engine: Engine, drawn: list[str]) -> None:
    """Quarantined drawings have a place of their own."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE doodles SET status = 'quarantined' WHERE id = :id"), {"id": drawn[0]})

    assert pages(client) == [drawn[1:]]


def test_a_new_doodle_does_not_shift_the_pages_behind(client: FlaskClient, engine: Engine, drawn: list[str]) -> None:
    """A page is a place, not a number: while one reads, people go on drawing."""
    first = client.get("/api/v1/doodles?limit=3", headers=OPERATOR).get_json()
    with engine.begin() as connection:
        store_doodles(connection, [doodle(UUID(int=50))])

    second = client.get(
        "/api/v1/doodles", query_string={"limit": "3", "after": first["next"]}, headers=OPERATOR
    ).get_json()

    assert [each["id"] for each in second["doodles"]] == drawn[3:6]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("label=cow", "label"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
        ("limit=%D9%A3", "limit"),
        ("after=yesterday", "after"),
        ("after=2026-01-02T03:04:05_00000000-0000-0000-0000-000000000001", "after"),
    ],
)
def test_a_wrong_query_names_its_field(client: FlaskClient, query: str, field: str) -> None:
    """And reads nothing."""
    refused = client.get(f"/api/v1/doodles?{query}", headers=OPERATOR)

    assert refused.status_code == 422
    assert [each["field"] for each in refused.get_json()["errors"]] == [field]


def test_only_operators_look(client: FlaskClient) -> None:
    """Drawings are shown to nobody else."""
    assert client.get("/api/v1/doodles").status_code == 401


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("guess=cow", "guess"),
        ("wrong=yes", "wrong"),
        ("status=new", "status"),
        ("version=latest", "version"),
        ("from=yesterday", "from"),
        ("to=2026-01-02T03:04:05", "to"),
        ("to=0001-01-01T00:00:00%2B23:00", "to"),
        ("contributor=ada", "contributor"),
    ],
)
def test_a_wrong_filter_names_its_field(client: FlaskClient, query: str, field: str) -> None:
    """And reads nothing."""
    refused = client.get(f"/api/v1/doodles?{query}", headers=OPERATOR)

    assert refused.status_code == 422
    assert [each["field"] for each in refused.get_json()["errors"]] == [field]


def test_filters_narrow_what_is_shown(client: FlaskClient, engine: Engine, drawn: list[str]) -> None:
    """A status, a guess, days with all their hours; together."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE doodles SET status = 'rejected' WHERE id = :id"), {"id": drawn[0]})
        connection.execute(text("UPDATE doodles SET guess = 'dog' WHERE id = :id"), {"id": drawn[1]})
        today = connection.execute(text("SELECT now()::date::text")).scalar_one()

    assert pages(client, status="rejected") == [drawn[:1]]
    assert pages(client, status="any", **{"from": today, "to": today}) == [drawn]
    assert pages(client, wrong="1") == [drawn[1:2]]
    assert pages(client, guess="dog", label="cat") == [drawn[1:2]]
    assert pages(client, to="2020-01-01") == [[]]
    assert pages(client, status="any", **{"from": f"{today}T00:00:00+23:00"}) == [drawn]
    contributor = client.get(f"/api/v1/doodles/{drawn[0]}", headers=OPERATOR).get_json()["contributor"]
    assert pages(client, status="any", contributor=contributor) == [drawn]


def test_one_doodle_with_all_that_is_known(client: FlaskClient, drawn: list[str]) -> None:
    """Its strokes, and every decision about it, also what was undone."""
    for action in ("reject", "undo", "accept"):
        order = {"ids": [drawn[0]], "action": action, "reason": "looked at it"}
        assert client.post("/api/v1/reviews", json=order, headers=OPERATOR).status_code == 200

    one = client.get(f"/api/v1/doodles/{drawn[0]}", headers=OPERATOR).get_json()

    assert (one["strokes"], one["has_strokes"], one["status"]) == (None, False, "accepted")
    assert [each["action"] for each in one["history"]] == ["accept", "undo", "reject"]
    assert (one["review"]["action"], one["screening"]) == ("accept", None)
    assert client.get(f"/api/v1/doodles/{UUID(int=404)}", headers=OPERATOR).status_code == 404
    assert client.get(f"/api/v1/doodles/{UUID(int=100)}", headers=OPERATOR).status_code == 404
