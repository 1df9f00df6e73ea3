"""How the live model does, as operators are told: bounded stretches, shares with their uncertainty."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from doodle_testing.builders import LABEL_SET, SOME_TIME
from doodle_testing.model_server import OPERATOR, Clock
from doodle_testing.produced import VERSIONS, deploy_versions, produce

NUM_DOODLES = 1_200
BEGINS, ENDS = datetime.fromisoformat("2025-12-01T00:00Z"), datetime.fromisoformat("2025-12-31T00:00Z")


def ask(client: FlaskClient, **query: str) -> dict[str, Any]:
    answer = client.get("/api/v1/production", query_string=query, headers=OPERATOR)
    assert answer.status_code == 200, answer.get_json()
    return dict(answer.get_json())


@pytest.fixture
def produced(engine: Engine) -> None:
    """A month of drawings, and a version every ten days."""
    with engine.begin() as connection:
        deploy_versions(connection, BEGINS, ENDS)
        produce(connection, NUM_DOODLES, BEGINS, ENDS)


@pytest.mark.usefixtures("produced")
def test_a_month_is_told_by_day_version_and_label(client: FlaskClient, engine: Engine) -> None:
    """All of it adds up to what a GROUP BY says."""
    found = ask(client, **{"from": "2025-12-01", "to": "2025-12-31"})

    right = text("SELECT count(*) FROM doodles WHERE guess = label AND status <> 'rejected'")
    with engine.connect() as connection:
        num_right = connection.execute(right).scalar_one()
    assert (found["by"], found["from"], found["to"]) == ("day", BEGINS.isoformat(), ENDS.isoformat())
    assert found["total"]["accuracy"]["num"] == num_right
    for part in ("times", "versions", "labels"):
        assert sum(each["accuracy"]["num"] for each in found[part] if each["accuracy"]) == num_right
    assert len(found["times"]) == 30
    assert [each["version"] for each in found["versions"]] == [None, *VERSIONS]
    assert found["confusion"]["labels"] == list(LABEL_SET.names)
    assert sum(map(sum, found["confusion"]["counts"])) == found["total"]["accuracy"]["of"]
    assert sum(found["statuses"].values()) == NUM_DOODLES
    assert 0 < found["calibration"]["error"] < 0.3
    assert len(found["calibration"]["bins"]) == 10
    assert [each["version"] for each in found["deployments"]] == list(VERSIONS[1:])
    assert found["live"] == VERSIONS[-1]


@pytest.mark.usefixtures("produced")
def test_one_version_is_told_alone(client: FlaskClient) -> None:
    """Beside it the others stay, so that another one can be chosen."""
    found = ask(client, **{"from": "2025-12-01", "to": "2025-12-31", "version": VERSIONS[1]})

    assert found["version"] == VERSIONS[1]
    assert len(found["versions"]) == 4
    (alone,) = (each for each in found["versions"] if each["version"] == VERSIONS[1])
    assert found["total"] == {name: alone[name] for name in found["total"]}
    assert len(found["times"]) == 10


@pytest.mark.usefixtures("produced")
def test_a_share_of_few_tells_how_little_it_says(client: FlaskClient) -> None:
    """An hour with a guess or two may be anything; a month may not."""
    hours = ask(client, **{"by": "hour", "from": "2025-12-05T10:00Z", "to": "2025-12-05T14:00Z"})
    month = ask(client, **{"from": "2025-12-01", "to": "2025-12-31"})["total"]["accuracy"]

    for hour in hours["times"]:
        assert hour["accuracy"]["of"] <= 2
        assert hour["accuracy"]["high"] - hour["accuracy"]["low"] > 0.6
    assert month["low"] < month["value"] < month["high"] < month["low"] + 0.06


def test_nothing_at_all_is_no_error(client: FlaskClient, clock: Clock) -> None:
    """Unless told otherwise it is the last 30 days, today included; shares of nothing are null."""
    clock.now = SOME_TIME

    found = ask(client)

    assert found["to"] == "2026-01-03T00:00:00+00:00"
    assert found["from"] == (datetime.fromisoformat(found["to"]) - timedelta(days=30)).isoformat()
    assert found["total"] == {"num_doodles": 0, "accuracy": None, "accuracy_known": None, "unknown": None}
    assert (found["times"], found["versions"], found["deployments"], found["live"]) == ([], [], [], None)
    assert [each["label"] for each in found["labels"]] == list(LABEL_SET.names)
    assert found["calibration"]["error"] is None


def test_a_stretch_is_widened_to_whole_steps(client: FlaskClient) -> None:
    """What is counted by the hour cannot be told by the minute; times are of UTC unless they say otherwise."""
    found = ask(client, **{"by": "hour", "from": "2025-12-05T10:20+01:00", "to": "2025-12-05T10:20"})

    assert (found["from"], found["to"]) == ("2025-12-05T09:00:00+00:00", "2025-12-05T11:00:00+00:00")


BAD = [
    ("by", {"by": "week"}),
    ("from", {"from": "yesterday"}),
    ("from", {"from": "1999-01-01"}),
    ("to", {"to": "2026-13-01"}),
    ("to", {"to": "9999-12-31T23:59:59Z"}),
    ("from", {"from": "2026-01-02", "to": "2026-01-02"}),
    ("from", {"from": "2026-01-03", "to": "2026-01-02"}),
    ("from", {"from": "2024-01-01", "to": "2026-01-01"}),
    ("from", {"by": "hour", "from": "2025-12-01", "to": "2025-12-31"}),
    ("version", {"version": "live"}),
]


@pytest.mark.parametrize(("field", "query"), BAD, ids=[str(query) for _, query in BAD])
def test_each_fault_names_its_field(client: FlaskClient, field: str, query: dict[str, str]) -> None:
    """What is asked for is bounded, and a wrong question says where."""
    answer = client.get("/api/v1/production", query_string=query, headers=OPERATOR)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]
