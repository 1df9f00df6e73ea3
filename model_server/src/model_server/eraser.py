"""Works off what erasures order, beside the requests: whoever was stopped in the middle is followed by the next."""

import logging

from gevent.event import Event
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.erasure_work import work_off_erasures
from doodle_web.json_logs import log_event

logger = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""What a run still holds is waited for; and what another process left when it was stopped is found."""


class Eraser:
    """One a process; of several only one works at a time."""

    def __init__(self, engine: Engine) -> None:
        """
        Args:
            engine: the database.
        """
        self._engine = engine
        self._wanted = Event()

    def wake(self) -> None:
        """Say that something was ordered; returns at once."""
        self._wanted.set()

    def run(self) -> None:
        """Work off whatever there is, whenever woken and now and then, for as long as the process lives."""
        while True:
            self.work()
            self._wanted.wait(LOOK_SECONDS)
            self._wanted.clear()

    def work(self) -> None:
        """Go on with everything that is not finished; what fails is tried again at the next look."""
        try:
            num_left = work_off_erasures(self._engine)
        except SQLAlchemyError as failure:
            log_event(logger, logging.WARNING, "erasing_put_off", error=type(failure).__name__)
        else:
            if num_left:
                log_event(logger, logging.INFO, "erasing_waits", num_left=num_left)
