"""Under which name a worker is entered: the one it wants, or with a number behind it while a namesake lives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from doodle_db.runs import HEARTBEAT_TIMEOUT

MAX_NAME_CHARACTERS = 60
MAX_NAMESAKES = 1_000
"""Whoever starts that many workers of one name at once has a loop somewhere."""


@dataclass(frozen=True)
class Place:
    """
    Where a worker lives.

    Attributes:
        machine: tells machines apart, also those of one name; None: a worker of an older release does not say.
        process: its number there.
    """

    machine: str | None
    process: int | None


@dataclass(frozen=True)
class Namesake:
    """
    A worker that stands under the wanted name.

    Attributes:
        has_stopped: it has said farewell.
        silence: since its last heartbeat.
        place: where it lived when it started.
    """

    has_stopped: bool
    silence: timedelta
    place: Place


def is_in_the_way(other: Namesake, place: Place, is_process_alive: Callable[[int], bool]) -> bool:
    """
    Decide whether a namesake keeps its name.

    One that was killed a moment ago still looks alive. On the same machine its process tells: a worker that its
    supervisor has started again takes its name, and what it left, at once.

    Args:
        other: who stands under the name.
        place: where the new worker lives.
        is_process_alive: tells it of processes of that machine.

    >>> there = Namesake(has_stopped=False, silence=timedelta(seconds=1), place=Place("a machine", 7))
    >>> is_in_the_way(there, Place("another", 8), lambda process: False)
    True
    >>> is_in_the_way(there, Place("a machine", 8), lambda process: False)
    False
    """
    if other.has_stopped or other.silence > HEARTBEAT_TIMEOUT or other.place.machine is None:
        return False
    if other.place.machine != place.machine:
        return True
    process = other.place.process
    return process is not None and process != place.process and is_process_alive(process)


def choose_name(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """
    Choose a worker's name.

    Args:
        wanted: at most MAX_NAME_CHARACTERS.
        is_taken: whether a living worker has a name.

    Raises:
        ValueError: MAX_NAMESAKES live.

    >>> choose_name("colab-1", {"colab-1", "colab-1-2"}.__contains__)
    'colab-1-3'
    """
    for number in range(1, MAX_NAMESAKES + 1):
        suffix = "" if number == 1 else f"-{number}"
        name = wanted[: MAX_NAME_CHARACTERS - len(suffix)] + suffix
        if not is_taken(name):
            return name
    raise ValueError(f"{MAX_NAMESAKES} workers called {wanted} live already; end some of them, or choose another name.")
