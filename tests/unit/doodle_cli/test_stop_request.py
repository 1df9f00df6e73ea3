"""The wish to stop: noted at any time, acted upon between two steps."""

import os
import signal
import time

import pytest

from doodle_cli.errors import StopRequestedError
from doodle_cli.stop_request import StopRequest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_noted_and_nothing_else(number: signal.Signals) -> None:
    """No exception flies out of a step that is under way; the next check refuses to go on."""
    with StopRequest() as stop:
        stop.check()
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)

        assert stop.is_made
        with pytest.raises(StopRequestedError):
            stop.check()


def test_a_wait_ends_with_the_wish() -> None:
    """Nobody who presses Ctrl-C waits for a pause to be over."""
    with StopRequest() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        began = time.monotonic()

        assert stop.wait(30)
        assert time.monotonic() - began < 5


def test_afterwards_signals_do_what_they_did() -> None:
    """The handlers of before are put back."""
    before = signal.getsignal(signal.SIGTERM)

    with StopRequest():
        assert signal.getsignal(signal.SIGTERM) != before

    assert signal.getsignal(signal.SIGTERM) == before
