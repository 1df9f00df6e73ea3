"""Who predicts when: one at a time, and few wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from model_server.prediction.errors import PredictBusyError

MAX_WAITING = 32
"""Requests in line: what a process needs a second or two for."""

WAIT_SECONDS = 8.0
"""Longer nobody waits for those in front; nginx waits 30 s for an answer, and it is to be ours."""


class Lane:
    """
    Lets one request through at a time; a few wait, and whoever comes beyond that is told to come again.

    Work of Python holds one core, whoever does it, and a large picture holds memory: so more at once would be no
    faster, only larger. Any number of greenlets may come; each process has its own.
    """

    def __init__(self, max_waiting: int = MAX_WAITING, wait_seconds: float = WAIT_SECONDS) -> None:
        """
        Args:
            max_waiting: how many may wait behind the one that is let through.
            wait_seconds: how long each of them waits.
        """
        self._room = BoundedSemaphore(max_waiting + 1)
        self._turn = Lock()
        self._wait_seconds = wait_seconds
        self._num_inside = 0

    @property
    def num_inside(self) -> int:
        """Requests that are let through or wait."""
        return self._num_inside

    @contextmanager
    def turn(self) -> Iterator[None]:
        """
        Wait for one's turn, and have it until the block ends.

        Raises:
            PredictBusyError: too many wait, or it took too long.
        """
        if not self._room.acquire(blocking=False):
            raise PredictBusyError
        self._num_inside += 1
        try:
            if not self._turn.acquire(timeout=self._wait_seconds):
                raise PredictBusyError
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._num_inside -= 1
            self._room.release()
