"""How far something is that has no known end: on a terminal one line that counts, elsewhere a line now and then."""

import sys
from types import TracebackType
from typing import TextIO

LINES_EVERY = 50_000
"""Where nobody watches, a line for so many: a log of a million drawings has twenty."""


class Counter:
    """
    Shows a count on standard error, so that what a command prints stays what it found.

    One thread only.
    """

    def __init__(self, what: str, output: TextIO | None = None) -> None:
        """
        Args:
            what: is counted.
            output: where to; standard error when left out.
        """
        self._what = what
        self._output = output or sys.stderr
        self._shown = 0

    def __enter__(self) -> "Counter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._output.isatty() and self._shown:
            self._output.write("\n")

    def show(self, count: int) -> None:
        """Show how many there are by now."""
        if self._output.isatty():
            self._write(count, "\r", "")
        elif count // LINES_EVERY > self._shown // LINES_EVERY:
            self._write(count, "", "\n")
        self._shown = count

    def _write(self, count: int, before: str, after: str) -> None:
        self._output.write(f"{before}{count:,} {self._what}{after}")
        self._output.flush()
