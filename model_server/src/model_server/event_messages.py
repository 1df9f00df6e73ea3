"""What is told on an event stream, written as the browser's EventSource reads it."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

RETRY_MS = 1_000
"""How long a browser waits before it opens a stream again that was cut."""


@dataclass(frozen=True)
class Message:
    """
    Something to send, made once for all streams.

    Attributes:
        text: what goes over the wire.
        number: of a deployment, later is higher; None: the message has no place in an order.
    """

    text: bytes
    number: int | None = None


GREETING = Message(f"retry: {RETRY_MS}\n\n".encode())
HEARTBEAT = Message(b": still here\n\n")
"""A comment: no event for the page, but a dead connection is noticed, and no proxy thinks the stream idle."""


def deployment_message(deployment: int, version: str) -> Message:
    r"""
    Say what is live from now on.

    >>> deployment_message(3, "0123456789ab").text
    b'event: deployment\nid: 3\ndata: {"deployment":3,"version":"0123456789ab"}\n\n'
    """
    data = _encode({"deployment": deployment, "version": version})
    return Message(f"event: deployment\nid: {deployment}\ndata: {data}\n\n".encode(), deployment)


def labels_message(fingerprint: str) -> Message:
    r"""
    Say that there are other labels to draw now.

    >>> labels_message("0123456789abcdef").text
    b'event: labels\ndata: {"fingerprint":"0123456789abcdef"}\n\n'
    """
    return Message(f"event: labels\ndata: {_encode({'fingerprint': fingerprint})}\n\n".encode())


def pin_message(pinned: bool) -> Message:
    r"""
    Say whether automatic deployment is paused from now on.

    >>> pin_message(True).text
    b'event: pin\ndata: {"pinned":true}\n\n'
    """
    return Message(f"event: pin\ndata: {_encode({'pinned': pinned})}\n\n".encode())


def shadow_message(version: str | None) -> Message:
    r"""
    Say which version is asked besides the live one from now on; none at all is said, too.

    >>> shadow_message("0123456789ab").text
    b'event: shadow\ndata: {"version":"0123456789ab"}\n\n'
    """
    return Message(f"event: shadow\ndata: {_encode({'version': version})}\n\n".encode())


def drift_message(state: str) -> Message:
    r"""
    Say that somebody has looked whether drawings are still what they were, and the state that holds now.

    >>> drift_message("alert").text
    b'event: drift\ndata: {"state":"alert"}\n\n'
    """
    return Message(f"event: drift\ndata: {_encode({'state': state})}\n\n".encode())


def run_message(run: dict[str, Any]) -> Message:
    r"""
    Say how a run is doing.

    >>> run_message({"key": "k"}).text
    b'event: run\ndata: {"key":"k"}\n\n'
    """
    return Message(f"event: run\ndata: {_encode(run)}\n\n".encode())


def search_message(key: UUID) -> Message:
    r"""
    Say that something about a search has changed.

    >>> search_message(UUID(int=0)).text
    b'event: search\ndata: {"key":"00000000-0000-0000-0000-000000000000"}\n\n'
    """
    return Message(f"event: search\ndata: {_encode({'key': str(key)})}\n\n".encode())


def worker_message(name: str) -> Message:
    r"""
    Say that something about a worker has changed.

    >>> worker_message("colab-1").text
    b'event: worker\ndata: {"name":"colab-1"}\n\n'
    """
    return Message(f"event: worker\ndata: {_encode({'name': name})}\n\n".encode())


def _encode(data: dict[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":"))
