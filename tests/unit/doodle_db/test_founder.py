"""Whom the live version descends from, as far as runs alone made it: what the gate holds every candidate to."""

from datetime import UTC, datetime

import pytest

from doodle_db.errors import NoLiveModelError
from doodle_db.founder import trace_founder
from doodle_db.model_registry import Deployment, DeploymentKind

Line = tuple[DeploymentKind, str, str | None]


def history(*lines: Line) -> list[Deployment]:
    """Deployments, newest first, of what is written down oldest first: kind, version, version before."""
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    made = [
        Deployment(number, version, previous, kind, "somebody", "a test", noon)
        for number, (kind, version, previous) in enumerate(lines, start=1)
    ]
    return made[::-1]


FIRST: Line = ("publish", "base", None)


@pytest.mark.parametrize(
    ("lines", "founder"),
    [
        pytest.param([FIRST], "base", id="the first version is its own"),
        pytest.param([FIRST, ("publish", "a", "base"), ("publish", "b", "a")], "base", id="published by runs"),
        pytest.param([FIRST, ("publish", "a", "base"), ("rollback", "base", "a")], "base", id="rolled back to it"),
        pytest.param(
            [FIRST, ("publish", "a", "base"), ("publish", "b", "a"), ("rollback", "a", "b"), ("publish", "c", "a")],
            "base",
            id="a rollback founds nothing",
        ),
        pytest.param([FIRST, ("publish", "a", "base"), ("deploy", "new", "a")], "new", id="deployed by hand"),
        pytest.param(
            [FIRST, ("publish", "a", "base"), ("deploy", "new", "a"), ("publish", "b", "new")],
            "new",
            id="and gone on from",
        ),
        pytest.param(
            [FIRST, ("publish", "a", "base"), ("deploy", "new", "a"), ("rollback", "a", "new")],
            "base",
            id="back in the line before",
        ),
        pytest.param(
            [FIRST, ("publish", "a", "base"), ("publish", "b", "a"), ("publish", "a", "b")],
            "base",
            id="the very same weights published again",
        ),
        pytest.param([("publish", "b", "a")], "a", id="the history before is gone"),
    ],
)
def test_a_line_goes_back_to_what_a_person_answers_for(lines: list[Line], founder: str) -> None:
    """Publications by runs are followed back; an operator's deployment, and the first one, found a line."""
    assert trace_founder(history(*lines)) == founder


def test_without_a_deployment_there_is_no_line() -> None:
    """Before the first deployment nobody can be asked."""
    with pytest.raises(NoLiveModelError):
        trace_founder([])
