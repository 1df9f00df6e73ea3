"""Pinning, comparing, fetching and deleting versions, as they are typed."""

import json
from pathlib import Path
from typing import Any

import pytest

from doodle_testing.table_server import TableServer

ONE, OTHER = "000000000001", "000000000002"
TALLY = {"num_doodles": 10, "num_both": 6, "num_first": 2, "num_second": 1, "num_neither": 1, "p_value": 1.0}
PINNED = {
    "pinned": True,
    "decisions": [
        {"pinned": True, "actor": "ada", "reason": "A fair.", "created_at": "2026-11-21T11:00:00+00:00"},
    ],
}


def test_pin_and_unpin_say_what_holds(server: TableServer) -> None:
    """With the reason, which the API demands."""
    server.answer("PUT /api/v1/pin", PINNED, {"pinned": False, "decisions": []})

    pinned = server.run("pin", "--reason", "A fair.")
    let_go = server.run("unpin", "--reason", "Over.")

    assert (pinned.exit_code, pinned.output) == (0, "Pinned by ada: A fair.\n")
    assert let_go.output == "Not pinned: what passes the gate goes live by itself.\n"
    assert [body for _, body, _ in server.asked] == [
        {"pinned": True, "reason": "A fair."},
        {"pinned": False, "reason": "Over."},
    ]
    assert server.run("pin").exit_code == 2


def test_a_comparison_is_a_table_a_holdout(server: TableServer) -> None:
    """Who is right how often, who alone, and whether that may be chance."""
    holdout = {"name": "base", "all": TALLY, "labels": {"cat": TALLY}}
    server.answer(f"GET /api/v1/models/{ONE}/comparison?with={OTHER}", {"holdouts": [holdout]})

    lines = server.run("compare", ONE, "--with", OTHER).output.splitlines()

    assert lines[0] == "On base drawings (it may well be chance, p = 1 by McNemar's test):"
    assert lines[2].split() == ["cat", "10", "80.0", "%", "70.0", "%", "2", "1", "1"]
    assert lines[3].split()[0] == "all"


def test_a_comparison_is_csv_for_spreadsheets(server: TableServer) -> None:
    """A line for each label of each holdout, and one for all of them."""
    holdout = {"name": "base", "all": TALLY, "labels": {"cat": TALLY}}
    content = {"version": ONE, "with": OTHER, "holdouts": [holdout]}
    server.answer(f"GET /api/v1/models/{ONE}/comparison?with={OTHER}", content)

    lines = server.run("compare", ONE, "--with", OTHER, "--csv").output.splitlines()

    assert lines == [
        f"Holdout,Label,Drawings,Both right,Only {ONE} right,Only {OTHER} right,None right,"
        f"{ONE} accuracy,{OTHER} accuracy,McNemar p",
        "base,cat,10,6,2,1,1,0.8,0.7,1.0",
        "base,all,10,6,2,1,1,0.8,0.7,1.0",
    ]


def test_without_drawings_there_is_no_table(server: TableServer) -> None:
    """It says so."""
    server.answer(f"GET /api/v1/models/{ONE}/comparison?with={OTHER}", {"holdouts": []})

    assert "no held-out drawings" in server.run("compare", ONE, "--with", OTHER).output


def test_a_download_overwrites_nothing(server: TableServer, tmp_path: Path) -> None:
    """Into a file of the version's name, or another one; a second time it says that it is there."""
    server.answer(f"GET /api/v1/models/{ONE}/archive", "a zip")

    done, again = server.run("download", ONE), server.run("download", ONE)
    elsewhere = server.run("download", ONE, "--to", "other.zip")

    assert done.exit_code == elsewhere.exit_code == 0
    assert (tmp_path / f"{ONE}.zip").read_text() == (tmp_path / "other.zip").read_text() == json.dumps("a zip")
    assert again.exit_code == 1
    assert "--to" in again.output


@pytest.mark.parametrize(("version", "typed"), [(ONE, ONE), ("all", "animals")])
def test_deleting_asks_for_the_name(server: TableServer, version: str, typed: str) -> None:
    """What is typed is what the server is to check; what it says is gone and stays is shown."""
    answer: dict[str, Any] = {
        "deleted": [ONE],
        "kept": [{"version": OTHER, "needed_for": "it is live"}],
        "files_removed": False,
    }
    server.answer("POST /api/v1/models/deletions", answer)

    said = server.run("delete", version, "--reason", "Old.", "--confirm", typed).output

    assert server.asked[0][1] == {"version": version, "confirm": typed, "reason": "Old."}
    assert said.splitlines()[:2] == [f"Deleted: {ONE}.", f"Kept: {OTHER}, it is live."]
    assert "next deletion" in said
    assert server.run("delete", version, "--reason", "Old.").exit_code == 1, "nobody is there to type"
