"""doodle labels, as it is typed."""

from collections.abc import Iterator

import pytest

from doodle_testing.table_server import TableServer

LABELS = {
    "label_set": "animals",
    "labels": [
        {"name": "cat", "prompt": "a cat", "emoji": "🐱", "added_at": None},
        {"name": "sea mouse", "prompt": "a mouse", "emoji": "🐭", "added_at": "2026-11-21T11:00:00+00:00"},
    ],
}
LIVE = {"manifest": {"labels": [{"name": "cat"}]}}


@pytest.fixture
def server() -> Iterator[TableServer]:
    server = TableServer()
    server.answer("GET /api/v1/labels", LABELS)
    server.answer("GET /api/v1/stats", {"labels": {"cat": 12, "sea mouse": 3}})
    server.answer("GET /api/v1/models/live", LIVE)
    yield server
    server.shutdown()
    server.server_close()


def test_a_list_says_which_labels_are_known(server: TableServer) -> None:
    """Name, words, how many drawings there are, and whether the live version can guess it."""
    lines = server.run("labels", "list").output.splitlines()

    assert [line.split("  ")[0] for line in lines[1:]] == ["cat", "sea mouse"]
    assert "not yet" in lines[2]
    assert "2026-11-21" in lines[2]
    assert server.run("labels", "list", "--json").output.count("sea mouse") == 1


def test_adding_sends_what_was_typed(server: TableServer) -> None:
    """And says what becomes of it; asked again it is there already."""
    server.answer("POST /api/v1/labels", *({"name": "mouse", "outcome": each} for each in ("added", "already_added")))

    said = [server.run("labels", "add", "mouse", "--prompt", "a mouse", "--emoji", "🐭").output for _ in range(2)]

    assert said[0].startswith("mouse is a label now.")
    assert said[1].startswith("mouse was a label already.")
    assert server.asked[0] == (
        "POST /api/v1/labels",
        {"name": "mouse", "prompt": "a mouse", "emoji": "🐭"},
        "Bearer t0ken",
    )


def test_a_label_needs_words_and_a_picture(server: TableServer) -> None:
    """The page would have nothing to ask with."""
    assert server.run("labels", "add", "mouse").exit_code == 2


def test_withdrawing_names_the_label_in_the_address(server: TableServer) -> None:
    """A space in it is written as addresses have it."""
    server.answer("DELETE /api/v1/labels/sea%20mouse", {})

    assert "no label any more" in server.run("labels", "withdraw", "sea mouse").output


def test_a_refusal_is_one_line(server: TableServer) -> None:
    """It names the field at fault."""
    problem = {"detail": "Wrong.", "errors": [{"field": "emoji", "detail": "is no emoji"}]}
    server.answer("POST /api/v1/labels", problem, status=422)

    done = server.run("labels", "add", "mouse", "--prompt", "a mouse", "--emoji", "mouse")

    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert "emoji: is no emoji" in done.output
