"""The worker's pulse: says every second that it is there and works on its run, and learns whether it should go on."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.runs import beat, get_run
from doodle_db.workers import Word, Worker, WorkerState, report_worker
from doodle_web.json_logs import log_event
from training_server.claims import ClaimedRun, is_nobody_elses
from training_server.clock import read_time
from training_server.interruption import Interruption
from training_server.observer import RunObserver
from training_server.outages import PATIENCE_SECONDS

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0

FLUSH_SECONDS = 0.25
"""Progress is written four times a second at most: a bar moves smoothly, and a row is cheap at that rate."""

FAREWELL_SECONDS = 5.0
"""How long a worker that ends waits for a beat under way: the database may be silent for longer (doodle_db.engine)."""

LOG_EVERY_SECONDS = 10.0
"""An outage is told of that often, not at every attempt."""


@dataclass(frozen=True)
class WatchedRun:
    """The run a worker works on, how to stop it, and what it tells."""

    run: ClaimedRun
    interruption: Interruption
    observer: RunObserver

    def flush(self, engine: Engine) -> None:
        """Write what the run tells, unless another attempt has taken it up; see RunObserver.flush."""
        self.observer.flush(engine, self.run.key, lambda connection: is_nobody_elses(connection, self.run))


class Heartbeat:
    """
    One thread beside the training. It survives any outage of the database; the run it watches does not survive a
    long one, for by then another worker may have it.
    """

    def __init__(
        self,
        engine: Engine,
        worker: Worker,
        clock: Callable[[], float] = time.monotonic,
        pulse_file: Path | None = None,
    ) -> None:
        """
        Args:
            engine: of the database.
            worker: as it was registered.
            clock: seconds, never going back.
            pulse_file: touched at every beat that reached the database, for a supervisor that asks no database.
        """
        self._engine = engine
        self._worker = worker
        self._clock = clock
        self._pulse_file = pulse_file
        self._lock = threading.Lock()
        self._watched: WatchedRun | None = None
        self._is_stopping = False
        self._reached_at = clock()
        self._beat_at: float | None = None
        self._told_at: float | None = None
        self._is_pulse_lost = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._hear: Callable[[Word], None] = lambda _: None

    def listen(self, hear: Callable[[Word], None]) -> None:
        """
        Tell what the worker is asked to do.

        Args:
            hear: called in the heartbeat's thread, with every beat again, unless the word is to go on.
        """
        self._hear = hear

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def stop(self) -> None:
        """Beat for the last time, as stopped; without a word if the database leaves a beat unanswered."""
        self._stop.set()
        self._thread.join(FAREWELL_SECONDS)
        if self._thread.is_alive():
            log_event(log, logging.WARNING, "database_silent")
            return
        try:
            with self._engine.begin() as connection:
                report_worker(connection, self._worker, "stopped", None, read_time(connection))
        except SQLAlchemyError as lost:
            log_event(log, logging.WARNING, "database_unreachable", error=type(lost).__name__)

    @contextmanager
    def watch(self, watched: WatchedRun) -> Iterator[None]:
        """Beat for a run, too, as long as the context lasts."""
        with self._lock:
            self._watched = watched
            if self._is_stopping:
                watched.interruption.ask("stopping")
        self.beat_now()
        try:
            yield
        finally:
            with self._lock:
                self._watched = None
            self.beat_now()

    def stop_run(self) -> None:
        """Ask the run in progress, and any that may still come, to stop because the worker ends."""
        with self._lock:
            self._is_stopping = True
            if self._watched is not None:
                self._watched.interruption.ask("stopping")

    def beat_now(self) -> None:
        """Let the next turn of the thread beat, instead of waiting for its second."""
        self._beat_at = None

    def turn(self) -> None:
        """Do what is due: beat, flush the progress. What fails is logged now and then, and outlived."""
        with self._lock:
            watched = self._watched
        try:
            if self._is_due():
                self._beat(watched)
            if watched is not None:
                watched.flush(self._engine)
        except SQLAlchemyError as lost:
            if self._is_to_tell():
                log_event(log, logging.WARNING, "database_unreachable", error=type(lost).__name__)
            self._endure(watched)
        except Exception as broken:  # without its pulse the worker would train for nothing, and hear nobody
            if self._is_to_tell():
                log.error("heartbeat_broken", exc_info=broken)
            self._endure(watched)

    def _run(self) -> None:
        while not self._stop.wait(FLUSH_SECONDS):
            self.turn()

    def _is_due(self) -> bool:
        return self._beat_at is None or self._clock() - self._beat_at >= BEAT_SECONDS

    def _beat(self, watched: WatchedRun | None) -> None:
        self._beat_at = self._clock()
        state: WorkerState = "busy" if watched else "idle"
        with self._engine.begin() as connection:
            now = read_time(connection)
            word = report_worker(connection, self._worker, state, watched.run.key if watched else None, now)
            if watched is not None:
                _check_run(connection, watched, now)
        self._reached_at, self._told_at = self._clock(), None
        self._touch_pulse()
        if word != "go_on":
            self._hear(word)

    def _touch_pulse(self) -> None:
        """Let a supervisor feel the pulse; a folder that is gone or full is told of once, and no reason not to beat."""
        if self._pulse_file is None:
            return
        try:
            self._pulse_file.touch()
        except OSError as failed:
            if not self._is_pulse_lost:
                log_event(log, logging.WARNING, "pulse_file_lost", error=type(failed).__name__)
            self._is_pulse_lost = True
        else:
            self._is_pulse_lost = False

    def _is_to_tell(self) -> bool:
        now = self._clock()
        if self._told_at is not None and now - self._told_at <= LOG_EVERY_SECONDS:
            return False
        self._told_at = now
        return True

    def _endure(self, watched: WatchedRun | None) -> None:
        if watched is not None and self._clock() - self._reached_at > PATIENCE_SECONDS:
            watched.interruption.ask("lost")


def _check_run(connection: Connection, watched: WatchedRun, now: datetime) -> None:
    """Beat for a run that is still this worker's; a run that is not, or is not wanted any more, is asked to stop."""
    run = watched.run
    row = get_run(connection, run.key)
    if (row.worker, row.attempt) != (run.worker, run.attempt):
        watched.interruption.ask("lost")
    elif not beat(connection, run.key, now):
        watched.interruption.ask("cancelled")
