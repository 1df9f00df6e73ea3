"""A database that vanishes without a word, as in a failover, is given up within seconds, not when TCP does."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from doodle_db.engine import SILENCE
from doodle_db.workers import Worker
from training_server import heartbeat
from training_server.heartbeat import Heartbeat
from training_server.queue import make_worker_app
from training_server.searches.storage import opened_storage

STUCK_SECONDS = 10
"""How long the beat of a test hangs; a real one would for a quarter of an hour."""


def read_limits(file_descriptor: int) -> dict[str, int]:
    """Ask the kernel how long it waits on a connection."""
    with socket.fromfd(file_descriptor, socket.AF_INET, socket.SOCK_STREAM) as connected:
        assert connected.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        return {
            "tcp_user_timeout": connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT),
            "keepalives_idle": connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE),
            "keepalives_interval": connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL),
            "keepalives_count": connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT),
        }


def read_limits_of_rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return read_limits(connection.connection.fileno())  # psycopg2's


def read_limits_of_searches(engine: Engine) -> dict[str, int]:
    with opened_storage(engine) as storage:
        return read_limits_of_rows(storage.engine)


def read_limits_of_queue(engine: Engine) -> dict[str, int]:
    app = make_worker_app(engine.url.set(drivername="postgresql").render_as_string(hide_password=False), lambda _: None)

    async def read() -> dict[str, int]:
        async with app.open_async(), app.connector.pool.connection() as connection:  # type: ignore[attr-defined]
            return read_limits(connection.fileno())

    return asyncio.run(read())


@pytest.mark.parametrize("read", [read_limits_of_rows, read_limits_of_searches, read_limits_of_queue])
def test_silence_has_a_limit(queue_engine: Engine, read: Callable[[Engine], dict[str, int]]) -> None:
    """Whichever driver connects: Linux alone would go on sending for a quarter of an hour, and listen for ever."""
    limits = read(queue_engine)

    assert limits == {name: number for name, number in SILENCE.items() if name in limits}


def test_a_worker_ends_though_its_beat_hangs(queue_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits a while for the answer to its last beat, and then leaves without a farewell."""
    hangs, goes_on = threading.Event(), threading.Event()

    def hang(_: Heartbeat) -> None:
        hangs.set()
        goes_on.wait(STUCK_SECONDS)

    monkeypatch.setattr(Heartbeat, "turn", hang)
    monkeypatch.setattr(heartbeat, "FAREWELL_SECONDS", 0.1)
    beating = Heartbeat(queue_engine, Worker("first", "here", "paper", 1, uuid4()))
    beating.start()
    assert hangs.wait(STUCK_SECONDS)
    began = time.monotonic()
    try:
        beating.stop()
    finally:
        goes_on.set()

    assert time.monotonic() - began < STUCK_SECONDS / 2
