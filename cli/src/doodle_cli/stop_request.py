"""The wish to stop: Ctrl-C, a terminal that closes, `doodle down`; noticed at the next wait, never in mid-step."""

import os
import select
import signal
from types import FrameType, TracebackType
from typing import Self

from doodle_cli.errors import StopRequestedError

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequest:
    """
    Turns signals into something to look at and to wait for.

    Use it as a context in the main thread. Signals are only noted: a child that has just been started is never lost
    because an exception came in between.
    """

    def __init__(self) -> None:
        self.is_made = False
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)

    def __enter__(self) -> Self:
        self._former = {number: signal.signal(number, self._note) for number in _SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)
        os.close(self._reader)
        os.close(self._writer)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        if not self.is_made:
            self.is_made = True
            os.write(self._writer, b"!")

    def wait(self, seconds: float) -> bool:
        """
        Wait, but not past the wish to stop.

        Returns:
            Whether it has been made.
        """
        select.select([self._reader], [], [], seconds)
        return self.is_made

    def check(self, seconds: float = 0) -> None:
        """
        Wait, and refuse to go on if the wish has been made.

        Raises:
            StopRequestedError: it has.
        """
        if self.wait(seconds):
            raise StopRequestedError
