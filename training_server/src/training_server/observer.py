"""What the database learns of a run while it runs; the training itself never waits for the database."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.run_log import LogLine, write_log
from doodle_db.run_progress import Point, make_finite, record_epoch, record_points, record_progress
from doodle_web.json_logs import log_event
from training_server.interruption import Interruption
from training_server.progress import EpochResult, Progress

log = logging.getLogger(__name__)

TAIL_SECONDS = 2.0
"""What comes after the last step (testing, exporting, checking, publishing), as measured on two cores."""


@dataclass(frozen=True)
class EpochMetrics:
    """An epoch's metrics as they are kept: means over its rows, and how long it took."""

    epoch: int
    loss: float
    accuracy: float
    seconds: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None


@dataclass(frozen=True)
class Unwritten:
    """What is to be written next; taken out of the observer, and put back where that fails."""

    progress: Progress | None
    epochs: list[EpochMetrics]
    points: list[Point]
    lines: list[LogLine]

    def write(self, connection: Connection, key: UUID) -> None:
        """Write it."""
        for metrics in self.epochs:
            numbers = asdict(metrics)
            record_epoch(connection, key, numbers.pop("epoch"), numbers)
        record_points(connection, key, self.points)
        write_log(connection, key, self.lines)
        if self.progress is not None:
            record_progress(connection, key, progress_as_json(self.progress))


class RunObserver:
    """
    Keeps the newest progress, epochs, points and log until somebody flushes them, and heeds the interruption.

    One thread trains and reports, another flushes; the training never waits for that. What could not be written stays
    for the next time.
    """

    def __init__(self, interruption: Interruption, clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            interruption: of the run.
            clock: seconds, never going back.
        """
        self._interruption = interruption
        self._clock = clock
        self._lock = threading.Lock()
        # The heartbeat and the run flush: what one writes first has to stand there first, the log's lines in order.
        self._flushing = threading.Lock()
        self._progress = Progress("starting", 0, 0, 0, 0)
        self._epochs: dict[int, EpochMetrics] = {}
        self._unwritten: set[int] = set()
        self._points: list[Point] = []
        self._lines: list[LogLine] = []
        self._is_progress_written = False
        self._epoch_began = clock()
        self._stage_began = clock()
        self._stage_seconds: dict[str, float] = {}

    def enter(self, stage: str) -> None:
        """
        Tell that a stage begins; what is known of the training stays.

        Raises:
            RunInterrupted: the run is to stop here.
        """
        self.check_stop()
        with self._lock:
            self._end_stage()
            left = TAIL_SECONDS if self._progress.num_steps else None
            self._note(replace(self._progress, stage=stage, eta_seconds=left))
            self._epoch_began = self._clock()
        log_event(log, logging.INFO, "stage_entered", stage=stage)

    def report(self, progress: Progress) -> None:
        """Take note of the training's progress; what comes after the training counts towards the time left."""
        left = None if progress.eta_seconds is None else progress.eta_seconds + TAIL_SECONDS
        with self._lock:
            if progress.point is not None and progress.point != self._progress.point:
                self._points.append(progress.point)
            self._note(replace(progress, eta_seconds=left))
            if progress.epoch > len(self._epochs) and progress.loss is not None and progress.accuracy is not None:
                self._end_epoch(progress.loss, progress.accuracy)

    def read_stage_seconds(self) -> dict[str, float]:
        """Tell how long each stage that has ended took, in their order; a stage entered twice counts twice."""
        with self._lock:
            return dict(self._stage_seconds)

    def read_epoch_seconds(self) -> list[float]:
        """Tell how long each epoch that has ended took, in their order."""
        with self._lock:
            return [epoch.seconds for _, epoch in sorted(self._epochs.items())]

    def read_num_steps(self) -> int:
        """Tell how many steps of training have been made."""
        with self._lock:
            return self._progress.step

    def check_stop(self) -> None:
        """
        Go on, or stop here.

        Raises:
            RunInterrupted: somebody asked.
        """
        self._interruption.check()

    def end_epoch(self, result: EpochResult) -> None:
        """Add what an epoch that was reported came to on the rows held back, if there are any."""
        found = make_finite(vars(result))
        with self._lock:
            known = self._epochs[result.epoch]
            measured = {name: found[name] for name in ("validation_loss", "validation_accuracy")}
            self._epochs[result.epoch] = replace(known, **measured)
            self._unwritten.add(result.epoch)
        rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in found.items()}
        log_event(log, logging.INFO, "epoch_ended", **rounded)

    def add_line(self, line: LogLine) -> None:
        """Add a line to the run's log."""
        with self._lock:
            self._lines.append(line)

    def flush(self, engine: Engine, key: UUID, is_ours: Callable[[Connection], bool] = lambda _: True) -> None:
        """
        Write what is new, in one transaction; by the heartbeat, and once more by the run before it ends.

        Args:
            engine: of the database.
            key: the run.
            is_ours: tells whether the run is still that of this attempt. What a worker that was thought dead has to
                say when it comes back has no place in another attempt's curve: it is forgotten.

        Raises:
            SQLAlchemyError: the database could not be reached; nothing is forgotten by that.
        """
        with self._flushing:
            with self._lock:
                unwritten = self._take()
            if unwritten == NOTHING:
                return
            try:
                with engine.begin() as connection:
                    if is_ours(connection):
                        unwritten.write(connection, key)
            except SQLAlchemyError:
                with self._lock:
                    self._put_back(unwritten)
                raise

    def _take(self) -> Unwritten:
        progress = None if self._is_progress_written else self._progress
        epochs = [self._epochs[epoch] for epoch in sorted(self._unwritten)]
        taken = Unwritten(progress, epochs, self._points, self._lines)
        self._is_progress_written, self._unwritten, self._points, self._lines = True, set(), [], []
        return taken

    def _put_back(self, taken: Unwritten) -> None:
        self._is_progress_written = taken.progress is None and self._is_progress_written
        self._unwritten |= {metrics.epoch for metrics in taken.epochs}
        self._points, self._lines = taken.points + self._points, taken.lines + self._lines

    def _note(self, progress: Progress) -> None:
        self._progress = progress
        self._is_progress_written = False

    def _end_stage(self) -> None:
        stage, now = self._progress.stage, self._clock()
        self._stage_seconds[stage] = self._stage_seconds.get(stage, 0.0) + now - self._stage_began
        self._stage_began = now

    def _end_epoch(self, loss: float, accuracy: float) -> None:
        epoch, now = len(self._epochs) + 1, self._clock()
        self._epochs[epoch] = EpochMetrics(epoch, loss, accuracy, now - self._epoch_began)
        self._unwritten.add(epoch)
        self._epoch_began = now


NOTHING = Unwritten(None, [], [], [])


def progress_as_json(progress: Progress) -> dict[str, Any]:
    """
    Give a progress as a run's row keeps it; JSON has no word for a number that is not finite.

    >>> progress_as_json(Progress("training", 1, 2, 3, 4, loss=float("nan")))["loss"] is None
    True
    """
    point = None if progress.point is None else make_finite(asdict(progress.point))
    return {**make_finite(asdict(progress)), "point": point}
