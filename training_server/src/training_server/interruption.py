"""How a run is asked to stop from outside: by its operator, by its worker's end, by losing the database."""

import threading
from typing import Literal

Reason = Literal["cancelled", "stopping", "lost"]
"""`cancelled`: somebody does not want the run. `stopping`: the worker ends. `lost`: it is no longer this worker's."""


class RunInterrupted(Exception):  # noqa: N818  # not an error: somebody wanted it
    """The run was asked to stop."""

    def __init__(self, reason: Reason) -> None:
        """
        Args:
            reason: who wanted it.
        """
        super().__init__(reason)
        self.reason = reason


class Interruption:
    """Raised by any thread, heeded by the one that works on the run; the first reason stands."""

    def __init__(self) -> None:
        """Nobody wants anything yet."""
        self._lock = threading.Lock()
        self._reason: Reason | None = None

    def ask(self, reason: Reason) -> None:
        """Ask the run to stop."""
        with self._lock:
            self._reason = self._reason or reason

    def check(self) -> None:
        """
        Go on, or stop here; cheap enough for every step of a training.

        Raises:
            RunInterrupted: somebody asked.
        """
        if self._reason is not None:
            raise RunInterrupted(self._reason)
