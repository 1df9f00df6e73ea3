"""A wire that counts: everything a browser is sent passes through it, whoever in the browser asked for it."""

import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PIECE_BYTES = 65_536


@dataclass
class CountedWire:
    """
    What came over a wire, from the server to the browser: headers, bodies and all.

    Attributes:
        url: where the browser finds the server behind it.
    """

    url: str
    _pieces: list[tuple[float, int]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, num_bytes: int) -> None:
        """Count what is being sent."""
        with self._lock:
            self._pieces.append((time.time(), num_bytes))

    def count(self, since: float = 0.0, until: float = float("inf")) -> int:
        """
        Count what was sent in a stretch of time.

        Args:
            since, until: seconds since 1970.
        """
        with self._lock:
            return sum(num_bytes for moment, num_bytes in self._pieces if since <= moment <= until)


@contextmanager
def counted_wire(host: str, port: int) -> Iterator[CountedWire]:
    """
    Stretch a wire to a server until the block ends.

    Args:
        host, port: the server's.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        wire = CountedWire(f"http://127.0.0.1:{listening.getsockname()[1]}")
        ended, ending = socket.socketpair()
        accepting = threading.Thread(target=_accept, args=(listening, (host, port), wire, ended))
        accepting.start()
        with ended, ending:
            try:
                yield wire
            finally:
                ending.close()
                accepting.join()


def _accept(listening: socket.socket, server: tuple[str, int], wire: CountedWire, ended: socket.socket) -> None:
    """Connect everybody who calls, until it has ended."""
    calls: list[threading.Thread] = []
    while ended not in select.select([listening, ended], [], [])[0]:
        browser, _ = listening.accept()
        calls.append(threading.Thread(target=_connect, args=(browser, server, wire, ended)))
        calls[-1].start()
    for call in calls:
        call.join()


def _connect(browser: socket.socket, server: tuple[str, int], wire: CountedWire, ended: socket.socket) -> None:
    """Pass on what both sides say, until one of them hangs up or it has ended."""
    with browser, socket.create_connection(server) as behind:
        for end in (browser, behind):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while ended not in (speaking := select.select([browser, behind, ended], [], [])[0]):
            for end in speaking:
                if not _pass_on(end, behind if end is browser else browser, wire if end is behind else None):
                    return


def _pass_on(source: socket.socket, target: socket.socket, wire: CountedWire | None) -> bool:
    """Pass on what has come; False if that was the last."""
    try:
        piece = source.recv(PIECE_BYTES)
        if wire is not None:
            wire.note(len(piece))
        target.sendall(piece)
    except OSError:
        return False
    return bool(piece)
