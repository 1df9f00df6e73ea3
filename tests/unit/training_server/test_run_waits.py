"""Requests that wait: they end with the run or their time, and never take every thread."""

import pytest

from training_server.errors import WaitsFullError
from training_server.run_waits import LOOK_SECONDS, RunWaits


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def test_it_ends_with_what_is_waited_for() -> None:
    """At the next look, not at the end of the time."""
    clock = Clock()

    RunWaits(1, clock, clock.sleep).wait(lambda: clock.seconds >= 2 * LOOK_SECONDS, seconds=20)

    assert clock.seconds == 2 * LOOK_SECONDS


def test_it_ends_with_its_time() -> None:
    """Whatever is known by then is the answer."""
    clock = Clock()

    RunWaits(1, clock, clock.sleep).wait(lambda: False, seconds=1.1)

    assert clock.seconds == pytest.approx(1.1)


def test_whoever_does_not_wait_needs_no_place() -> None:
    """Neither without a time, nor where it is over already."""
    full = RunWaits(0)

    full.wait(lambda: False, seconds=0)
    full.wait(lambda: True, seconds=20)


def test_too_many_are_refused_at_once() -> None:
    """And a place is free again afterwards."""
    clock = Clock()
    waits = RunWaits(1, clock, clock.sleep)
    refused: list[bool] = []

    def look() -> bool:
        if clock.seconds:
            with pytest.raises(WaitsFullError):
                waits.wait(lambda: False, seconds=1)
            refused.append(True)
        return bool(clock.seconds)

    for number in (1, 2):
        clock.seconds = 0.0
        waits.wait(look, seconds=1)
        assert len(refused) == number
