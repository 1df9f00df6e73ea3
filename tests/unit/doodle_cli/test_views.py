"""What the commands show: tables and words a person can read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from doodle_cli.commands.models import format_models
from doodle_cli.commands.status import format_status
from doodle_cli.run_words import format_run, format_runs
from doodle_cli.table import format_age, format_percent, format_table

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

RUN: dict[str, Any] = {
    "key": "0b8f6a52-0000-4000-8000-000000000001",
    "state": "finished",
    "kind": "delta",
    "dataset": "new",
    "network": "doodlenet",
    "network_args": {},
    "train_args": {},
    "arguments": {},
    "priority": 0,
    "notes": "",
    "metrics": None,
    "trigger": "doodles",
    "requested_by": "model_server",
    "reason": "",
    "worker": "worker-1",
    "progress": None,
    "num_new_doodles": 250,
    "num_replay_doodles": 250,
    "parent_version": "000000000001",
    "candidate_version": "000000000002",
    "verdict": {
        "outcome": "rejected",
        "summary": "Not better.",
        "checks": [
            {"name": "floor", "passed": True, "words": "No label under its floor.", "numbers": {}},
            {"name": "recent", "passed": False, "words": "Not better on recent drawings.", "numbers": {}},
        ],
    },
    "error": None,
    "created_at": "2026-11-21T11:58:00+00:00",
}


def test_a_table_lines_up() -> None:
    """Columns are as wide as their widest cell, numbers stand to the right, nothing trails."""
    table = format_table(["name", "n"], [["a", 5], ["longer", None], ["b", 1234]])

    assert table.splitlines() == ["NAME       N", "a          5", "longer     -", "b       1234"]


def test_an_empty_table_is_its_head() -> None:
    """Nothing to list is no error."""
    assert format_table(["a", "b"], []) == "A  B"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-21T12:00:00+00:00", "0 s ago"),
        ("2026-11-21T11:59:01+00:00", "59 s ago"),
        ("2026-11-21T11:59:00+00:00", "1 min ago"),
        ("2026-11-20T12:00:00+00:00", "1 d ago"),
        ("2026-11-21T13:00:01+01:00", "0 s ago"),
        ("2026-11-21T12:00:05Z", "0 s ago"),
        (None, None),
    ],
)
def test_times_are_ages(moment: str | None, words: str | None) -> None:
    """The largest unit is enough; a clock that is ahead is not in the future."""
    assert format_age(moment, NOW) == words


def test_shares_are_percents() -> None:
    """One digit is what a holdout of some thousands can tell."""
    assert [format_percent(share) for share in (0.8314, 1.0, None)] == ["83.1 %", "100.0 %", None]


def test_the_live_version_is_marked() -> None:
    """A table of versions says which one is live, and does without what was never measured."""
    versions = [
        {
            "version": "0123456789ab",
            "live": True,
            "network": {"name": "doodlenet", "arguments": {}},
            "num_parameters": 92000,
            "parent_version": None,
            "metrics": {"base": {"accuracy": 0.83}},
            "created_at": "2026-11-21T11:00:00+00:00",
        }
    ]

    assert format_models(versions, NOW).splitlines()[1].split() == (
        ["live", "0123456789ab", "doodlenet", "92000", "83.0", "%", "-", "-", "-", "1", "h", "ago"]
    )


def test_a_run_shows_its_verdict_check_by_check() -> None:
    """Why a candidate was rejected is readable without JSON."""
    lines = format_run(RUN, NOW).splitlines()

    assert "verdict    rejected: Not better." in lines
    assert lines[-2:] == ["  + No label under its floor.", "  - Not better on recent drawings."]
    assert "rejected: Not better." in format_runs([RUN], NOW)


def test_a_run_in_progress_shows_how_far_it_is() -> None:
    """Epoch, step, loss and what is left; what is not known yet is left out."""
    progress = {"stage": "fit", "epoch": 1, "num_epochs": 3, "step": None, "num_steps": None, "loss": None}
    running = {**RUN, "state": "running", "verdict": None, "progress": progress}

    assert "progress   fit, epoch 1/3" in format_run(running, NOW).splitlines()
    assert "fit, epoch 1/3" in format_runs([running], NOW)


def test_the_status_says_what_is_live_and_what_waits() -> None:
    """One screen answers the one on call."""
    content = {
        "stats": {"num_doodles": 7, "labels": {"dog": 3, "cat": 4}, "num_waiting": 5, "delta_min_doodles": 200},
        "live": {
            "version": "0123456789ab",
            "deployed_at": "2026-11-21T11:00:00+00:00",
            "manifest": {"metrics": {"base": {"accuracy": 0.83}}},
        },
        "pin": {"pinned": True, "decisions": [{"actor": "ada", "reason": "A fair."}]},
        "runs": [RUN],
        "workers": [{"name": "w", "host": "h", "state": "idle", "heartbeat_at": "2026-11-21T11:59:58+00:00"}],
    }

    assert format_status("http://localhost:3030", content, NOW).splitlines() == [
        "server    http://localhost:3030",
        "live      0123456789ab, deployed 1 h ago, 83.0 % of held-out base data right",
        "pin       Pinned by ada: A fair.",
        "doodles   7; 5 new of the 200 that start a run",
        f"last run  {RUN['key']} finished, 2 min ago: rejected: Not better.".replace("rejected: ", ""),
        "worker    w on h: idle, seen 2 s ago",
        "",
        "LABEL  DOODLES",
        "cat          4",
        "dog          3",
    ]


def test_a_new_installation_has_a_status_too() -> None:
    """Nothing live, no run, no worker: said, not crashed."""
    stats = {"num_doodles": 0, "labels": {}, "num_waiting": 0, "delta_min_doodles": 200}

    screen = format_status("u", {"stats": stats, "live": None, "runs": [], "workers": []}, NOW)

    assert "live      nothing" in screen
    assert "last run  none" in screen


def test_without_a_token_the_public_part_is_shown() -> None:
    """Whoever may not see runs is told how to."""
    stats = {"num_doodles": 0, "labels": {}, "num_waiting": 0, "delta_min_doodles": 200}

    screen = format_status("u", {"stats": stats, "live": None, "runs": None, "workers": None}, NOW)

    assert "last run  an operator's token shows it, and the workers: set DOODLE_TOKEN" in screen
