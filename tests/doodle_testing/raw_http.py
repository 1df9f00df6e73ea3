"""HTTP as an attacker writes it: bytes out, whatever comes back in, and never for longer than a few seconds."""

import socket
from dataclasses import dataclass

SECONDS = 10.0


@dataclass(frozen=True)
class RawAnswer:
    """
    All that came back over one connection.

    Attributes:
        content: everything, until the other side closed or fell silent.
        is_closed: whether the other side closed.
    """

    content: bytes
    is_closed: bool

    @property
    def statuses(self) -> list[int]:
        """The status of each answer, in order."""
        lines = [part.split(b"\r\n")[0].split(b" ") for part in self.content.split(b"HTTP/1.1 ")[1:]]
        return [int(line[0]) for line in lines]


def get(target: bytes, *hosts: bytes, version: bytes = b"1.1") -> bytes:
    """Write a GET with as many hosts as are given."""
    headers = b"".join(b"Host: " + host + b"\r\n" for host in hosts)
    return b"GET " + target + b" HTTP/" + version + b"\r\n" + headers + b"Connection: close\r\n\r\n"


def exchange(port: int, request: bytes, *, wait_seconds: float = SECONDS) -> RawAnswer:
    """
    Send bytes as they are, and collect what comes back.

    Args:
        port: on 127.0.0.1.
        request: one request or more; the last should ask to close, or the answer is waited for in vain.
        wait_seconds: how long to wait for each piece.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=wait_seconds) as connection:
        connection.sendall(request)
        return collect(connection)


def collect(connection: socket.socket) -> RawAnswer:
    """Read until the other side closes, resets, or falls silent for longer than the connection's timeout."""
    pieces: list[bytes] = []
    try:
        while piece := connection.recv(65536):
            pieces.append(piece)
    except TimeoutError:
        return RawAnswer(b"".join(pieces), is_closed=False)
    except ConnectionResetError:
        pass
    return RawAnswer(b"".join(pieces), is_closed=True)
