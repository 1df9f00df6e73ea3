"""model_server for tests: its versions, its clock, and gunicorn as `doodle up` runs it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import psutil
from sqlalchemy import Engine

from doodle_cli.postgres import free_port
from doodle_db.model_registry import deploy
from doodle_testing.builders import SOME_TIME

TOKEN = "only-for-tests-only-for-tests-only-for-tests"
OPERATOR = {"Authorization": f"Bearer {TOKEN}"}
CONTRIBUTOR_KEY = "00112233445566778899aabbccddeeff"
FIRST, SECOND, THIRD = "0" * 12, "1" * 12, "2" * 12


class Clock:
    """Tells the time a test has set."""

    def __init__(self) -> None:
        self.now = SOME_TIME

    def __call__(self) -> datetime:
        return self.now

    def advance(self, duration: timedelta) -> None:
        self.now += duration


def deploy_version(engine: Engine, version: str, live: str | None) -> None:
    """Make a version live in place of another, as a worker does."""
    with engine.begin() as connection:
        deploy(connection, version, kind="publish", actor="test", reason="a test", expected_live=live)


@dataclass(frozen=True)
class Server:
    """gunicorn with the service in it."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def workers(self) -> list[psutil.Process]:
        """The processes that answer."""
        return list(psutil.Process(self.process.pid).children())

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=10, trust_env=False)


@contextmanager
def running_server(database_url: str, log: Path, **settings: str) -> Iterator[Server]:
    """
    Run gunicorn as `doodle up` does, until the block ends.

    Args:
        database_url: the service's database.
        log: where its lines go.
        settings: further environment variables.
    """
    bind = f"127.0.0.1:{free_port()}"
    needed = {"DATABASE_URL": database_url, "CONTRIBUTOR_KEY": CONTRIBUTOR_KEY, "BIND": bind, "OPERATOR_TOKEN": TOKEN}
    # What a killed one leaves among its temporary files goes with the test's folder.
    needed["TMPDIR"] = str(log.parent)
    command = [sys.executable, "-m", "gunicorn", "-c", "python:model_server.gunicorn_conf", "model_server.wsgi:app"]
    with log.open("wb") as lines:
        process = subprocess.Popen(command, stderr=lines, env={**os.environ, **needed, **settings})
    server = Server(f"http://{bind}", process, log)
    try:
        wait_until(lambda: process.poll() is not None or answers(server, "/readyz"))
        assert process.poll() is None, log.read_text()
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=30)


def answers(server: Server, path: str) -> bool:
    """Tell whether a route answers 200."""
    try:
        return httpx.get(server.url + path, timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Look again and again until something has come about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"did not come about in {seconds} s"
        time.sleep(0.02)
