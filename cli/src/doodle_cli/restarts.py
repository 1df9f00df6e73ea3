"""When to start a child that died again: a pure decision."""

from collections.abc import Sequence
from dataclasses import dataclass

FIRST_DELAY_SECONDS = 0.25
MAX_DELAY_SECONDS = 15.0
WINDOW_SECONDS = 60.0
CRASH_LOOP_DEATHS = 5
"""As many deaths within the window are no accident any more."""


@dataclass(frozen=True)
class Restart:
    """
    What to do about a death.

    Attributes:
        delay_seconds: wait so long; twice as long after each death of the last minute.
        num_deaths: within the last minute, this one included.
        is_crash_loop: it makes no sense to hope; say so.
    """

    delay_seconds: float
    num_deaths: int
    is_crash_loop: bool


def plan_restart(deaths: Sequence[float], now: float) -> Restart:
    """
    Plan how to go on after a child's death.

    Args:
        deaths: when it died, in seconds of any clock that only goes forward; the last one is now.
        now: the time of that clock.

    >>> plan_restart([0.0, 100.0], now=100.0)
    Restart(delay_seconds=0.25, num_deaths=1, is_crash_loop=False)
    >>> plan_restart([95.0, 96.0, 97.0, 98.0, 100.0], now=100.0)
    Restart(delay_seconds=4.0, num_deaths=5, is_crash_loop=True)
    """
    num_deaths = sum(now - death < WINDOW_SECONDS for death in deaths)
    delay = min(FIRST_DELAY_SECONDS * 2 ** (num_deaths - 1), MAX_DELAY_SECONDS)
    return Restart(delay, num_deaths, num_deaths >= CRASH_LOOP_DEATHS)
