"""What runs beside the requests of one process."""

import logging
from collections.abc import Callable, Iterator
from itertools import repeat

import gevent
from sqlalchemy.exc import SQLAlchemyError

from doodle_web.json_logs import log_event

logger = logging.getLogger(__name__)

RESTART_SECONDS = 1.0


def backoff_seconds() -> Iterator[float]:
    """
    Give the pauses before each new try: short at first, since a database that was restarted is back in no time.

    >>> from itertools import islice
    >>> list(islice(backoff_seconds(), 6))
    [0.1, 0.2, 0.4, 0.8, 1.6, 2.0]
    """
    pause = 0.1
    while pause < 2:
        yield pause
        pause = 2 * pause
    yield from repeat(2.0)


def keep_running(loop: Callable[[], None]) -> None:
    """
    Run a loop that has no end, in a greenlet; should a fault of ours end it, say so and run it again.

    Requests are answered by other greenlets, and nothing that runs in the background is worth ending them for.
    """

    def run() -> None:
        while True:
            try:
                loop()
            except Exception:  # nobody above could answer: a greenlet has no caller
                logger.exception("background_failed", extra={"fields": {"loop": loop.__qualname__}})
            gevent.sleep(RESTART_SECONDS)

    gevent.spawn(run)


def run_until_done(task: Callable[[], None]) -> None:
    """Run a task in a greenlet, again and again until the database has let it be done."""

    def run() -> None:
        for pause in backoff_seconds():
            try:
                task()
            except SQLAlchemyError as failure:
                log_event(logger, logging.WARNING, "task_put_off", error=type(failure).__name__)
                gevent.sleep(pause)
            else:
                return

    gevent.spawn(run)
