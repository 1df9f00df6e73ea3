"""doodle predict, as it is typed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from doodle_cli.commands.predict import MAX_BYTES
from doodle_testing.table_server import TableServer

ANSWER = {
    "version": "0123456789ab",
    "prediction": "cat",
    "probability": 0.931,
    "top": [{"label": "cat", "probability": 0.931}, {"label": "dog", "probability": 0.04}],
    "known": False,
    "rejection_score": -0.1,
    "threshold": -0.2,
    "bitmap": "AAAA",
}
STARTS = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff\xe0",
    "image/webp": b"RIFF\x00\x00\x00\x00WEBP",
}


@pytest.fixture
def server() -> Iterator[TableServer]:
    server = TableServer()
    server.answer("POST /api/v1/predict?top_k=3", ANSWER)
    server.answer("POST /api/v1/predict?top_k=1&version=ba9876543210", ANSWER)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    """A file of each kind, whose name says nothing of it."""
    files = [tmp_path / f"{number}.dat" for number in range(len(STARTS))]
    for file, start in zip(files, STARTS.values(), strict=True):
        file.write_bytes(start + b"the rest")
    return [str(file) for file in files]


def test_each_picture_is_sent_as_it_is(server: TableServer, pictures: list[str]) -> None:
    """Its kind is told by how it begins; the table says what it shows, how likely, and whether that is known."""
    lines = server.run("predict", *pictures).output.splitlines()

    assert [body for _, body, _ in server.asked] == [start + b"the rest" for start in STARTS.values()]
    assert len(lines) == 4
    assert all(words in lines[1] for words in (pictures[0], "cat", "93.1 %", "no", "dog 4.0 %", "0123456789ab"))


def test_programs_get_what_the_api_says(server: TableServer, pictures: list[str]) -> None:
    """A list with the file's name beside each answer; --top and --version go into the address."""
    said = server.run("predict", pictures[0], "--top", "1", "--version", "ba9876543210", "--json").output

    assert json.loads(said) == [{"file": pictures[0], **ANSWER}]


@pytest.mark.parametrize(("content", "words"), [(b"GIF89a", "no picture"), (bytes(MAX_BYTES + 1), "20 MB at most")])
def test_what_is_no_picture_is_not_sent(server: TableServer, tmp_path: Path, content: bytes, words: str) -> None:
    """The name of the file, and what was expected."""
    file = tmp_path / "file"
    file.write_bytes(content)

    refused = server.run("predict", str(file))

    assert (refused.exit_code, server.asked) == (1, [])
    assert str(file) in refused.output
    assert words in refused.output.replace("\n", " ")
