"""How things stand, for whoever watches: few rows of each table, however much has piled up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from doodle_db.model_registry import Deployment, find_live, get_model
from doodle_db.tables import deployments, run_metrics, runs, workers
from doodle_db.training_counts import count_for_training
from doodle_db.workers import state_of

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
"""Workers that were not heard for longer have gone for good: where they are containers, each has a new name."""

MAX_NEW = 10_000
"""Counting ends there, as the trigger's does."""

MAX_RUNS = 1_000
MAX_WORKERS = 100
MAX_GUESSES = 1_000
FAR_BACK = 200
"""How many runs back the last finished one is looked for."""


@dataclass(frozen=True)
class LiveStanding:
    """
    What is live.

    Attributes:
        deployment: the line of the history that made it so.
        network: the network's name.
        accuracies: by holdout, as tested before it went live.
    """

    deployment: Deployment
    network: str
    accuracies: Mapping[str, float]


@dataclass(frozen=True)
class RunStanding:
    """
    How runs stand.

    Attributes:
        num_waiting, num_running: now.
        oldest_waiting_seconds: how long the oldest that waits has waited; 0 if none does.
        progress: of the one that is running: steps done, in [0, 1]; None if none runs, or it has not begun to train.
        states: runs ordered within the last day, by state.
        verdicts: of those, by outcome.
        failed_checks: of those, by the check's name.
    """

    num_waiting: int
    num_running: int
    oldest_waiting_seconds: float
    progress: float | None
    states: Mapping[str, int]
    verdicts: Mapping[str, int]
    failed_checks: Mapping[str, int]


@dataclass(frozen=True)
class FinishedRun:
    """
    The last run that came to a verdict.

    Attributes:
        finished_at: when.
        seconds: from its start to its end.
        stages: seconds by stage.
        epoch_seconds: of each epoch, in order.
        is_published: whether its candidate went live.
        num_new_doodles: trained on.
        accuracies: by model (`candidate`, `live`) and holdout.
    """

    finished_at: datetime
    seconds: float
    stages: Mapping[str, float]
    epoch_seconds: list[float]
    is_published: bool
    num_new_doodles: int
    accuracies: Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class WorkerStanding:
    """
    A worker that was heard within the last hour.

    Attributes:
        name: its name.
        state: `idle`, `busy`, `stopped`, or `lost` if it fell silent without a farewell.
        silent_seconds: since its last heartbeat.
    """

    name: str
    state: str
    silent_seconds: float


@dataclass(frozen=True)
class DatabaseStanding:
    """
    How PostgreSQL stands.

    Attributes:
        size_bytes: of the database.
        num_sessions, max_sessions: of all its clients.
        oldest_transaction_seconds: how long the oldest open transaction of others has been open; doodles recorded since
            then wait for its end before they can be trained on.
    """

    size_bytes: int
    num_sessions: int
    max_sessions: int
    oldest_transaction_seconds: float


@dataclass(frozen=True)
class GuessStanding:
    """
    How often a version is right about the newest drawings.

    Attributes:
        version: which.
        accuracy: share of its guesses that were what people say they drew.
        num_guesses: how many.
    """

    version: str
    accuracy: float
    num_guesses: int


def read_live(connection: Connection) -> LiveStanding | None:
    """Read what is live; None before the first deployment."""
    live = find_live(connection)
    if live is None:
        return None
    manifest: dict[str, Any] = get_model(connection, live.version).manifest
    accuracies = {name: float(holdout["accuracy"]) for name, holdout in manifest["metrics"].items()}
    return LiveStanding(live, manifest["network"]["name"], accuracies)


def count_new_doodles(connection: Connection) -> int:
    """Count the doodles that came in since a run last looked, up to MAX_NEW."""
    return count_for_training(connection, at_most=MAX_NEW).num_new


def count_deployments(connection: Connection, now: datetime) -> dict[str, int]:
    """Count the deployments of the last day, by kind; MAX_RUNS at most."""
    newest = select(deployments).order_by(deployments.c.deployment.desc()).limit(MAX_RUNS).subquery()
    kinds = select(newest.c.kind, func.count()).where(newest.c.created_at > now - DAY).group_by(newest.c.kind)
    return {row[0]: row[1] for row in connection.execute(kinds)}


def read_runs(connection: Connection, now: datetime) -> RunStanding:
    """Read how runs stand."""
    waiting = connection.execute(select(runs.c.created_at).where(runs.c.state == "waiting")).scalars().all()
    running = connection.execute(select(runs.c.progress).where(runs.c.state == "running")).scalars().all()
    states, verdicts, failed_checks = _count_runs(connection, now)
    return RunStanding(
        num_waiting=len(waiting),
        num_running=len(running),
        oldest_waiting_seconds=max(((now - each).total_seconds() for each in waiting), default=0.0),
        progress=next((progress_of(each) for each in running), None),
        states=states,
        verdicts=verdicts,
        failed_checks=failed_checks,
    )


def progress_of(progress: Mapping[str, Any] | None) -> float | None:
    """
    Tell how far a run's training is.

    >>> progress_of({"step": 3, "num_steps": 12}), progress_of(None)
    (0.25, None)
    """
    if not progress or not progress.get("num_steps"):
        return None
    return float(progress["step"]) / float(progress["num_steps"])


def _count_runs(connection: Connection, now: datetime) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    # Trials are hundreds, and what becomes of an experiment says nothing about the loop.
    columns = (runs.c.state, runs.c.kind, runs.c.verdict)
    lately = select(*columns).where(runs.c.created_at > now - DAY, runs.c.kind != "trial")
    states: dict[str, int] = {}
    verdicts: dict[str, int] = {}
    failed: dict[str, int] = {}
    for run in connection.execute(lately.order_by(runs.c.created_at.desc()).limit(MAX_RUNS)):
        _count(states, run.state)
        if run.verdict is not None and run.kind == "delta":
            _count(verdicts, run.verdict["outcome"])
            for check in run.verdict["checks"]:
                if not check["passed"]:
                    _count(failed, check["name"])
    return states, verdicts, failed


def _count(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


def find_finished_run(connection: Connection) -> FinishedRun | None:
    """Find the last delta that came to a verdict, among the newest FAR_BACK."""
    newest = select(runs).where(runs.c.kind == "delta").order_by(runs.c.created_at.desc()).limit(FAR_BACK).subquery()
    finished = select(newest).where(newest.c.state == "finished").order_by(newest.c.finished_at.desc()).limit(1)
    run = connection.execute(finished).first()
    return _describe_run(connection, run) if run else None


def _describe_run(connection: Connection, run: Row[Any]) -> FinishedRun:
    epochs = select(run_metrics.c.seconds).where(run_metrics.c.run == run.key).order_by(run_metrics.c.epoch)
    metrics: dict[str, Any] = run.metrics or {}
    return FinishedRun(
        finished_at=run.finished_at,
        seconds=(run.finished_at - run.started_at).total_seconds(),
        stages=metrics.get("seconds", {}),
        epoch_seconds=list(connection.execute(epochs).scalars()),
        is_published=run.verdict["outcome"] == "published",
        num_new_doodles=run.num_new_doodles or 0,
        accuracies={
            (model, holdout): float(numbers["accuracy"])
            for model in ("candidate", "live")
            for holdout, numbers in metrics.get(model, {}).items()
        },
    )


def read_workers(connection: Connection, now: datetime) -> list[WorkerStanding]:
    """Read how the workers stand that were heard within the last hour; MAX_WORKERS at most, the latest first."""
    heard = select(workers).where(workers.c.heartbeat_at > now - HOUR)
    rows = connection.execute(heard.order_by(workers.c.heartbeat_at.desc()).limit(MAX_WORKERS))
    return [
        WorkerStanding(row.name, state_of(row.state, now - row.heartbeat_at), (now - row.heartbeat_at).total_seconds())
        for row in rows
    ]


_DATABASE = text(
    """
    SELECT pg_database_size(current_database()) AS size_bytes,
        (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS num_sessions,
        current_setting('max_connections')::int AS max_sessions,
        coalesce((SELECT extract(epoch FROM max(now() - xact_start)) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()), 0)::float8 AS oldest_transaction_seconds
    """
)


def read_database(connection: Connection) -> DatabaseStanding:
    """Read how PostgreSQL stands."""
    row = connection.execute(_DATABASE).one()
    return DatabaseStanding(**row._mapping)


_GUESSES = text(
    """
    SELECT avg((guess = label)::int)::float8 AS accuracy, count(guess) AS num_guesses FROM (
        (SELECT guess, label, model_version, created_at FROM doodles
         WHERE source = 'user' AND status = 'accepted' AND split = 'train' ORDER BY created_at DESC LIMIT :at_most)
        UNION ALL
        (SELECT guess, label, model_version, created_at FROM doodles
         WHERE source = 'user' AND status = 'accepted' AND split = 'test' ORDER BY created_at DESC LIMIT :at_most)
        ORDER BY created_at DESC LIMIT :at_most
    ) AS newest WHERE model_version = :version AND guess IS NOT NULL
    """
)


def find_guesses(connection: Connection, version: str) -> GuessStanding | None:
    """Find how often a version was right about the newest MAX_GUESSES drawings; None if it guessed none of them."""
    row = connection.execute(_GUESSES, {"version": version, "at_most": MAX_GUESSES}).one()
    return GuessStanding(version, row.accuracy, row.num_guesses) if row.num_guesses else None
