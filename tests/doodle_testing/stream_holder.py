"""Open event streams by the thousand, in a process of their own, and notes when each is told of what."""

import multiprocessing
import re
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from urllib.parse import urlsplit

OPEN_SECONDS = 60.0
ANSWER_SECONDS = 30.0
DEPLOYMENT = re.compile(rb"event: deployment\nid: (\d+)\n")


@dataclass
class Heard:
    """
    What the streams were told.

    Attributes:
        num_open: streams that are open still.
        moments: for each deployment when each stream was told of it, on the clock time.monotonic.
    """

    num_open: int = 0
    moments: dict[int, list[float]] = field(default_factory=dict)


class StreamHolder:
    """Holds open streams; made by `holding_streams`."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def hear(self) -> Heard:
        """Tell what has been heard up to now."""
        self._pipe.send("hear")
        if not self._pipe.poll(ANSWER_SECONDS):
            raise TimeoutError("The process that holds the streams does not answer.")
        heard: Heard = self._pipe.recv()
        return heard


@contextmanager
def holding_streams(url: str, num_streams: int) -> Iterator[StreamHolder]:
    """
    Hold streams open until the block ends; it begins when every stream has been told what is live.

    Args:
        url: of the server: http://host:port.
        num_streams: how many.

    Raises:
        TimeoutError: not all of them could be opened.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_hold, args=(theirs, url, num_streams), daemon=True)
    process.start()
    try:
        if not ours.poll(OPEN_SECONDS) or ours.recv() != "open":
            raise TimeoutError(f"{num_streams} streams could not be opened within {OPEN_SECONDS:.0f} s.")
        yield StreamHolder(ours)
    finally:
        process.terminate()
        process.join()


def _hold(pipe: Connection, url: str, num_streams: int) -> None:
    """What the process does: open streams, read them all, answer when asked."""
    selector, heard = selectors.DefaultSelector(), Heard()
    for _ in range(num_streams):
        selector.register(_open(url), selectors.EVENT_READ, bytearray())
        heard.num_open += 1
        _listen(selector, heard, 0)
    while max((len(moments) for moments in heard.moments.values()), default=0) < num_streams:
        _listen(selector, heard, ANSWER_SECONDS)
    pipe.send("open")
    selector.register(pipe, selectors.EVENT_READ, None)
    while True:
        if _listen(selector, heard, None):
            pipe.recv()
            pipe.send(heard)


def _open(url: str) -> socket.socket:
    parts = urlsplit(url)
    stream = socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 80), timeout=OPEN_SECONDS)
    stream.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
    return stream


def _listen(selector: selectors.BaseSelector, heard: Heard, seconds: float | None) -> bool:
    """Read what has come; tells whether somebody asks."""
    is_asked = False
    for key, _ in selector.select(seconds):
        if key.data is None:
            is_asked = True
            continue
        stream = key.fileobj
        assert isinstance(stream, socket.socket)
        arrived = stream.recv(65_536)
        if not arrived:
            heard.num_open -= 1
            selector.unregister(stream)
            stream.close()
        _note(key.data, arrived, heard)
    return is_asked


def _note(kept: bytearray, arrived: bytes, heard: Heard) -> None:
    """Note the deployments in what a stream has brought; an event that is not whole yet is kept for later."""
    now = time.monotonic()
    kept += arrived
    for found in DEPLOYMENT.finditer(kept):
        heard.moments.setdefault(int(found[1]), []).append(now)
    del kept[: kept.rfind(b"\n\n") + 2]
