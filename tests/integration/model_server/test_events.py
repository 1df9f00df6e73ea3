"""Whoever has a stream open hears of a deployment while it happens."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from flask import Flask
from sqlalchemy import Engine, text

from doodle_db.events import CHANNEL
from doodle_db.runs import queue_delta_run
from doodle_testing.model_server import (
    FIRST,
    OPERATOR,
    SECOND,
    THIRD,
    Server,
    deploy_version,
    running_server,
    wait_until,
)
from model_server.parts import parts_of

URL = "/api/v1/events"
pytestmark = pytest.mark.usefixtures("versions")

LISTENERS = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'")


class Events:
    """Reads an open stream event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        self.headers = answer.headers
        self._lines = answer.iter_lines()

    def __next__(self) -> tuple[str, dict[str, Any]]:
        fields: dict[str, str] = {}
        for line in self._lines:
            if line == "" and fields.get("event") == "labels":
                # The labels are told of, too; see test_labels.
                fields = {}
                continue
            if line == "" and "event" in fields:
                return fields["event"], json.loads(fields["data"])
            name, _, value = line.partition(": ")
            fields[name] = value
        raise StopIteration

    def __iter__(self) -> "Events":
        return self


@contextmanager
def open_stream(server: Server, headers: dict[str, str] | None = None) -> Iterator[Events]:
    """Open a stream; reading it fails after ten seconds of silence."""
    with server.client() as client, client.stream("GET", URL, headers=headers) as answer:
        assert answer.status_code == 200
        yield Events(answer)


def find_listeners(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.execute(LISTENERS).scalars())


def test_the_first_event_is_the_present(server: Server) -> None:
    """And no cache or proxy on the way may keep an event back."""
    with open_stream(server) as events:
        name, data = next(events)

    assert (name, data["version"]) == ("deployment", FIRST)
    assert events.headers["Content-Type"].startswith("text/event-stream")
    assert (events.headers["Cache-Control"], events.headers["X-Accel-Buffering"]) == ("no-store", "no")


def test_a_deployment_reaches_an_open_stream_within_a_second(server: Server, engine: Engine) -> None:
    """From the commit to the client."""
    with open_stream(server) as events:
        next(events)
        deploy_version(engine, SECOND, FIRST)
        committed = time.monotonic()
        name, data = next(events)
        seconds = time.monotonic() - committed

    assert (name, data["version"]) == ("deployment", SECOND)
    assert seconds < 1


def test_all_streams_of_a_process_share_one_connection(server: Server, engine: Engine) -> None:
    """Streams are many and idle; what they cost the database does not grow with them."""
    with open_stream(server) as one, open_stream(server) as two:
        next(one)
        next(two)
        deploy_version(engine, SECOND, FIRST)

        assert next(one) == next(two)
        assert len(find_listeners(engine)) == 1


def test_what_happens_while_nobody_listens_is_told_afterwards(server: Server, engine: Engine) -> None:
    """A connection that is cut and a deployment before it is back: the stream stays open and hears of it."""
    with open_stream(server) as events:
        next(events)
        with engine.begin() as connection:
            for pid in find_listeners(engine):
                connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        deploy_version(engine, SECOND, FIRST)
        missed = next(events)
        wait_until(lambda: len(find_listeners(engine)) == 1)
        deploy_version(engine, THIRD, SECOND)
        heard = next(events)

    assert [missed[1]["version"], heard[1]["version"]] == [SECOND, THIRD]


def test_nonsense_on_the_channel_is_ignored(server: Server, engine: Engine) -> None:
    """Whoever may connect to the database may announce; it must not deafen the service."""
    with open_stream(server) as events:
        next(events)
        with engine.begin() as connection:
            for payload in ("", "[]", "{}", '{"kind": "run"}', '{"kind": "run", "key": 3}', '{"kind":"run","key":"x"}'):
                connection.execute(text("SELECT pg_notify(:channel, :text)"), {"channel": CHANNEL, "text": payload})
        deploy_version(engine, SECOND, FIRST)

        assert next(events)[1]["version"] == SECOND


def test_operators_hear_of_runs_and_nobody_else(server: Server, engine: Engine) -> None:
    """The public is told of the deployment after the run, not of the run."""
    key = UUID(int=1)
    with open_stream(server, OPERATOR) as operator, open_stream(server) as anybody:
        next(operator)
        next(anybody)
        with engine.begin() as connection:
            queue_delta_run(connection, key, trigger="operator", requested_by="ada")
        name, run = next(operator)
        deploy_version(engine, SECOND, FIRST)

        assert (name, run["key"], run["state"]) == ("run", str(key), "waiting")
        assert next(anybody)[0] == "deployment"


def test_a_wrong_token_opens_the_publics_stream(server: Server, engine: Engine) -> None:
    """Streams are public; only an operator's tells more."""
    with open_stream(server, {"Authorization": "Bearer wrong"}) as events:
        next(events)
        with engine.begin() as connection:
            queue_delta_run(connection, UUID(int=1), trigger="operator", requested_by="ada")
        deploy_version(engine, SECOND, FIRST)

        assert next(events)[0] == "deployment"


def test_more_streams_than_may_be_are_refused(database_url: str, tmp_path: Path) -> None:
    """503 and when to come again; a stream that ends makes room."""
    with running_server(database_url, tmp_path / "log", MODEL_SERVER_PROCESSES="1", MAX_STREAMS="1") as server:
        with open_stream(server) as events, server.client() as client:
            next(events)
            refused = client.get(URL)

        assert (refused.status_code, refused.headers["Content-Type"]) == (503, "application/problem+json")
        assert int(refused.headers["Retry-After"]) > 0


def test_a_request_for_the_headers_alone_leaves_no_stream_behind(app: Flask) -> None:
    """What is never read is never ended by its reader."""
    answer = app.test_client().head(URL)

    assert answer.status_code == 200
    assert len(parts_of(app).streams) == 0


def test_streams_end_when_the_service_is_stopped(server: Server) -> None:
    """SIGTERM does not wait for what never ends by itself, and clients see an end, not a break."""
    with open_stream(server) as events:
        next(events)
        started = time.monotonic()
        server.process.terminate()

        assert list(events) == []
    server.process.wait(timeout=30)
    assert server.process.returncode == 0
    assert time.monotonic() - started < 5
