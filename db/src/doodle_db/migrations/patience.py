"""Taking locks while everybody goes on: many short waits rather than a long one that others queue behind."""

import time
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

LOCK_TIMEOUT_MS = 200
"""Whoever comes after a lock that is waited for waits, too: so nobody waits longer than this for ours."""

LOCK_TRIES = 300
LOCK_PAUSE_SECONDS = 0.2

LOCK_NOT_AVAILABLE = "55P03"


def when_free(act: Callable[[], object], pause_seconds: float = LOCK_PAUSE_SECONDS) -> None:
    """
    Do what needs a lock, as soon as it can be had without making anybody wait; all of it, or nothing.

    Args:
        act: does it, with a lock_timeout of LOCK_TIMEOUT_MS; called again when a lock was not to be had.
        pause_seconds: between two tries.

    Raises:
        OperationalError: it was not to be had at the last of LOCK_TRIES, or something else went wrong.
    """
    for _ in range(LOCK_TRIES - 1):
        try:
            act()
        except OperationalError as busy:
            if getattr(busy.orig, "pgcode", None) != LOCK_NOT_AVAILABLE:
                raise
            time.sleep(pause_seconds)
        else:
            return
    act()


def execute_when_free(connection: Connection, statements: str) -> None:
    """Execute statements that need a lock, outside a transaction; see when_free."""
    when_free(partial(connection.execute, text(statements)))


def lock_when_free(connection: Connection, statements: str) -> None:
    """Take locks within the open transaction, which goes on when they are not to be had at once; see when_free."""

    def lock() -> None:
        with connection.begin_nested():
            connection.execute(text(statements))

    when_free(lock)
