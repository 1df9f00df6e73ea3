"""Waiting for what AWS does by itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from roll_out.errors import RollOutError

T = TypeVar("T")

POLL_SECONDS = 10.0

PATIENCE_SECONDS = 20 * 60
"""A service that is not steady by then will not be: a task starts in two minutes, and ECS gives up by itself before."""


@dataclass(frozen=True)
class Clock:
    """Time, as the waiting needs it."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def wait_for(find: Callable[[], T | None], what: str, clock: Clock) -> T:
    """
    Ask again and again until there is an answer.

    Raises:
        RollOutError: there is none for too long.
    """
    until = clock.now() + PATIENCE_SECONDS
    while clock.now() < until:
        if (found := find()) is not None:
            return found
        clock.sleep(POLL_SECONDS)
    raise RollOutError(f"After {PATIENCE_SECONDS // 60} minutes, {what} has come to no end.")
