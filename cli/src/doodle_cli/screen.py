"""What `doodle up` shows: a line per step, with its seconds; on a terminal, a spinner while it lasts."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_SPINNER = "|/-\\"
_NAME_WIDTH = 34
_ERASE_LINE = "\r\x1b[2K"


class Screen:
    """
    Writes lines as they happen; nothing is buffered.

    One thread only.
    """

    def __init__(self, output: TextIO | None = None) -> None:
        """
        Args:
            output: where to; standard output when left out.
        """
        self._output = output or sys.stdout
        self._step: tuple[str, float] | None = None

    def say(self, text: str) -> None:
        """Write a line; a step that is under way stays visible below it."""
        if self._output.isatty() and self._step:
            self._output.write(_ERASE_LINE)
        self._output.write(f"{text}\n")
        self._output.flush()

    def tick(self) -> None:
        """Let the spinner turn; called while waiting."""
        if self._step is None or not self._output.isatty():
            return
        name, began = self._step
        seconds = time.monotonic() - began
        turn = _SPINNER[int(seconds * 8) % len(_SPINNER)]
        self._output.write(f"{_ERASE_LINE}  {turn} {name:<{_NAME_WIDTH}} {seconds:6.1f} s")
        self._output.flush()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show that something is being done and, if it succeeds, how long it took."""
        began = time.monotonic()
        self._step = (name, began)
        self.tick()
        try:
            yield
        except BaseException:
            self._end_step(f"  - {name}")
            raise
        self._end_step(f"  + {name:<{_NAME_WIDTH}} {time.monotonic() - began:6.1f} s")

    def _end_step(self, line: str) -> None:
        self.say(line)
        self._step = None
