"""Outliving a database that is away for a moment: a restart, a failover, a cut connection."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from doodle_web.error_pages import is_outage
from doodle_web.json_logs import log_event
from training_server.interruption import Interruption, RunInterrupted

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 60.0
"""A run outlives a database that is away for that long. After that it is given up, for another worker to take."""

PAUSE_SECONDS = 1.0

Result = TypeVar("Result")


def outlive_outages(
    transaction: Callable[[], Result],
    interruption: Interruption,
    *,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> Result:
    """
    Do a transaction, again and again while the database is away.

    Args:
        transaction: opens and commits one. Its commit may have succeeded although the connection broke before we heard
            so: done twice it must come to the same.
        interruption: of the run; heeded between attempts.
        clock: seconds, never going back.
        pause: waits for that many seconds.

    Raises:
        RunInterrupted: the run is to stop, or the database was away for too long.
    """
    began = clock()
    while True:
        try:
            return transaction()
        except SQLAlchemyError as failed:
            if not is_outage(failed):
                raise
            if clock() - began > PATIENCE_SECONDS:
                raise RunInterrupted("lost") from failed
            log_event(log, logging.WARNING, "database_unreachable", error=type(failed).__name__)
        interruption.check()
        pause(PAUSE_SECONDS)
