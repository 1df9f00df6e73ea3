"""What `doodle production` asks and says."""

from typing import Any

from doodle_testing.table_server import TableServer

SHARE = {"num": 3, "of": 4, "value": 0.75, "low": 0.3006, "high": 0.9544}
TALLY = {"num_doodles": 5, "accuracy": SHARE, "accuracy_known": None, "unknown": None}
TOLD: dict[str, Any] = {
    "by": "day",
    "from": "2026-11-20T00:00:00+00:00",
    "to": "2026-11-22T00:00:00+00:00",
    "version": None,
    "live": "0123456789ab",
    "total": TALLY,
    "statuses": {"accepted": 4, "quarantined": 1, "rejected": 2},
    "times": [{"begins": "2026-11-20T00:00:00+00:00", **TALLY}],
    "versions": [{"version": "0123456789ab", **TALLY}, {"version": None, **TALLY}],
    "labels": [{"label": "cat", **TALLY}, {"label": "dog", **TALLY}],
    "confusion": {"labels": ["cat", "dog", "fish"], "counts": [[3, 1, 0], [4, 2, 0], [0, 0, 0]]},
    "calibration": {"error": None, "bins": []},
    "deployments": [],
}


def test_shares_stand_beside_how_little_they_say(server: TableServer) -> None:
    """All of it, by version, by label, by day, and what was taken for what."""
    server.answer("GET /api/v1/production?by=day", TOLD)

    said = server.run("production")

    assert said.exit_code == 0, said.output
    assert said.output.startswith("From 2026-11-20T00:00 to 2026-11-22T00:00 UTC, all versions: 5 drawings, 1 of them")
    lines = [line.split() for line in said.output.splitlines()]
    assert ["all", "5", "75.0", "%", "30.1", "to", "95.4", "-", "-", "-", "-"] in lines
    assert [line[0] for line in lines if "75.0" in line] == [
        "all", "0123456789ab", "none", "cat", "dog", "2026-11-20T00:00"
    ]  # fmt: skip
    mistakes = lines.index(["LABEL", "TAKEN", "FOR", "DRAWINGS"])
    assert lines[mistakes + 1 : mistakes + 3] == [["dog", "cat", "4"], ["cat", "dog", "1"]]


def test_a_stretch_and_a_version_are_asked_for(server: TableServer) -> None:
    """Whatever is typed goes to the server, which says what is wrong with it."""
    path = "/api/v1/production?by=hour&from=2026-11-20T10%3A00&to=2026-11-21&version=0123456789ab"
    server.answer(f"GET {path}", {**TOLD, "version": "0123456789ab"})
    stretch = ("--from", "2026-11-20T10:00", "--to", "2026-11-21")

    said = server.run("production", "--by", "hour", *stretch, "--version", "0123456789ab", "--json")

    assert (said.exit_code, '"version": "0123456789ab"' in said.output) == (0, True)
    assert server.run("production", "--by", "week").exit_code == 2
