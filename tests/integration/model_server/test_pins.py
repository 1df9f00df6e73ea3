"""An operator pauses automatic deployment, with a reason, and lets it go on."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from doodle_testing.model_server import OPERATOR

URL = "/api/v1/pin"


def decide(client: FlaskClient, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = client.put(URL, json=body, headers=OPERATOR)
    assert answer.json is not None
    return answer.status_code, answer.json


def test_pinned_until_somebody_lets_go(client: FlaskClient) -> None:
    """Who, when and why stays to be read, newest first."""
    assert client.get(URL, headers=OPERATOR).json == {"pinned": False, "decisions": []}

    status, pinned = decide(client, {"pinned": True, "reason": "a fair"})
    _, let_go = decide(client, {"pinned": False, "reason": "it is over"})

    assert (status, pinned["pinned"], let_go["pinned"]) == (200, True, False)
    assert [(each["pinned"], each["actor"], each["reason"]) for each in let_go["decisions"]] == [
        (False, "ada", "it is over"),
        (True, "ada", "a fair"),
    ]
    assert client.get(URL, headers=OPERATOR).json == let_go


def test_a_second_click_changes_nothing(client: FlaskClient) -> None:
    """The same decision again is the same line."""
    once = decide(client, {"pinned": True, "reason": "a fair"})

    assert decide(client, {"pinned": True, "reason": "a fair"}) == once


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"pinned": "yes", "reason": "a fair"}, "pinned"),
        ({"reason": "a fair"}, "pinned"),
        ({"pinned": True}, "reason"),
        ({"pinned": True, "reason": " "}, "reason"),
        ({"pinned": True, "reason": "x" * 501}, "reason"),
        ({"pinned": True, "reason": "a fair", "until": "noon"}, "until"),
    ],
)
def test_bad_input_is_named(client: FlaskClient, body: dict[str, Any], field: str) -> None:
    """Nothing is decided by a body that is not understood."""
    status, problem = decide(client, body)

    assert (status, problem["errors"][0]["field"]) == (422, field)
    assert client.get(URL, headers=OPERATOR).json == {"pinned": False, "decisions": []}


def test_only_operators_decide(client: FlaskClient) -> None:
    """Everybody else learns nothing, either."""
    assert client.get(URL).status_code == 401
    assert client.put(URL, json={"pinned": True, "reason": "mine"}).status_code == 401
