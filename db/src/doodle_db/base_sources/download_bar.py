"""How far a download is: a bar on a terminal, elsewhere a line a tenth."""

from typing import TextIO

WIDTH = 30
UNKNOWN_STEP_BYTES = 10_000_000
"""Where nobody knows the end, a line for so many bytes."""


class DownloadBar:
    """
    Shows one file after the other.

    One thread only.
    """

    def __init__(self, output: TextIO) -> None:
        """
        Args:
            output: where to; usually standard error.
        """
        self._output = output
        self._last: tuple[str, int] | None = None

    def show(self, name: str, num_bytes: int, size_bytes: int | None) -> None:
        """Show how much of a file there is."""
        if self._output.isatty():
            is_whole = num_bytes == size_bytes
            self._write("\r" + describe(name, num_bytes, size_bytes) + ("\n" if is_whole else ""))
            return
        step = num_bytes * 10 // size_bytes if size_bytes else num_bytes // UNKNOWN_STEP_BYTES
        if (name, step) != self._last and step:
            self._write(describe(name, num_bytes, size_bytes) + "\n")
        self._last = (name, step)

    def _write(self, text: str) -> None:
        self._output.write(text)
        self._output.flush()


def describe(name: str, num_bytes: int, size_bytes: int | None) -> str:
    """
    Say how much of a file there is.

    >>> describe("cat.npy", 5_000_000, 10_000_000)
    'cat.npy [###############...............]  50 % of 10.0 MB'
    >>> describe("cat.npy", 5_000_000, None)
    'cat.npy 5.0 MB'
    """
    if not size_bytes:
        return f"{name} {num_bytes / 1e6:.1f} MB"
    done = min(WIDTH, num_bytes * WIDTH // size_bytes)
    bar = "#" * done + "." * (WIDTH - done)
    return f"{name} [{bar}] {num_bytes * 100 // size_bytes:>3} % of {size_bytes / 1e6:.1f} MB"
