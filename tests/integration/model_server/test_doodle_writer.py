"""What is written is committed when it is told, whatever happens to the connection, the process or the database."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, text

from doodle_db.doodles import Doodle
from doodle_db.engine import connect_to
from doodle_db.errors import DoodleConflictError
from doodle_db.tables import doodles
from doodle_testing.builders import doodle
from doodle_testing.killed_writer import DOODLE
from doodle_testing.wire import as_json
from model_server.app import create_app
from model_server.config import Settings
from model_server.doodle_writer import DoodleWriter
from model_server.errors import StoreBusyError
from model_server.group_commit import GroupCommit

URL = "/api/v1/doodles"
TESTS = Path(__file__).parents[2]
ONE, TWO, THREE, FOUR = (doodle(UUID(int=index)) for index in range(1, 5))
OTHERS_BACKENDS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def writer(engine: Engine) -> Iterator[DoodleWriter]:
    made = DoodleWriter(engine)
    yield made
    made.close()


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(doodles)).scalar_one()


def test_what_is_told_is_committed(writer: DoodleWriter, engine: Engine) -> None:
    """Another connection sees it: singles without a transaction around them, batches with one."""
    singles = writer.write([[ONE], [TWO], [ONE]])
    batch = writer.write([[THREE, FOUR], [ONE]])

    assert singles == [["stored"], ["stored"], ["already_stored"]]
    assert batch == [["stored", "stored"], ["already_stored"]]
    assert count(engine) == 4


def test_a_conflict_is_its_own_requests(writer: DoodleWriter, engine: Engine) -> None:
    """Alone or in a batch, it keeps out nothing but what came with it."""
    writer.write([[ONE]])

    singles = writer.write([[replace(ONE, label="dog")], [TWO]])
    batches = writer.write([[THREE, replace(ONE, label="dog")], [FOUR]])

    assert isinstance(singles[0], DoodleConflictError)
    assert isinstance(batches[0], DoodleConflictError)
    assert singles[1] in (["stored"], ["already_stored"])
    assert batches[1] == ["stored"]
    assert count(engine) == 3


@pytest.mark.parametrize("batch", [[TWO], [TWO, THREE]], ids=["single", "batch"])
def test_a_connection_that_was_cut_is_replaced(writer: DoodleWriter, database_url: str, batch: list[Doodle]) -> None:
    """A database that was restarted between two requests costs none of them."""
    writer.write([[ONE]])
    other = connect_to(database_url)
    with other.begin() as connection:
        connection.execute(OTHERS_BACKENDS)
    other.dispose()

    assert writer.write([batch]) == [["stored"] * len(batch)]


@pytest.mark.parametrize(("moment", "outcome"), [("before", "stored"), ("after", "already_stored")])
def test_a_process_killed_before_it_acknowledged(
    writer: DoodleWriter, database_url: str, moment: str, outcome: str
) -> None:
    """Nothing was acknowledged, so it is sent again: stored once, whichever side of the commit it was."""
    command = [sys.executable, "-m", "doodle_testing.killed_writer", database_url, moment]
    killed = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "PYTHONPATH": str(TESTS)}
    )

    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, ""), killed.stderr
    assert writer.write([[DOODLE]]) == [[outcome]]


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Let nobody write doodles meanwhile."""
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE doodles IN ACCESS EXCLUSIVE MODE"))
        yield


@pytest.fixture
def impatient(settings: Settings, database_url: str) -> Iterator[Flask]:
    """The service on connections whose statements may take 0.3 s."""
    engine = connect_to(database_url, statement_timeout_ms=300)
    yield create_app(settings, engine)
    engine.dispose()


def test_a_database_that_is_too_slow_is_told_to_everybody(impatient: Flask, engine: Engine) -> None:
    """503 and when to come again, for those in the transaction and those behind it; then it goes on."""

    def send(sent: Doodle) -> tuple[int, str | None, bool]:
        answer = impatient.test_client().post(URL, json=as_json(sent))
        return answer.status_code, answer.mimetype, "Retry-After" in answer.headers

    with ThreadPoolExecutor(4) as senders:
        with locked(engine):
            refused = list(senders.map(send, (ONE, TWO, THREE, FOUR)))
        stored = list(senders.map(send, (ONE, TWO, THREE, FOUR)))

    assert refused == [(503, "application/problem+json", True)] * 4
    assert [status for status, *_ in stored] == [201] * 4
    assert count(engine) == 4


def test_a_full_line_is_told(app: Flask, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 and when to come again; nothing is stored."""

    def refuse(_: GroupCommit, __: list[Doodle]) -> None:
        raise StoreBusyError

    monkeypatch.setattr(GroupCommit, "store", refuse)

    answer = app.test_client().post(URL, json=as_json(ONE))

    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
    assert count(engine) == 0
