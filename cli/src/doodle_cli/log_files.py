"""The logs: one file per process, kept small, and read from their ends."""

import os
import shutil
from pathlib import Path

MAX_BYTES = 10 * 1024 * 1024
"""A log that has grown past this moves aside; one predecessor is kept."""

_TAIL_BYTES = 64 * 1024


def rotate_log(path: Path, max_bytes: int = MAX_BYTES) -> bool:
    """
    Move a log aside if it has grown too long.

    Its process goes on writing to the same file, so the content is copied and the file emptied.

    Returns:
        Whether it was.
    """
    if not path.is_file() or path.stat().st_size <= max_bytes:
        return False
    shutil.copyfile(path, path.with_name(f"{path.name}.1"))
    os.truncate(path, 0)
    return True


def read_tail(path: Path, num_lines: int, since: int = 0) -> list[str]:
    """
    Read the last lines of a log; none if there is no log.

    Args:
        path: the log.
        num_lines: at most.
        since: leave out what stands before this many bytes, unless the log was rotated meanwhile.
    """
    if not path.is_file():
        return []
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(since if since <= size else 0, size - _TAIL_BYTES))
        return file.read().decode(errors="replace").splitlines()[-num_lines:]
