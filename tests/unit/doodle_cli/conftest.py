"""A server that answers commands from a table."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from doodle_testing.table_server import TableServer


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TableServer]:
    """A server, and a working directory without a home."""
    monkeypatch.chdir(tmp_path)
    made = TableServer()
    yield made
    made.shutdown()
    made.server_close()
