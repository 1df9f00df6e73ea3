"""How a worker ends: asked by a signal or an operator, replaced under its name, or because nothing waits any more."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Literal

from sqlalchemy import Connection, select

from doodle_db.runs import find_lost_runs
from doodle_db.tables import runs
from doodle_db.workers import Word
from doodle_web.json_logs import log_event
from training_server.clock import read_time

log = logging.getLogger(__name__)

Reason = Literal["signal", "idle", "drain", "stop", "replaced"]

FINISHES_ITS_RUN = frozenset({"idle", "drain"})
"""For these reasons the run in progress is finished first; for all others it is handed back."""

ASKED_STATUS = 3
"""Exit status of a worker that an operator has ended: whoever starts it again after a crash should not do so then."""

STATUSES: dict[Reason, int] = {"signal": 0, "idle": 0, "drain": ASKED_STATUS, "stop": ASKED_STATUS, "replaced": 1}


class Farewell:
    """Ends a worker's session, once; a later reason that cannot wait hands the run back that was to be finished."""

    def __init__(self, stop_run: Callable[[], None]) -> None:
        """
        Args:
            stop_run: asks the run in progress to hand itself back.
        """
        self._stop_run = stop_run
        self._session: asyncio.Task[None] | None = None
        self.reason: Reason | None = None

    async def attend(self, session: asyncio.Task[None]) -> Reason:
        """Wait until a session has been ended by one of the reasons; what breaks it, is raised."""
        self._session = session
        with contextlib.suppress(asyncio.CancelledError):
            await session
        return self.reason or "signal"

    def say(self, reason: Reason) -> None:
        """End the session; called in its loop."""
        if reason not in FINISHES_ITS_RUN:
            self._stop_run()
        if self.reason is None and self._session is not None:
            log_event(log, logging.INFO, "worker_ending", reason=reason)
            self.reason = reason
            self._session.cancel()
        elif self.reason in FINISHES_ITS_RUN and reason not in FINISHES_ITS_RUN:
            self.reason = reason

    def hear(self, loop: asyncio.AbstractEventLoop, word: Word) -> None:
        """Take a word from the heartbeat, in whatever thread; after the loop's end it is late, and not needed."""
        if word != "go_on":
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self.say, word)


def is_anything_left(connection: Connection, worker: str) -> bool:
    """
    Tell whether a worker has or could get something to do; one that is paid for by the minute ends when it has not.

    Args:
        connection: any.
        worker: its name. Runs that were sent to others are not for it.
    """
    mine = select(runs.c.key).where(runs.c.state == "running", runs.c.worker == worker)
    if connection.execute(mine).first() is not None:
        return True
    open_to_me = runs.c.sent_to.is_(None) | (runs.c.sent_to == worker)
    lost = runs.c.key.in_(find_lost_runs(connection, read_time(connection)))
    return connection.execute(select(runs.c.key).where(lost, open_to_me)).first() is not None
