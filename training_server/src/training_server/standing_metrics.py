"""
How things stand in the database, for Prometheus: runs, workers, what is live, drift.

Only this service tells it, or a sum over services would count everything twice. It is read when somebody asks, with a
few bounded queries, and kept for a moment, so that asking often costs nothing more.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from doodle_db import standing
from doodle_db.drift import LEVELS, DriftCheck, list_checks
from doodle_db.reviews import count_reviews
from doodle_web.json_logs import log_event
from training_server.clock import read_time

log = logging.getLogger(__name__)

STANDING_SECONDS = 2.0
"""How long what was read is kept."""

SET_TIMEOUT = text("SET LOCAL statement_timeout = 3000")
"""Prometheus waits 10 s for an answer, and would rather hear that the database is slow than nothing."""

RUN_STATES = ("waiting", "running", "finished", "failed", "cancelled")
WORKER_STATES = ("idle", "busy", "stopped", "lost")
OUTCOMES = ("published", "passed", "rejected")
CHECKS = ("screening", "recent", "base", "labels", "new_labels", "exports")
QUARANTINE_REASONS = ("label", "unknown", "contributor")
KINDS = ("publish", "deploy", "rollback")

Answer = TypeVar("Answer")


class Kept(Generic[Answer]):
    """An answer that is kept for a while; any number of threads may ask, one of them fetches."""

    def __init__(
        self, seconds: float, fetch: Callable[[], Answer], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """
        Args:
            seconds: how long an answer holds.
            fetch: gives a new one; what it raises is raised to everybody who asks until it succeeds.
            clock: seconds, never going back.
        """
        self._seconds, self._fetch, self._clock = seconds, fetch, clock
        self._lock = threading.Lock()
        self._answer: tuple[float, Answer] | None = None

    def get(self) -> Answer:
        """Give an answer that still holds."""
        with self._lock:
            now = self._clock()
            if self._answer is None or now - self._answer[0] >= self._seconds:
                self._answer = now, self._fetch()
            return self._answer[1]


@dataclass(frozen=True)
class Standing:
    """How everything stands; see doodle_db.standing."""

    live: standing.LiveStanding | None
    num_new: int
    quarantined: Mapping[str, int]
    deployments: Mapping[str, int]
    runs: standing.RunStanding
    finished: standing.FinishedRun | None
    workers: list[standing.WorkerStanding]
    database: standing.DatabaseStanding
    drift: DriftCheck | None
    guesses: standing.GuessStanding | None


class StandingCollector(Collector):
    """Reads how things stand whenever Prometheus asks."""

    def __init__(self, engine: Engine, min_doodles: int) -> None:
        """
        Args:
            engine: of the database; nothing is asked yet.
            min_doodles: how many new doodles start a run.
        """
        self._engine, self._min_doodles = engine, min_doodles
        self._standing = Kept(STANDING_SECONDS, lambda: self._ask(read_standing))

    def collect(self) -> Iterable[Metric]:
        """Tell how things stand; while the database cannot be asked, only that."""
        try:
            found = self._standing.get()
        except SQLAlchemyError as failure:
            log_event(log, logging.WARNING, "standing_unknown", error=type(failure).__name__)
            yield _gauge("doodle_database_up", "Whether PostgreSQL answered.", 0)
            return
        yield _gauge("doodle_database_up", "Whether PostgreSQL answered.", 1)
        yield _gauge("doodle_new_doodles_wanted", "New doodles that start a run.", self._min_doodles)
        yield _gauge("doodle_new_doodles", "Doodles since a run last looked, up to 10,000.", found.num_new)
        words = "Doodles in quarantine that wait for somebody to look, by reason."
        yield _by("doodle_quarantined_doodles", words, "reason", _all_of(QUARANTINE_REASONS, found.quarantined))
        yield from describe_live(found.live, found.deployments)
        yield from describe_runs(found.runs)
        yield from describe_finished(found.finished)
        yield from describe_workers(found.workers)
        yield from describe_database(found.database)
        yield from describe_drift(found.drift)
        yield from describe_guesses(found.guesses)

    def _ask(self, question: Callable[[Connection], Answer]) -> Answer:
        with self._engine.begin() as connection:
            connection.execute(SET_TIMEOUT)
            return question(connection)


def read_standing(connection: Connection) -> Standing:
    """Read how everything stands."""
    now = read_time(connection)
    live = standing.read_live(connection)
    return Standing(
        live=live,
        num_new=standing.count_new_doodles(connection),
        quarantined=count_reviews(connection, "open"),
        deployments=standing.count_deployments(connection, now),
        runs=standing.read_runs(connection, now),
        finished=standing.find_finished_run(connection),
        workers=standing.read_workers(connection, now),
        database=standing.read_database(connection),
        drift=next(iter(list_checks(connection, at_most=1)), None),
        guesses=standing.find_guesses(connection, live.deployment.version) if live else None,
    )


def describe_live(live: standing.LiveStanding | None, deployments: Mapping[str, int]) -> Iterator[Metric]:
    """Tell what is live, since when, how good it was when it was tested, and how often that changed lately."""
    yield _by("doodle_deployments_last_day", "Deployments of the last day.", "kind", _all_of(KINDS, deployments))
    yield _gauge("doodle_live", "Whether any version is live.", int(live is not None))
    if live is None:
        return
    version = live.deployment.version
    info = GaugeMetricFamily("doodle_live_info", "What is live.", labels=["version", "network"])
    info.add_metric([version, live.network], 1)
    yield info
    yield _gauge("doodle_live_deployment", "The number of the latest deployment.", live.deployment.deployment)
    since = live.deployment.created_at.timestamp()
    yield _gauge("doodle_live_deployed_timestamp_seconds", "Since when it is live.", since)
    words = "Share of a holdout's drawings the live version is right about, as tested before it went live."
    yield _by("doodle_live_accuracy_ratio", words, "holdout", live.accuracies)


def describe_runs(runs: standing.RunStanding) -> Iterator[Metric]:
    """Tell how runs stand."""
    yield _gauge("doodle_runs_waiting", "Runs that wait.", runs.num_waiting)
    yield _gauge("doodle_runs_running", "Runs that are worked on.", runs.num_running)
    words = "How long the oldest run that waits has waited; 0 if none does."
    yield _gauge("doodle_runs_oldest_waiting_seconds", words, runs.oldest_waiting_seconds)
    yield _gauge("doodle_run_progress_ratio", "Steps done of the run that trains; 0 if none does.", runs.progress or 0)
    words = "Runs ordered within the last day, by their state now."
    yield _by("doodle_runs_last_day", words, "state", _all_of(RUN_STATES, runs.states))
    words = "Verdicts on runs ordered within the last day."
    yield _by("doodle_verdicts_last_day", words, "outcome", _all_of(OUTCOMES, runs.verdicts))
    words = "Checks of the gate that candidates of the last day failed."
    yield _by("doodle_failed_checks_last_day", words, "check", _all_of(CHECKS, runs.failed_checks))


def describe_finished(run: standing.FinishedRun | None) -> Iterator[Metric]:
    """Tell of the last run that came to a verdict: when, how long, how good."""
    if run is None:
        return
    finished_at = run.finished_at.timestamp()
    yield _gauge("doodle_last_run_finished_timestamp_seconds", "When the last verdict was given.", finished_at)
    yield _gauge("doodle_last_run_seconds", "How long that run took.", run.seconds)
    yield _gauge("doodle_last_run_published", "Whether its candidate went live.", int(run.is_published))
    yield _gauge("doodle_last_run_new_doodles", "New doodles it trained on.", run.num_new_doodles)
    yield _by("doodle_last_run_stage_seconds", "How long each of its stages took.", "stage", run.stages)
    yield _gauge("doodle_last_run_epochs", "How many epochs it trained.", len(run.epoch_seconds))
    if run.epoch_seconds:
        mean = sum(run.epoch_seconds) / len(run.epoch_seconds)
        yield _gauge("doodle_last_run_epoch_seconds", "How long an epoch took in the mean.", mean)
    words = "Share of a holdout's drawings its candidate and the version live then were right about."
    family = GaugeMetricFamily("doodle_last_run_accuracy_ratio", words, labels=["model", "holdout"])
    for (model, holdout), accuracy in run.accuracies.items():
        family.add_metric([model, holdout], accuracy)
    yield family


def describe_workers(workers: list[standing.WorkerStanding]) -> Iterator[Metric]:
    """Tell how many workers there are in which state, and when those that should be there were last heard."""
    counts = {state: sum(worker.state == state for worker in workers) for state in WORKER_STATES}
    yield _by("doodle_workers", "Workers heard within the last hour, by state.", "state", counts)
    silent = {worker.name: worker.silent_seconds for worker in workers if worker.state in {"idle", "busy"}}
    yield _by("doodle_worker_silent_seconds", "Time since a worker's last heartbeat.", "worker", silent)


def describe_database(database: standing.DatabaseStanding) -> Iterator[Metric]:
    """Tell how PostgreSQL stands."""
    yield _gauge("doodle_database_size_bytes", "The database's size.", database.size_bytes)
    yield _gauge("doodle_database_sessions", "Sessions of all clients.", database.num_sessions)
    yield _gauge("doodle_database_sessions_max", "Sessions PostgreSQL allows.", database.max_sessions)
    words = "How long the oldest transaction has been open; newer doodles wait for its end before they train."
    yield _gauge("doodle_database_oldest_transaction_seconds", words, database.oldest_transaction_seconds)


def describe_drift(check: DriftCheck | None) -> Iterator[Metric]:
    """Tell what the workers found when they last looked whether drawings have changed."""
    if check is None:
        return
    words = "Whether drawings have changed: 0 steady, 1 watch, 2 alert."
    yield _gauge("doodle_drift_state", words, LEVELS.index(check.state))
    yield _gauge("doodle_drift_checked_timestamp_seconds", "When a worker last looked.", check.created_at.timestamp())
    words = "Newest drawings that were compared with older ones."
    yield _gauge("doodle_drift_sample_doodles", words, check.num_present)
    words = "How far the newest drawings lie from older ones, less what chance gives."
    yield _by("doodle_drift_index", words, "measure", {each.name: each.value for each in check.measures})
    words = "From which index on a measure is worth a look, and an alarm."
    family = GaugeMetricFamily("doodle_drift_threshold", words, labels=["measure", "level"])
    for each in check.measures:
        family.add_metric([each.name, "watch"], each.watch)
        family.add_metric([each.name, "alert"], each.alert)
    yield family


def describe_guesses(guesses: standing.GuessStanding | None) -> Iterator[Metric]:
    """Tell how often the live version guesses the newest drawings as their senders labelled them."""
    if guesses is None:
        return
    words = "Share of the newest drawings the live version guessed as their senders labelled them."
    yield _by("doodle_recent_accuracy_ratio", words, "version", {guesses.version: guesses.accuracy})
    words = "Guesses that share rests on."
    yield _by("doodle_recent_guesses", words, "version", {guesses.version: guesses.num_guesses})


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _by(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _all_of(names: Iterable[str], counts: Mapping[str, int]) -> dict[str, int]:
    """Give a count for each name, 0 too: a series that appears with its first event has no increase to be seen."""
    return {name: counts.get(name, 0) for name in names} | dict(counts)
