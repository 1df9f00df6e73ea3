"""The service as gunicorn runs it: what it takes, and what it survives."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar, Protocol
from uuid import UUID

import httpx
import psutil
import pytest
from sqlalchemy import Engine, select

from doodle_db.doodles import Doodle
from doodle_db.tables import doodles
from doodle_testing.builders import doodle, ids_of_split
from doodle_testing.model_server import OPERATOR, Server, answers, running_server, wait_until
from doodle_testing.wire import as_batches, as_json

URL = "/api/v1/doodles"
MEMORY_BYTES = 200 * 1024 * 1024


def ids_in(engine: Engine) -> list[UUID]:
    with engine.connect() as connection:
        return list(connection.execute(select(doodles.c.id)).scalars())


def test_a_process_is_small_and_has_no_tensorflow(server: Server) -> None:
    """After real work a process holds less than 200 MB, and no library of TensorFlow is mapped into it."""
    batch = [doodle(each) for each in ids_of_split("train", 300)]
    with server.client() as client:
        for body in as_batches(batch):
            assert client.post(URL, json=body).status_code == 201
        for path in ("/readyz", "/api/v1/stats"):
            assert client.get(path).status_code == 200

    processes = server.workers()
    mapped = [Path(f"/proc/{process.pid}/maps").read_text() for process in processes]

    assert len(processes) == 1
    assert all(process.memory_info().rss < MEMORY_BYTES for process in processes)
    assert not any("tensorflow" in libraries for libraries in mapped)
    assert all("psycopg2" in libraries for libraries in mapped)


def test_the_operator_of_the_settings_is_entered(server: Server) -> None:
    """OPERATOR_TOKEN is enough to steer a stack nobody has typed a command in."""
    with server.client() as client:
        wait_until(lambda: client.get("/api/v1/session", headers=OPERATOR).status_code == 200)

        assert client.get("/api/v1/session", headers=OPERATOR).json() == {"operator": "operator"}


class Sender:
    """Sends doodles one after another until told to stop, and remembers which were acknowledged."""

    def __init__(self, server: Server, batch: list[Doodle]) -> None:
        self.acknowledged: list[UUID] = []
        self.sent: list[Doodle] = []
        self._server = server
        self._batch = iter(batch)
        self._enough = threading.Event()

    def send(self) -> None:
        while not self._enough.is_set():
            sending = next(self._batch)
            self.sent.append(sending)
            try:
                answer = httpx.post(self._server.url + URL, json=as_json(sending), timeout=10, trust_env=False)
            except httpx.TransportError:
                continue
            if answer.status_code == 201:
                self.acknowledged.append(sending.id)

    def stop(self) -> None:
        self._enough.set()


def wait_for_more(senders: list[Sender]) -> None:
    """Wait until some more doodles have been acknowledged."""
    enough = sum(len(sender.acknowledged) for sender in senders) + 20
    wait_until(lambda: sum(len(sender.acknowledged) for sender in senders) > enough)


def test_a_killed_process_loses_nothing_it_acknowledged(server: Server, engine: Engine) -> None:
    """SIGKILL in mid-request: what was acknowledged is there, and sending everything again doubles nothing."""
    ids = ids_of_split("train", 4_000)
    senders = [Sender(server, [doodle(each) for each in ids[start::4]]) for start in range(4)]
    with ThreadPoolExecutor(4) as pool:
        going = [pool.submit(sender.send) for sender in senders]
        for _ in range(3):
            wait_for_more(senders)
            for process in server.workers():
                process.kill()
            wait_for_more(senders)
        for sender in senders:
            sender.stop()
        for each in going:
            each.result()

    acknowledged = {doodle_id for sender in senders for doodle_id in sender.acknowledged}
    sent = [each for sender in senders for each in sender.sent]
    assert acknowledged <= set(ids_in(engine))
    with server.client() as client:
        again = [client.post(URL, json=body).status_code for body in as_batches(sent)]
    assert set(again) <= {200, 201}
    assert sorted(ids_in(engine)) == sorted(each.id for each in sent)


class Administrator(Protocol):
    """What the tests' PostgreSQL offers."""

    def execute(self, statement: str) -> None: ...


def test_an_outage_of_the_database_is_told_and_survived(
    server: Server, engine: Engine, database_url: str, postgres: Administrator
) -> None:
    """503 and when to come again while it is away; nobody has to restart anything when it is back."""
    name = database_url.rsplit("/", 1)[1]
    first, second = (doodle(each) for each in ids_of_split("train", 2))
    with server.client() as client:
        assert client.post(URL, json=as_json(first)).status_code == 201
        postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

        refused = client.post(URL, json=as_json(second))
        unready = client.get("/readyz")
        alive = client.get("/healthz")
        postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        stored = client.post(URL, json=as_json(second))

    assert (refused.status_code, unready.status_code, alive.status_code) == (503, 503, 200)
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert int(refused.headers["Retry-After"]) > 0
    assert stored.status_code == 201
    assert answers(server, "/readyz")
    assert sorted(ids_in(engine)) == sorted([first.id, second.id])


class TrainingServer(BaseHTTPRequestHandler):
    """Stands in for training_server: notes what it is asked for."""

    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def training_server() -> Iterator[tuple[str, list[str]]]:
    """The address of a stand-in, and what it was asked for."""
    TrainingServer.asked.clear()
    stand_in = HTTPServer(("127.0.0.1", 0), TrainingServer)
    thread = threading.Thread(target=stand_in.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{stand_in.server_port}", TrainingServer.asked
    stand_in.shutdown()
    thread.join()
    stand_in.server_close()


def test_enough_doodles_reach_training_server(
    database_url: str, tmp_path: Path, training_server: tuple[str, list[str]]
) -> None:
    """The answer to the client does not wait for it, and it comes by itself soon after."""
    url, asked = training_server
    batch = [doodle(each) for each in ids_of_split("train", 5)]
    settings = {"TRAINING_SERVER_URL": url, "DELTA_MIN_DOODLES": "5"}
    with running_server(database_url, tmp_path / "log", **settings) as server, server.client() as client:
        assert client.post(URL, json=next(as_batches(batch[:4]))).status_code == 201
        assert client.post(URL, json=as_json(batch[4])).status_code == 201
        wait_until(lambda: len(asked) > 0)

    assert set(asked) == {"/internal/trigger"}


def test_two_processes_start_and_log_json_lines(database_url: str, tmp_path: Path) -> None:
    """The default is two processes; what they say at start is no warning, and each line is one of ours."""
    with running_server(database_url, tmp_path / "log") as server:
        wait_until(lambda: server.log.read_text().count("listener_connected") == 2)
        assert len(server.workers()) == 2

    lines = server.log.read_text().splitlines()
    assert lines
    assert all(line.startswith('{"time": "') for line in lines), "\n".join(lines)
    assert not any('"level": "warning"' in line or '"level": "error"' in line for line in lines), "\n".join(lines)


def test_wrong_settings_refuse_the_start(database_url: str) -> None:
    """One message that names everything, no traceback, no process left behind."""
    command = [sys.executable, "-m", "gunicorn", "-c", "python:model_server.gunicorn_conf", "model_server.wsgi:app"]
    environ = {**os.environ, "DATABASE_URL": "", "CONTRIBUTOR_KEY": "", "LOG_LEVEL": "loud", "BIND": "127.0.0.1:0"}

    refused = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)

    assert refused.returncode == 1
    assert all(name in refused.stderr for name in ("DATABASE_URL", "CONTRIBUTOR_KEY", "LOG_LEVEL"))
    assert "Traceback" not in refused.stderr


def test_a_lost_parent_takes_its_processes_along(server: Server) -> None:
    """A supervisor that kills the parent can start anew: no orphan keeps the address."""
    orphans = server.workers()
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(timeout=30)

    gone, alive = psutil.wait_procs(orphans, timeout=10)

    assert (len(gone), alive) == (1, [])
