"""Processes as Linux shows them: a number alone may belong to somebody else by now, a number and a start time not."""

import os
import signal
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_PROC = Path("/proc")


@dataclass(frozen=True)
class ProcessId:
    """
    A process that cannot be mistaken for another.

    Attributes:
        pid: its number, used again after its end.
        started: when it started, in clock ticks since the machine's.
    """

    pid: int
    started: int

    def as_json(self) -> dict[str, int]:
        """Give what parse_process reads."""
        return asdict(self)


def identify(pid: int) -> ProcessId | None:
    """Identify the process that has a number now; None if there is none, or it has ended and waits to be noticed."""
    fields = _read_stat(pid)
    return None if fields is None or fields[0] == "Z" else ProcessId(pid, int(fields[19]))


def parse_process(content: Any) -> ProcessId | None:
    """Read a process from a file of the home; None if that is not one."""
    match content:
        case {"pid": int(pid), "started": int(started)}:
            return ProcessId(pid, started)
    return None


def is_running(process: ProcessId) -> bool:
    """Tell whether a process still runs, itself and not a later one of the same number."""
    return identify(process.pid) == process


def find_session(leader: ProcessId) -> list[int]:
    """
    List the processes of a session, its leader included, even when the leader has ended.

    Args:
        leader: started the session. If another process has its number by now, the session is gone.
    """
    now = identify(leader.pid)
    if now is not None and now != leader:
        return []
    pids = [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if _is_in_session(pid, leader)]


def _is_in_session(pid: int, leader: ProcessId) -> bool:
    fields = _read_stat(pid)
    return (
        fields is not None and fields[0] != "Z" and int(fields[3]) == leader.pid and int(fields[19]) >= leader.started
    )


def _read_stat(pid: int) -> list[str] | None:
    """Read the fields of /proc/<pid>/stat from the third on: what stands before may hold spaces and brackets."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()


def kill_all(pids: list[int]) -> None:
    """End processes at once; those that have ended already are passed over."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
