"""One job: claim its run, carry it out, and leave the run's row in a state that says what happened."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.errors import DoodleError
from doodle_db.runs import Claim, end_run, get_run
from doodle_web.json_logs import bind_fields, log_event
from doodle_web.tracing import NO_TRACING, Tracing
from training_server.claims import ClaimedRun, claim, is_mine, release
from training_server.clock import read_time
from training_server.dispatch import dispatch_run
from training_server.heartbeat import Heartbeat, WatchedRun
from training_server.interruption import Interruption, Reason, RunInterrupted
from training_server.observer import RunObserver
from training_server.publish import Conclusion
from training_server.queue import TrainingQueue
from training_server.run_log_handler import keep_log
from training_server.standby import Standby
from training_server.worker_metrics import WorkerMetrics

log = logging.getLogger(__name__)

MAX_ERROR_CHARACTERS = 1_000
"""A run's error is for reading; the log has the rest."""


@dataclass(frozen=True)
class Watching:
    """
    Who is told of runs besides the database.

    Attributes:
        metrics: for Prometheus.
        tracing: for whoever collects traces.
    """

    metrics: WorkerMetrics = field(default_factory=WorkerMetrics)
    tracing: Tracing = NO_TRACING


class Work:
    """What the worker does with a job; runs in the thread Procrastinate gives it, one job at a time."""

    def __init__(
        self,
        engine: Engine,
        queue: TrainingQueue,
        heartbeat: Heartbeat,
        standby: Standby,
        pipeline: Callable[[WatchedRun], Conclusion | None],
        watching: Watching | None = None,
    ) -> None:
        """
        Args:
            engine: of the database.
            queue: in it.
            heartbeat: of the worker.
            standby: of the worker: what it does while its machine has enough to do.
            pipeline: carries out a run that has been claimed; gives None where nothing was judged.
            watching: who is told of it besides the database; None: nobody.
        """
        self._engine = engine
        self._queue = queue
        self._heartbeat = heartbeat
        self._standby = standby
        self._pipeline = pipeline
        watching = watching or Watching()
        self._metrics, self._tracing = watching.metrics, watching.tracing

    def work_on(self, key: UUID) -> None:
        """Work on a run until its end; whatever happens to it is written down and logged, nothing is raised."""
        with bind_fields(run=key):
            try:
                self._work_on(key)
            except SQLAlchemyError as lost:
                # The run's row could not be written. It falls silent, and the tick of some worker takes it up.
                log_event(log, logging.ERROR, "run_dropped", error=type(lost).__name__)

    def _work_on(self, key: UUID) -> None:
        run = self._claim(key)
        if not isinstance(run, ClaimedRun):
            log_event(log, logging.INFO, "run_not_claimed", outcome=run)
            return
        origin = run.origin
        with (
            bind_fields(request_id=origin.request_id),
            self._tracing.span("run", parent=origin.traceparent, **{"doodle.run": str(key)}),
        ):
            self._carry_out(run)

    def _claim(self, key: UUID) -> ClaimedRun | Claim:
        """Claim a run; where the machine is full, give it back to the queue for a worker elsewhere, and stand by."""
        with self._engine.begin() as connection:
            run = claim(connection, key, self._standby.worker, self._standby.runs_per_machine)
            if run == "full":
                dispatch_run(connection, self._queue, key, get_run(connection, key).sent_to)
        if run == "full":
            self._standby.begin()
        return run

    def _carry_out(self, run: ClaimedRun) -> None:
        interruption = Interruption()
        watched = WatchedRun(run, interruption, RunObserver(interruption))
        with keep_log(run.key, watched.observer.add_line):
            log_event(log, logging.INFO, "run_claimed", attempt=run.attempt, live_version=run.live_version)
            self._watch(watched)
        try:
            watched.flush(self._engine)
        except SQLAlchemyError as lost:
            log_event(log, logging.WARNING, "run_log_lost", error=type(lost).__name__)

    def _watch(self, watched: WatchedRun) -> None:
        run = watched.run
        with self._metrics.watch_run(watched.observer):
            try:
                with self._heartbeat.watch(watched):
                    conclusion = self._pipeline(watched)
            except RunInterrupted as interrupted:
                self._metrics.count_run(interrupted.reason)
                self._let_go(run, interrupted.reason)
            except Exception as broken:  # noqa: BLE001  # the worker's loop: a run may break, the worker goes on
                self._metrics.count_run("failed")
                self._fail(run, broken)
            else:
                self._metrics.count_run("finished")
                verdict = conclusion.verdict if conclusion else {}
                if verdict:
                    self._metrics.count_verdict(verdict)
                log_event(log, logging.INFO, "run_finished", **verdict)

    def _let_go(self, run: ClaimedRun, reason: Reason) -> None:
        log_event(log, logging.WARNING, "run_interrupted", reason=reason)
        with self._engine.begin() as connection:
            release(connection, self._queue, run, reason)

    def _fail(self, run: ClaimedRun, broken: Exception) -> None:
        log.error("run_failed", exc_info=broken)
        words = str(broken) if isinstance(broken, DoodleError) else f"{type(broken).__name__}: {broken}"
        with self._engine.begin() as connection:
            if is_mine(get_run(connection, run.key), run):
                now = read_time(connection)
                end_run(connection, run.key, "failed", now=now, error=words[:MAX_ERROR_CHARACTERS])
