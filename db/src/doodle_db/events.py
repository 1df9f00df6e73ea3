"""What happens is announced through PostgreSQL's NOTIFY: no other server, and nothing is sent before its commit."""

import json
from typing import Any, Literal

from sqlalchemy import Connection, text

CHANNEL = "doodle_events"

EventKind = Literal["deployment", "run", "labels", "worker", "pin", "drift", "shadow", "search"]

MAX_PAYLOAD_BYTES = 7_900
"""PostgreSQL refuses payloads of 8000 bytes and more."""


def announce(connection: Connection, kind: EventKind, content: dict[str, Any]) -> None:
    """
    Tell everybody who listens, when and only if the surrounding transaction commits.

    Args:
        connection: with an open transaction.
        kind: what the event is about.
        content: JSON; a listener reads the rest from the database, so keys and numbers are enough.
    """
    payload = json.dumps({"kind": kind, **content}, separators=(",", ":"))
    if len(payload.encode()) > MAX_PAYLOAD_BYTES:
        raise ValueError(f"An event of {len(payload)} characters is too long to announce; announce its key instead.")
    connection.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload})
