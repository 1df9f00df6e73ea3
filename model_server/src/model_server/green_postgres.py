"""
psycopg2 that waits without holding up the other requests of its process.

psycopg2 calls back while it waits for the server; under gevent that is where other greenlets get their turn. The
package psycogreen does the same but waits for ever, and libpq's own connect_timeout does not hold in this mode (its
manual, PQconnectPoll: "connect_timeout is ignored"): a database behind a dead network would take every pooled
connection with it.
"""

from typing import Any

from gevent.socket import wait_read, wait_write
from psycopg2 import OperationalError, extensions

STATEMENT_TIMEOUT_MS = 8_000
"""Somebody waits for every statement here: well within the 30 s that nginx waits for an answer."""

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = STATEMENT_TIMEOUT_MS / 1000 + 2
"""The server itself ends a statement before that; silence beyond it means that it is gone."""


def patch_psycopg2() -> None:
    """Let psycopg2 wait through gevent, in the whole process; once, before it connects."""
    extensions.set_wait_callback(wait_green)


def wait_green(connection: Any) -> None:
    """
    Wait until psycopg2 has what it asked the server for.

    Raises:
        psycopg2.OperationalError: the server stayed silent for too long.
    """
    while True:
        state = connection.poll()
        if state == extensions.POLL_OK:
            return
        wait = wait_read if state == extensions.POLL_READ else wait_write
        # Not ready yet means that it is still connecting.
        seconds = ANSWER_SECONDS if connection.status != extensions.STATUS_SETUP else CONNECT_SECONDS
        try:
            wait(connection.fileno(), timeout=seconds)
        except TimeoutError as silence:
            raise OperationalError(f"The database did not answer within {seconds:.0f} s.") from silence
