"""What a training tells while it runs, and how it is asked to end."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from typing import Protocol

from doodle_db.run_progress import MAX_POINTS, Point

REPORT_INTERVAL_SECONDS = 0.3
"""A few reports a second: enough for a bar that moves, few enough for rows in a database."""


@dataclass(frozen=True)
class Progress:
    """
    How far a run has come.

    Attributes:
        stage: what is being done, e.g. "training".
        epoch, step: finished so far.
        num_epochs, num_steps: planned in all; early stopping may end before them.
        loss, accuracy: of this epoch's rows so far, accuracy in [0, 1]; None before the first step.
        eta_seconds: until the last planned step; None before there is a speed to judge by.
        learning_rate: of the last step; None before the first.
        point: the newest point of the training's curve; None before there is one.
    """

    stage: str
    epoch: int
    num_epochs: int
    step: int
    num_steps: int
    loss: float | None = None
    accuracy: float | None = None
    eta_seconds: float | None = None
    learning_rate: float | None = None
    point: Point | None = None


@dataclass(frozen=True)
class EpochResult:
    """
    What an epoch came to.

    Attributes:
        epoch: 1 is the first.
        loss, accuracy: over the training rows as they were shown, while the weights moved.
        validation_loss, validation_accuracy: of the weights kept at its end, on the rows held back, new ones repeated
            as in training; NaN without such rows.
    """

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float


class Observer(Protocol):
    """Who watches a training, and may end it."""

    def report(self, progress: Progress) -> None:
        """Take note of the progress; called a few times a second, at every point and at every epoch's end."""

    def end_epoch(self, result: EpochResult) -> None:
        """Take note of what an epoch came to; raise to end the training here."""

    def check_stop(self) -> None:
        """Return to go on; raise to end the training here. Called at every step, so it must be cheap."""


class SilentObserver:
    """Watches nothing and never asks to stop."""

    def report(self, progress: Progress) -> None:
        """Ignore the progress."""

    def end_epoch(self, result: EpochResult) -> None:
        """Ignore the epoch."""

    def check_stop(self) -> None:
        """Go on."""


class StepClock:
    """
    Passes everything on to another observer; counts a training's steps, and the time it took.

    Attributes:
        num_steps: finished so far.
    """

    def __init__(self, observer: Observer, clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            observer: who watches.
            clock: seconds, never going back; the time runs from now on.
        """
        self.num_steps = 0
        self._observer, self._clock, self._began = observer, clock, clock()

    def read_seconds(self) -> float:
        """Tell how long it has been."""
        return self._clock() - self._began

    def report(self, progress: Progress) -> None:
        """Count the steps, and pass it on."""
        self.num_steps = progress.step
        self._observer.report(progress)

    def end_epoch(self, result: EpochResult) -> None:
        """Pass it on."""
        self._observer.end_epoch(result)

    def check_stop(self) -> None:
        """Ask the other observer."""
        self._observer.check_stop()


@dataclass
class Pace:
    """
    Counts steps: tells the time left, and when it is time for another report. For one training, in one thread.

    Attributes:
        num_steps: planned in all.
        clock: seconds, never going back.
    """

    num_steps: int
    clock: Callable[[], float] = time.monotonic
    step: int = 0
    _first_ended_at: float | None = field(default=None, init=False)
    _reported_at: float | None = field(default=None, init=False)

    def count_step(self) -> None:
        """Take note that a step has ended; the first also traced the graph and says nothing about speed."""
        self.step += 1
        if self._first_ended_at is None:
            self._first_ended_at = self.clock()

    def eta_seconds(self) -> float | None:
        """Tell the time left at the speed so far; None in the first two steps."""
        if self.step < 2 or self._first_ended_at is None:
            return None
        seconds_per_step = (self.clock() - self._first_ended_at) / (self.step - 1)
        return seconds_per_step * (self.num_steps - self.step)

    def is_point_due(self) -> bool:
        """Tell whether the step that has ended is a point of the curve: MAX_POINTS of them, evenly, and the last."""
        return self.step % max(1, ceil(self.num_steps / MAX_POINTS)) == 0 or self.step == self.num_steps

    def is_report_due(self) -> bool:
        """Tell whether REPORT_INTERVAL_SECONDS have passed since this last said yes."""
        now = self.clock()
        if self._reported_at is not None and now - self._reported_at < REPORT_INTERVAL_SECONDS:
            return False
        self._reported_at = now
        return True
