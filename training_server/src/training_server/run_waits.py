"""Requests that wait for a run: bounded, so that they never take the threads all others need."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from training_server.config import NUM_THREADS
from training_server.errors import WaitsFullError

MAX_WAITING = NUM_THREADS // 2
"""Requests of one process that wait at a time: half of its threads stay free (docs/decisions/0038)."""

LOOK_SECONDS = 0.25


class RunWaits:
    """Lets requests wait; any number of threads may share one."""

    def __init__(
        self,
        num_places: int = MAX_WAITING,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """
        Args:
            num_places: how many may wait at once.
            clock: seconds, never going back.
            sleep: lets seconds pass.
        """
        self._places = threading.BoundedSemaphore(num_places)
        self._clock, self._sleep = clock, sleep

    def wait(self, is_over: Callable[[], bool], seconds: float) -> None:
        """
        Look again and again until it is over or the time is.

        Args:
            is_over: a quick look at the database; no connection is held between two looks.
            seconds: at most; 0 does not wait.

        Raises:
            WaitsFullError: too many wait already.
        """
        if not seconds or is_over():
            return
        with self._place():
            end = self._clock() + seconds
            while (left := end - self._clock()) > 0:
                self._sleep(min(LOOK_SECONDS, left))
                if is_over():
                    return

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise WaitsFullError
        try:
            yield
        finally:
            self._places.release()
