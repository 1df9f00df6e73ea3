"""
A load generator that costs little beside what it measures: raw sockets, bytes made before they are needed.

It keeps a number of connections busy: whatever connection has its answer gets the next request at once. Every doodle
it sends has an id of its own; the drawings are few and repeat.
"""

import json
import os
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlsplit
from uuid import UUID

from doodle_db.doodles import Doodle
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.real_drawings import sample_doodles
from doodle_testing.wire import as_json

NO_LIMIT = "65535"
"""For settings that bound what one client may do: the most that all of them take."""

NO_TRAINING = "1000000"
"""So many doodles would start a run: none does, and what is measured is storing."""

SILENCE_SECONDS = 30.0
"""An answer that takes longer is counted as none."""

_ID = "00000000-0000-0000-0000-000000000000"


@dataclass
class Request:
    """
    What is sent at once.

    Attributes:
        content: head and body.
        ids: of the doodles in it.
    """

    content: bytes
    ids: list[UUID]


@dataclass
class Outcome:
    """
    What became of a load.

    Attributes:
        seconds: from the first request to the last answer.
        statuses: how many answers had which status; 0 stands for a connection that broke or stayed silent.
        latencies: seconds of every acknowledged request, in the order of the answers.
        acknowledged: the doodles somebody was told are stored.
    """

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    acknowledged: list[UUID] = field(default_factory=list)

    @property
    def doodles_per_second(self) -> float:
        """Acknowledged doodles."""
        return len(self.acknowledged) / self.seconds

    def percentile_ms(self, percent: float) -> float:
        """Give the time, in ms, within which so many percent of the requests were acknowledged."""
        if not self.latencies:
            return float("nan")
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def take_drawings(num: int) -> list[Doodle]:
    """Take real drawings where there are any, our own elsewhere."""
    data_dir = os.environ.get("DOODLE_DATA_DIR")
    if data_dir:
        return sample_doodles(Path(data_dir), LABEL_SET, num, Random(0))
    return generate_doodles(LABEL_SET, num, Random(0))


def write_requests(url: str, doodles: Sequence[Doodle], batch: int, random: Random) -> Iterator[Request]:
    """
    Write requests without end.

    Args:
        url: of the server.
        doodles: drawn again and again, each time under a new id.
        batch: doodles a request; 1: single POSTs.
        random: seeded anew for each load, or ids repeat.
    """
    halves = [_cut_at_id(doodle) for doodle in doodles]
    index = 0
    while True:
        chosen = [halves[(index + each) % len(halves)] for each in range(batch)]
        index += batch
        ids = [UUID(int=random.getrandbits(128), version=4) for _ in chosen]
        bodies = [b"%s%s%s" % (before, str(id_).encode(), after) for (before, after), id_ in zip(chosen, ids)]  # noqa: B905
        body = bodies[0] if batch == 1 else b'{"doodles":[' + b",".join(bodies) + b"]}"
        yield Request(_head(url, len(body)) + body, ids)


def _cut_at_id(doodle: Doodle) -> tuple[bytes, bytes]:
    body = {**as_json(doodle), "id": _ID, "guess": doodle.label, "confidence": 0.8125, "model_version": "0" * 12}
    before, after = json.dumps(body, separators=(",", ":")).split(_ID)
    return before.encode(), after.encode()


def _head(url: str, num_bytes: int) -> bytes:
    lines = ("POST /api/v1/doodles HTTP/1.1", f"Host: {urlsplit(url).netloc}", "Content-Type: application/json")
    return "\r\n".join([*lines, f"Content-Length: {num_bytes}", "", ""]).encode()


class Line:
    """One connection: what it has sent, and what has come back so far."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=SILENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def is_last_answer(self) -> bool:
        """Whether the server has said that it takes nothing more over this connection; nginx does after a thousand."""
        return b"\r\nconnection: close" in self._received.partition(b"\r\n\r\n")[0].lower()

    def send(self, request: Request) -> None:
        """Send a request whole."""
        self.request, self.started, self._received = request, time.perf_counter(), b""
        self.socket.sendall(request.content)

    def receive(self) -> int | None:
        """Read what is there; gives the answer's status once it is whole. Raises OSError when the connection breaks."""
        arrived = self.socket.recv(262_144)
        if not arrived:
            raise ConnectionResetError("The server closed the connection.")
        self._received += arrived
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < _content_length(head):
            return None
        return int(head[9:12])


def _content_length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    if not found:
        raise ConnectionError("The answer has no Content-Length; this generator reads no other.")
    return int(rest.partition(b"\r\n")[0])


class _Load:
    """Keeps lines busy until the time is over; one that breaks or is over is opened again."""

    def __init__(self, url: str, requests: Iterator[Request], seconds: float) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._requests, self._ends = requests, time.perf_counter() + seconds
        self._selector = selectors.DefaultSelector()
        self.outcome = Outcome()

    def open_line(self) -> None:
        if time.perf_counter() < self._ends:
            line = Line(self._address)
            self._selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(next(self._requests))

    def run(self) -> None:
        while self._selector.get_map():
            ready = self._selector.select(SILENCE_SECONDS)
            for line in [key.data for key, _ in ready] or [key.data for key in self._selector.get_map().values()]:
                try:
                    self._hear(line, is_silent=not ready)
                except OSError:
                    self.outcome.statuses[0] += 1
                    self._close(line)
                    self.open_line()

    def _hear(self, line: Line, *, is_silent: bool) -> None:
        if is_silent:
            raise TimeoutError
        status = line.receive()
        if status is None:
            return
        self.outcome.statuses[status] += 1
        if status in {200, 201}:
            self.outcome.latencies.append(time.perf_counter() - line.started)
            self.outcome.acknowledged += line.request.ids
        if line.is_last_answer or time.perf_counter() >= self._ends:
            self._close(line)
            self.open_line()
        else:
            line.send(next(self._requests))

    def _close(self, line: Line) -> None:
        self._selector.unregister(line.socket)
        line.socket.close()


def send_load(url: str, requests: Iterator[Request], num_connections: int, seconds: float) -> Outcome:
    """
    Send requests for a while, each connection its next one as soon as it has an answer.

    Args:
        url: of the server: http://host:port.
        requests: what to send; as many are taken as can be sent.
        num_connections: kept open.
        seconds: after that nothing new is sent, and what is under way is waited for.
    """
    load = _Load(url, requests, seconds)
    started = time.perf_counter()
    for _ in range(num_connections):
        load.open_line()
    load.run()
    load.outcome.seconds = time.perf_counter() - started
    return load.outcome
