"""Trying a version as a shadow, and reading how it does, as it is typed."""

from typing import Any

from doodle_testing.table_server import TableServer

TRIED, LIVE = "000000000001", "000000000002"
TALLY = {
    "num_doodles": 10,
    "num_agreed": 7,
    "num_both": 6,
    "num_first": 2,
    "num_second": 1,
    "num_neither": 1,
    "p_value": 1.0,
}
NOTHING: dict[str, Any] = {"shadow": None, "comparison": None, "decisions": []}


def standing(**more: Any) -> dict[str, Any]:
    sureness = {"right": 0.9, "wrong": None}
    comparison = {"live": LIVE, "window": 10_000, "num_seen": 10, "num_elsewhere": 0, "all": TALLY}
    comparison |= {"labels": {"cat": TALLY}, "live_sureness": sureness, "shadow_sureness": sureness}
    begun = {"version": TRIED, "actor": "ada", "reason": "Why not?", "created_at": "2026-11-21T11:00:00+00:00"}
    return {"shadow": begun, "comparison": {**comparison, **more}, "decisions": [begun]}


def test_it_is_begun_and_ended_with_a_reason(server: TableServer) -> None:
    """What the API demands is asked for before it is asked."""
    server.answer("PUT /api/v1/shadow", standing(), NOTHING)

    begun = server.run("shadow", TRIED, "--reason", "Why not?")
    ended = server.run("shadow", "--end", "--reason", "Seen enough.")

    assert begun.output.startswith(f"{TRIED} is tried beside {LIVE}, says ada: Why not?\n")
    assert ended.output == "No version is tried as a shadow.\n"
    assert [body for _, body, _ in server.asked] == [
        {"version": TRIED, "reason": "Why not?"},
        {"version": None, "reason": "Seen enough."},
    ]
    assert server.run("shadow", TRIED).exit_code == 2
    assert server.run("shadow", TRIED, "--end", "--reason", "Both?").exit_code == 2


def test_its_figures_are_a_table(server: TableServer) -> None:
    """Agreement, who is right how often, who alone, whether that may be chance, and a warning where there are few."""
    server.answer("GET /api/v1/shadow", standing(num_elsewhere=3))

    lines = server.run("shadow").output.splitlines()

    assert lines[1] == "On 10 drawings they agree on 70.0 % (it may well be chance, p = 1 by McNemar's test)."
    assert lines[2:4] == [
        "Too few to tell: wait for 100 at least.",
        "3 more came in beside another version, and do not count.",
    ]
    assert lines[5].split() == ["cat", "10", "70.0", "%", "80.0", "%", "70.0", "%", "2", "1", "1"]
    assert lines[6].split()[0] == "all"


def test_before_anybody_has_drawn_there_is_no_table(server: TableServer) -> None:
    """It says so."""
    nothing = dict.fromkeys(TALLY, 0)
    server.answer("GET /api/v1/shadow", standing(all=nothing, labels={}))

    assert server.run("shadow").output.splitlines()[1] == "No drawing has been answered by both yet."


def test_its_figures_are_csv_for_spreadsheets(server: TableServer) -> None:
    """The columns of the console; without a shadow an error, not an empty file."""
    server.answer("GET /api/v1/shadow", standing(), NOTHING)

    lines = server.run("shadow", "--csv").output.splitlines()
    none = server.run("shadow", "--csv")

    assert lines[0].startswith("Label,Drawings,Agreed,Both right,Only live right,")
    assert lines[1:] == ["cat,10,7,6,2,1,1,0.8,0.7,1.0", "all,10,7,6,2,1,1,0.8,0.7,1.0"]
    assert (none.exit_code, "no shadow" in none.output) == (1, True)
