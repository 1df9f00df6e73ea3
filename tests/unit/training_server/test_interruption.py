"""A run is asked to stop once; the first reason stands."""

import pytest

from training_server.interruption import Interruption, RunInterrupted


def test_nobody_asked() -> None:
    """A run nobody stops goes on."""
    Interruption().check()


def test_the_first_reason_stands() -> None:
    """A run cancelled while its worker ends is cancelled, not handed on."""
    interruption = Interruption()
    interruption.ask("cancelled")
    interruption.ask("stopping")

    with pytest.raises(RunInterrupted) as interrupted:
        interruption.check()

    assert interrupted.value.reason == "cancelled"
