"""
Where the time of a single POST goes in model_server: its steps, each taken by itself, in the order of the request.

The steps are the service's own functions. Nothing else runs meanwhile, so waiting is PostgreSQL's and the disk's own
time; what shares a commit (model_server.group_commit) shares it.
"""

import json
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import create
from sqlalchemy import Engine
from werkzeug.test import EnvironBuilder, run_wsgi_app

from doodle_db.doodles import Doodle, store_each
from doodle_testing.builders import LABEL_SET, SOMEBODY
from doodle_testing.load_generator import write_requests
from doodle_testing.model_server import CONTRIBUTOR_KEY
from doodle_testing.wire import as_json
from doodle_web.request_body import parse_json
from model_server.app import create_app
from model_server.client_address import hash_address
from model_server.config import from_environment
from model_server.doodle_body import read_bodies, to_doodle
from model_server.doodle_writer import DoodleWriter

NUM_TIMES = 300
GROUP = 8
BATCH = 100
NUM_BATCHES = 10
URL = "/api/v1/doodles"

Spent = tuple[float, float]
"""Seconds of this thread's CPU, and seconds on the wall."""


@dataclass(frozen=True)
class Step:
    """What one step costs a doodle, in microseconds: our own CPU, and all the time it takes."""

    name: str
    cpu_us: float
    wall_us: float


def measure_hot_path(engine: Engine, drawings: Sequence[Doodle]) -> list[Step]:
    """
    Measure the steps, the median of some hundred times each.

    Args:
        engine: a migrated database; doodles are stored in it.
        drawings: what is sent, each time under a new id.
    """
    fresh = _renew(drawings, Random(3))
    requests = [_request(doodle) for doodle in fresh]
    bodies = [json.dumps(as_json(doodle)).encode() for doodle in fresh]
    contents = [parse_json(body) for body in bodies]
    checked = [read_bodies(content, LABEL_SET)[0][0] for content in contents]
    inside = [
        _summarise("JSON", [_time(parse_json, body) for body in bodies]),
        _summarise("validation", [_time(read_bodies, content, LABEL_SET) for content in contents]),
        _summarise("a doodle of it, its contributor", [_time(_finish, body) for body in checked]),
        _measure_write(engine, fresh, 1, "storing it: content hash, INSERT and commit"),
    ]
    http = _summarise("gunicorn: reading the request", _time_parser(requests))
    whole = _summarise("in all", _time_service(engine, _renew(drawings, Random(4))))
    flask = Step(
        "Flask, and werkzeug's caller: all the rest", *(_left(whole, inside, name) for name in ("cpu_us", "wall_us"))
    )
    shared = _measure_write(engine, _renew(drawings, Random(5)), GROUP, f"storing it, shared by {GROUP}")
    return [http, flask, *inside, shared, *_measure_batches(engine, _renew(drawings, Random(6), BATCH * NUM_BATCHES))]


def _renew(drawings: Sequence[Doodle], random: Random, number: int = NUM_TIMES) -> list[Doodle]:
    chosen = [drawings[index % len(drawings)] for index in range(number)]
    return [replace(each, id=UUID(int=random.getrandbits(128), version=4), contributor=SOMEBODY) for each in chosen]


def _request(doodle: Doodle) -> bytes:
    return next(write_requests("http://localhost:3030", [doodle], 1, Random(0))).content


def _finish(body: Any) -> Doodle:
    return to_doodle(body, LABEL_SET, hash_address(bytes.fromhex(CONTRIBUTOR_KEY), "192.0.2.7"))


def _time(act: Callable[..., object], *arguments: Any) -> Spent:
    wall, cpu = time.perf_counter(), time.thread_time()
    act(*arguments)
    return time.thread_time() - cpu, time.perf_counter() - wall


def _summarise(name: str, spent: Sequence[Spent], num_doodles: int = 1) -> Step:
    cpu_us, wall_us = (1e6 * median(times) / num_doodles for times in zip(*spent, strict=True))
    return Step(name, cpu_us, wall_us)


def _left(whole: Step, parts: Sequence[Step], name: str) -> float:
    return float(getattr(whole, name) - sum(getattr(part, name) for part in parts))


def _cut(doodles: Sequence[Doodle], size: int) -> list[Sequence[Doodle]]:
    return [doodles[start : start + size] for start in range(0, len(doodles) - size + 1, size)]


def _measure_write(engine: Engine, doodles: Sequence[Doodle], size: int, name: str) -> Step:
    """Write single doodles, so many at once, as model_server does; the cost is told by the doodle."""
    writer = DoodleWriter(engine)
    groups = [[[doodle] for doodle in group] for group in _cut(doodles, size)]
    spent = [_time(writer.write, group) for group in groups]
    writer.close()
    return _summarise(name, spent, size)


def _measure_batches(engine: Engine, doodles: Sequence[Doodle]) -> list[Step]:
    """Store batches, each in its transaction; the cost is told by the doodle."""
    begin, insert, commit = [], [], []
    for batch in _cut(doodles, BATCH):
        with engine.connect() as connection:
            begin.append(_time(connection.exec_driver_sql, "SELECT 1"))
            insert.append(_time(store_each, connection, [batch]))
            commit.append(_time(connection.commit))
    steps = {"BEGIN": begin, "content hashes, INSERT": insert, "COMMIT": commit}
    return [_summarise(f"of a batch of {BATCH}, by the doodle: {name}", spent, BATCH) for name, spent in steps.items()]


def _time_parser(requests: Sequence[bytes]) -> list[Spent]:
    """Let gunicorn read requests that have come in."""
    client, server = socket.socketpair()
    with client, server:
        configuration = Config()

        def read() -> None:
            request = next(RequestParser(configuration, server, ("127.0.0.1", 1)))
            create(request, server, ("127.0.0.1", 1), ("127.0.0.1", 2), configuration)
            request.body.read()

        spent = []
        for request in requests:
            client.sendall(request)
            spent.append(_time(read))
        return spent


def _time_service(engine: Engine, doodles: Sequence[Doodle]) -> list[Spent]:
    """Let the service answer requests, without a server around it."""
    settings = {"DATABASE_URL": "postgresql://localhost/unused", "CONTRIBUTOR_KEY": CONTRIBUTOR_KEY}
    app = create_app(from_environment(settings), engine)

    def answer(environ: dict[str, Any]) -> None:
        _, status, _ = run_wsgi_app(app, environ)
        assert status.startswith("201"), status

    builders = [EnvironBuilder(path=URL, method="POST", json=as_json(doodle)) for doodle in doodles]
    return [_time(answer, builder.get_environ()) for builder in builders]
