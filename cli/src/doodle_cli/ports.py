"""The ports: chosen once, kept, and chosen again when somebody else has taken one."""

import errno
import socket
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from doodle_cli.errors import PortTakenError
from doodle_cli.home import read_json, write_json
from doodle_cli.postgres import free_port

INNER = ("postgres", "model_server", "training_server", "nginx")
"""Who listens on 127.0.0.1 only."""


def keep_ports(path: Path) -> dict[str, int]:
    """
    Give every inner part a port that is free now: the one it had, if possible.

    Args:
        path: where they are kept.
    """
    kept = read_json(path)
    ports = choose_ports(INNER, kept if isinstance(kept, dict) else {}, is_free=is_free, draw=free_port)
    if ports != kept:
        write_json(path, ports)
    return ports


def choose_ports(
    names: Iterable[str], kept: Mapping[str, object], *, is_free: Callable[[int], bool], draw: Callable[[], int]
) -> dict[str, int]:
    """
    Choose a port for every name.

    Args:
        names: who needs one.
        kept: what was chosen before.
        is_free: whether a port may be listened on.
        draw: gives a free port.

    >>> choose_ports(["a", "b"], {"a": 1, "b": 2}, is_free=lambda port: port == 1, draw=iter([1, 7]).__next__)
    {'a': 1, 'b': 7}
    """
    ports: dict[str, int] = {}
    for name in names:
        port = kept.get(name)
        if not isinstance(port, int) or not is_free(port):
            port = draw()
        while port in ports.values():
            port = draw()
        ports[name] = port
    return ports


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether one may listen on a port, as a server would: connections that have just ended do not count."""
    try:
        _listen(host, port)
    except OSError:
        return False
    return True


def check_public_port(host: str, port: int) -> None:
    """
    Refuse a port nginx could not listen on, before anything is started.

    Raises:
        PortTakenError: with what to do.
    """
    try:
        _listen(host, port)
    except OSError as refused:
        if refused.errno == errno.EADDRINUSE:
            raise PortTakenError(
                f"Port {port} is taken by another program; choose another: make up PORT={port + 1} "
                f"(or doodle up --port {port + 1})."
            ) from refused
        raise PortTakenError(
            f"Port {port} on {host} cannot be used ({refused.strerror}); choose another: make up PORT=8080."
        ) from refused


def _listen(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        probe.listen(1)
