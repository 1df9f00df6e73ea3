"""A training worker: `python -m training_server.worker`."""

import asyncio
import logging
import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.artifacts import ArtifactStore
from doodle_db.engine import connect_to
from doodle_db.errors import SettingsError
from doodle_db.migrate import is_migrated
from doodle_db.workers import Worker, introduce_worker
from doodle_web.error_pages import is_outage
from doodle_web.json_logs import configure_logs, log_event
from doodle_web.tracing import Tracing, make_tracing
from training_server.clock import read_time
from training_server.config import Settings, WorkerSettings, worker_from_environment
from training_server.drift_watch import DriftWatch
from training_server.farewell import STATUSES, Reason
from training_server.heartbeat import Heartbeat, WatchedRun
from training_server.job_loop import WorkerParts, serve
from training_server.machine import identify_machine, is_process_alive
from training_server.publish import Conclusion
from training_server.queue import TrainingQueue
from training_server.queue_schema import is_queue_migrated
from training_server.searches.storage_schema import is_storage_there
from training_server.standby import Standby
from training_server.trackers import Tracker, tell
from training_server.work import Watching, Work
from training_server.worker_metrics import WorkerMetrics, serve_metrics

log = logging.getLogger(__name__)

POOL_SIZE = 5
"""The run, the heartbeat and the tick hold a connection each for milliseconds; a look at drift one more."""

RETRY_SECONDS = 2.0

MAX_WORDS_CHARACTERS = 500

Done = TypeVar("Done")

CHATTY_LOGGERS = ("httpx", "procrastinate", "tf2onnx")
"""They tell at INFO what our own events say already."""


def main() -> int:
    """Run a worker until it is asked to end; give its exit status."""
    try:
        settings, own = worker_from_environment()
    except SettingsError as refusal:
        print(f"The worker does not start. {refusal}", file=sys.stderr)
        return 1
    configure_logs(settings.log_level)
    for chatty in CHATTY_LOGGERS:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    log_event(log, logging.INFO, "worker_starting", worker=own.name)
    engine = connect_to(settings.database_url, pool_size=POOL_SIZE, application_name=f"worker {own.name}"[:63])
    watching = Watching(WorkerMetrics(), make_tracing("worker", settings.otlp_endpoint))
    with serve_metrics(watching.metrics, own.metrics_bind):
        until_reachable(lambda: wait_until_migrated(engine))
        reason = run_worker(settings, own, engine, watching)
    watching.tracing.close()
    engine.dispose()
    return STATUSES[reason]


def run_worker(settings: Settings, own: WorkerSettings, engine: Engine, watching: Watching) -> Reason:
    """
    Import TensorFlow, and serve the queue until there is a reason to end.

    The import is all there is to warm up: a first run measured as fast as a second one in the same process.

    Returns:
        Why it has ended.
    """
    # Not above: the import takes many seconds, and wrong settings are to be refused before.
    from training_server.device import name_device, name_gpus  # noqa: PLC0415

    store = ArtifactStore(settings.artifact_url)
    pipeline = make_pipeline(settings, own, engine, store, watching.tracing)
    wanted = introduce(own.name, name_device(), name_gpus())
    worker = until_reachable(lambda: enter(engine, wanted))
    queue = TrainingQueue(engine)
    heartbeat = Heartbeat(engine, worker, pulse_file=own.pulse_file)
    standby = Standby(engine, worker.name, own.runs_per_machine)
    work = Work(engine, queue, heartbeat, standby, pipeline, watching)
    heartbeat.start()
    reason = asyncio.run(
        serve(
            WorkerParts(
                name=worker.name,
                database_url=settings.database_url,
                engine=engine,
                queue=queue,
                heartbeat=heartbeat,
                work_on=work.work_on,
                min_doodles=settings.delta_min_doodles,
                schedule_hours=settings.schedule_hours,
                until_idle=own.until_idle,
                standby=standby,
                watch_drift=DriftWatch(engine, store, settings.label_set, own.drift_seconds).turn,
            )
        )
    )
    heartbeat.stop()
    log_event(log, logging.INFO, "worker_stopped", worker=worker.name, reason=reason)
    return reason


def make_pipeline(
    settings: Settings, own: WorkerSettings, engine: Engine, store: ArtifactStore, tracing: Tracing
) -> Callable[[WatchedRun], Conclusion | None]:
    """Make what a run of any kind goes through, and is told to afterwards; imports TensorFlow."""
    from training_server.event_files import write_event_file  # noqa: PLC0415
    from training_server.export_check import Runner  # noqa: PLC0415
    from training_server.kinds import STORIES  # noqa: PLC0415
    from training_server.mlflow import keep_in_mlflow  # noqa: PLC0415
    from training_server.training_room import TrainingRoom  # noqa: PLC0415

    room = TrainingRoom(engine, store, settings.label_set, Runner(own.node, own.tfjs_runner))
    trackers: list[Tracker] = []
    if (events := own.tensorboard_dir) is not None:
        trackers.append(Tracker("tensorboard", lambda report: write_event_file(events, report, datetime.now(UTC))))
    if (mlflow_url := own.mlflow_url) is not None:
        trackers.append(Tracker("mlflow", lambda report: keep_in_mlflow(mlflow_url, report, datetime.now(UTC))))

    def pipeline(watched: WatchedRun) -> Conclusion | None:
        with tempfile.TemporaryDirectory(prefix="doodle-run-") as folder:
            told = STORIES[watched.run.kind](room, watched, Path(folder), tracing)
        if told.report is not None:
            tell(trackers, told.report)
        return told.conclusion

    return pipeline


def introduce(name: str, device: str, gpu: str | None) -> Worker:
    """Describe this process as a worker."""
    return Worker(
        name,
        host=socket.gethostname(),
        device=device,
        num_cores=os.cpu_count() or 1,
        incarnation=uuid4(),
        gpu=gpu,
        version=version("training-server"),
        machine=identify_machine(),
        process=os.getpid(),
    )


def enter(engine: Engine, worker: Worker) -> Worker:
    """Enter the worker as idle, in place of its earlier life, or beside a living namesake under a name of its own."""
    with engine.begin() as connection:
        entered = introduce_worker(connection, worker, read_time(connection), is_process_alive)
    taken = {} if entered.name == worker.name else {"taken": worker.name}
    log_event(log, logging.INFO, "worker_entered", worker=entered.name, **taken)
    return entered


def wait_until_migrated(engine: Engine) -> None:
    """Wait until the database has its schema and the queue: a worker may be started before the migration is done."""
    while True:
        with engine.connect() as connection:
            if is_migrated(connection) and is_queue_migrated(connection) and is_storage_there(connection):
                return
        log_event(log, logging.INFO, "waiting_for_migration")
        time.sleep(RETRY_SECONDS)


def until_reachable(action: Callable[[], Done]) -> Done:
    """Do something at the worker's start, again until the database can be reached."""
    while True:
        try:
            return action()
        except SQLAlchemyError as failed:
            if not is_outage(failed):
                raise
            log_event(log, logging.WARNING, "database_unreachable", error=type(failed).__name__, words=explain(failed))
        time.sleep(RETRY_SECONDS)


def explain(failed: SQLAlchemyError) -> str:
    """Give the driver's own words, in one line: a wrong certificate and a closed port are mended in different ways."""
    return " ".join(str(getattr(failed, "orig", None) or failed).split())[:MAX_WORDS_CHARACTERS]


if __name__ == "__main__":
    sys.exit(main())
