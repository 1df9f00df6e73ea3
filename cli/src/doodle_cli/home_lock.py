"""One `up` per home: a lock the kernel gives back when its holder dies, with a note of who holds it."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO

from doodle_cli.errors import HomeBusyError
from doodle_cli.home import Home, read_json
from doodle_cli.processes import ProcessId, identify, is_running, parse_process


@dataclass(frozen=True)
class RunningUp:
    """
    The `doodle up` that runs on a home.

    Attributes:
        process: it.
        url: what people open.
        inner_url: where it answers this machine's commands.
    """

    process: ProcessId
    url: str
    inner_url: str


@contextmanager
def hold_home(home: Home, url: str) -> Iterator[Callable[[str], None]]:
    """
    Hold a home's lock.

    Args:
        home: prepared.
        url: what people will open.

    Yields:
        Notes where this `up` will answer this machine's commands, if that is elsewhere.

    Raises:
        HomeBusyError: somebody holds it; the message says who.
    """
    with home.lock.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise HomeBusyError(_describe_holder(home)) from held
        _write_note(file, url, url)
        try:
            yield partial(_write_note, file, url)
        finally:
            file.truncate(0)


def find_running_up(home: Home) -> RunningUp | None:
    """Find the `up` that runs on a home; None if there is none, whatever an earlier one left behind."""
    note = read_json(home.lock)
    process = parse_process(note)
    if process is None or not is_running(process):
        return None
    url = str(note.get("url"))
    return RunningUp(process, url, str(note.get("inner_url") or url))


def await_end(home: Home, attempts: int, pause: Callable[[], None]) -> bool:
    """
    Wait until no `up` runs on a home.

    Args:
        home: the home.
        attempts: how often to look.
        pause: waits between two looks.

    Returns:
        Whether none does.
    """
    for _ in range(attempts):
        if find_running_up(home) is None:
            return True
        pause()
    return False


def _write_note(file: IO[str], url: str, inner_url: str) -> None:
    me = identify(os.getpid())
    file.truncate(0)
    json.dump({**(me.as_json() if me else {}), "url": url, "inner_url": inner_url}, file)
    file.flush()


def _describe_holder(home: Home) -> str:
    running = find_running_up(home)
    who = f" (process {running.process.pid})" if running else ""
    return f"{home.folder} is in use by another `doodle up`{who}; stop it with `doodle down`, or choose another --home."
