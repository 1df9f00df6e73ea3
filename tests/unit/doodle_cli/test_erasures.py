"""`doodle erase` and `doodle export`, in front of a server that answers from a table."""

from pathlib import Path

from doodle_testing.table_server import TableServer

NAME = "5f1c03aa" * 8
SOMEBODY = {
    "contributor": NAME,
    "num_doodles": 12,
    "first_at": "2026-01-02T03:04:05+00:00",
    "last_at": "2026-01-09T03:04:05+00:00",
    "versions": ["0123456789ab"],
}
ERASURE = {
    "erasure": 1,
    "state": "open",
    "num_doodles": 0,
    "num_pictures": 0,
    "versions": [],
    "waits_for": [],
    "operator": "ada",
    "reason": "by letter",
    "created_at": "2026-01-10T03:04:05+00:00",
    "finished_at": None,
}
DONE = {**ERASURE, "state": "finished", "num_doodles": 12, "num_pictures": 3, "versions": ["0123456789ab"]}


def test_erasing_is_looked_at_first(server: TableServer) -> None:
    """Without --yes nothing is ordered."""
    server.answer("GET /api/v1/contributors/5f1c03aa", {"contributors": [SOMEBODY]})

    shown = server.run("erase", "5f1c03aa", "--reason", "by letter").output

    assert "12 doodles from 2026-01-02 to 2026-01-09; may have been learnt by 0123456789ab" in shown
    assert "say --yes" in shown
    assert [route for route, *_ in server.asked] == ["GET /api/v1/contributors/5f1c03aa"]


def test_erasing_waits_for_its_end(server: TableServer) -> None:
    """What was confirmed is what was shown; what stays is named."""
    server.answer("GET /api/v1/contributors/5f1c03aa", {"contributors": [SOMEBODY]})
    server.answer("POST /api/v1/erasures", ERASURE, status=202)
    server.answer("GET /api/v1/erasures/1", DONE)

    shown = server.run("erase", "5f1c03aa", "--reason", "by letter", "--yes").output

    assert "12 doodles and 3 pictures in reports are gone. May have been learnt by: 0123456789ab." in shown
    assert server.asked[1][1] == {"contributor": NAME, "confirm": 12, "reason": "by letter"}


def test_erasing_nobody_by_a_name_of_two(server: TableServer) -> None:
    """The digits that tell them apart are shown."""
    other = {**SOMEBODY, "contributor": "5f1c03aa" + "0" * 56}
    server.answer("GET /api/v1/contributors/5f1c03aa", {"contributors": [SOMEBODY, other]})

    refused = server.run("erase", "5f1c03aa", "--reason", "by letter", "--yes")

    assert refused.exit_code != 0
    assert "5f1c03aa00000000" in refused.output


def test_erasures_tell_of_nobody(server: TableServer) -> None:
    """When, by whom, why, how much."""
    server.answer("GET /api/v1/erasures", {"erasures": [DONE]})

    assert "ada" in server.run("erasures").output


def test_a_file_that_is_there_stays(server: TableServer, tmp_path: Path) -> None:
    """And nothing is left of one that was refused."""
    file = tmp_path / "doodles.ndjson"
    refused = server.run("export", str(file))
    assert refused.exit_code != 0
    assert list(tmp_path.iterdir()) == []
    file.write_text("mine")

    refused = server.run("export", str(file))

    assert "is there already" in refused.output
    assert file.read_text() == "mine"
