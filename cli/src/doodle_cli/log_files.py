"""The logs: one file per process, kept small, and read from their ends."""

import json
import os
import shutil
from pathlib import Path

MAX_BYTES = 10 * 1024 * 1024
"""A log that has grown past this moves aside; one predecessor is kept."""

_TAIL_BYTES = 64 * 1024
_SCREEN_CHARACTERS = 200


def rotate_log(path: Path, max_bytes: int = MAX_BYTES) -> bool:
    """
    Move a log aside if it has grown too long.

    Its process goes on writing to the same file, so the content is copied and the file emptied.

    Returns:
        Whether it was.

    Raises:
        OSError: it cannot be copied; it stays as it is.
    """
    if not path.is_file() or path.stat().st_size <= max_bytes:
        return False
    aside = path.with_name(f"{path.name}.1")
    try:
        shutil.copyfile(path, aside)
    except OSError:
        # Half a copy is of no use, and takes the room that others wait for.
        aside.unlink(missing_ok=True)
        raise
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


def shorten_line(line: str) -> str:
    """
    Make a log's line one that fits on a screen: of a JSON event what happened, of a traceback its last line.

    Args:
        line: of any log.

    >>> shorten_line('{"time": "2026-11-21", "level": "error", "event": "died", "traceback": "File x\\\\nKeyError: 1"}')
    'error: died: KeyError: 1'
    >>> shorten_line("plain")
    'plain'
    """
    try:
        event = json.loads(line)
        said = [event.get("level"), event["event"], str(event.get("traceback") or "").strip().rpartition("\n")[2]]
    except (ValueError, TypeError, KeyError, AttributeError):
        return line[:_SCREEN_CHARACTERS]
    return ": ".join(str(part) for part in said if part)[:_SCREEN_CHARACTERS]
