"""What `doodle drift` says of drift."""

from datetime import UTC, datetime

from doodle_cli.commands.drift import format_drift

NOW = datetime(2026, 1, 2, 3, tzinfo=UTC)
MEASURE = {
    "name": "ink",
    "finding": "alert",
    "value": 2.3456,
    "watch": 0.25,
    "alert": 2.0,
    "p_value": 0.001,
    "words": "Changed much.",
}


def test_too_few_drawings_are_counted() -> None:
    """Nobody has to guess when there will be something to see."""
    standing = {"latest": None, "words": "There are too few.", "num_drawings": 12, "num_wanted": 300}

    assert format_drift(standing, NOW) == "There are too few. There are 12 of 300."


def test_the_state_its_measures_and_the_history_are_told() -> None:
    """Each measure beside its thresholds, the latest checks below."""
    check = {"created_at": "2026-01-02T02:50:00+00:00", "finding": "alert", "state": "alert"}
    latest = {
        "num_present": 100,
        "num_reference": 200,
        "present_from": "2026-01-01T03:00:00+00:00",
        "measures": [MEASURE],
    }
    words = {"state": "alert", "words": "The drawings have changed.", "since": "2026-01-02T02:00:00+00:00"}

    told = format_drift({**words, "latest": latest, "history": [check]}, NOW).splitlines()

    assert told[0] == "ALERT, it began 1 h ago. The drawings have changed."
    assert told[2] == "100 drawings, the first of them 1 d ago, against 200 before them:"
    assert told[5].split() == ["ink", "alert", "2.35", "0.25", "2.0", "0.001"]
    assert told[-1].split() == ["10", "min", "ago", "alert", "alert"]
