"""What `doodle search` reads, and what it and `doodle searches` say."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from doodle_cli.commands.searches import (
    format_plan,
    format_search,
    format_searches,
    make_order,
    read_configuration,
)
from doodle_cli.errors import CliError

NOW = datetime(2026, 1, 2, 3, tzinfo=UTC)
COUNTS = {"waiting": 0, "running": 1, "finished": 1, "pruned": 0, "failed": 0, "cancelled": 0}
PARAMS = {"NETWORK": "cnn", "LEARNING_RATE": 0.001}
SEARCH: dict[str, Any] = {
    "key": "6f0c",
    "name": "filters",
    "state": "running",
    "method": "grid",
    "configuration": {"NETWORK": "cnn", "LEARNING_RATE": [0.001, 0.002]},
    "num_trials": 2,
    "counts": COUNTS,
    "best": {"trial": 1, "params": PARAMS, "accuracy": 0.83},
    "importances": {"LEARNING_RATE": 1.0},
    "elapsed_seconds": 61.5,
    "estimated_seconds": 58.0,
    "created_at": "2026-01-02T02:59:00+00:00",
}


def trial(number: int, rate: float, accuracy: float | None) -> dict[str, Any]:
    metrics = None if accuracy is None else {"accuracy": accuracy, "test_accuracy": 0.8}
    state = "finished" if metrics else "running"
    told = {"trial": number, "state": state, "params": {**PARAMS, "LEARNING_RATE": rate}, "metrics": metrics}
    return {**told, "seconds": 57.2, "worker": "worker-1"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"EPOCHS": 1,}', r"is no JSON: .* at line 1, column 1\d"),
        (b"[1]", "holds no JSON object"),
        (b'"\xff"', "is not UTF-8"),
        (b"{" + b" " * 70_000 + b"}", "is larger than 65536 bytes"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_place(tmp_path: Path, content: bytes, words: str) -> None:
    """Its reader mends it without the server."""
    file = tmp_path / "search.json"
    file.write_bytes(content)

    with pytest.raises(CliError, match=words):
        read_configuration(file)


def test_only_what_was_said_is_sent() -> None:
    """The server's defaults are the server's."""
    asked = {"method": "tpe", "num_trials": 5, "name": "", "pruning": False, "priority": 0, "reason": ""}

    assert make_order({"EPOCHS": 1}, **asked) == {
        "configuration": {"EPOCHS": 1},
        "method": "tpe",
        "num_trials": 5,
        "priority": 0,
    }


def test_a_plan_is_told_before_anything_is_ordered() -> None:
    """Every property, how many trials, how long, and by what that is judged."""
    plan = {"configuration": SEARCH["configuration"], "num_combinations": 2, "estimated_seconds": 600.0}

    told = format_plan({**plan, "estimate": "Guessed."}).splitlines()

    assert told == ['NETWORK         "cnn"', "LEARNING_RATE   [0.001, 0.002]", "2 trials, about 10 min. Guessed."]


def test_a_search_is_shown_with_what_varies() -> None:
    """A property that all trials share has no column."""
    told = format_search(SEARCH, [trial(1, 0.001, 0.83), trial(2, 0.002, None)]).splitlines()

    assert told[2:6] == [
        "state    running: 1 running, 1 finished",
        "time     62 s, about 58 s left",
        "best     trial 1: accuracy 0.8300",
        "matters  LEARNING_RATE 100%",
    ]
    assert told[7].split() == ["TRIAL", "STATE", "LEARNING_RATE", "ACCURACY", "TEST", "SECONDS", "WORKER"]
    assert told[8].split() == ["1", "finished", "0.001", "0.83", "0.8", "57.2", "worker-1"]


def test_searches_are_a_table() -> None:
    """One line each, without a best one if none has finished."""
    told = format_searches([SEARCH, {**SEARCH, "best": None, "name": ""}], NOW).splitlines()

    assert told[1].split() == ["6f0c", "filters", "grid", "running", "1/2", "0.8300", "1", "min", "ago"]
    assert told[2].split() == ["6f0c", "-", "grid", "running", "1/2", "-", "1", "min", "ago"]
