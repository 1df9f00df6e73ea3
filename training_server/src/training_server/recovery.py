"""Every run that wants a job gets one: what a killed worker, a cut connection or a crash left behind is made up for."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from sqlalchemy import Engine, select

from doodle_db.queue import TRAINING_QUEUE
from doodle_db.runs import HEARTBEAT_TIMEOUT, find_lost_runs
from doodle_db.sent_runs import put_back_left, put_back_lost
from doodle_db.tables import runs
from doodle_db.workers import find_present
from doodle_web.json_logs import log_event
from training_server.clock import read_time
from training_server.queue import TASK, TrainingQueue, queue_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunsAtRest:
    """
    How the runs stand.

    Attributes:
        lost: those that wait, and those whose worker has fallen silent: each wants a job.
        left: those a worker that has just started finds under its own name: its earlier life left them.
        beating: those somebody works on.
        queues: of those that want a job, in which queue it belongs. A run that was sent to a worker which is not there
            has none: its job would keep all others of its kind from being worked on.
    """

    lost: frozenset[UUID]
    left: frozenset[UUID]
    beating: frozenset[UUID]
    queues: Mapping[UUID, str] = field(default_factory=dict)


async def recover_runs(app: App, engine: Engine, queue: TrainingQueue, *, reborn: str | None = None) -> list[UUID]:
    """
    Free the lock of dead jobs, and give a new job to every run that wants one and has none.

    Safe at any time, in any number of workers: a run that gets a job too many answers the second with "ended" or
    "busy", because only the run's row decides who works on it.

    Args:
        app: the worker's side of the queue, open.
        engine: of the database.
        queue: in it.
        reborn: the name of a worker that has just started; None later in its life.

    Returns:
        The runs that got a job.
    """
    standing = await asyncio.to_thread(look_at_runs, engine, reborn)
    listed = await app.job_manager.list_jobs_async(task=TASK)
    jobs = [job for job in listed if job.status in {Status.TODO.value, Status.DOING.value}]
    timeout = HEARTBEAT_TIMEOUT.total_seconds()
    stalled = await app.job_manager.get_stalled_jobs(task_name=TASK, seconds_since_heartbeat=timeout)
    dead = find_dead_jobs(jobs, {job.id for job in stalled}, standing)
    for job_id in dead:
        await _bury(app, job_id)
    served = {job.queueing_lock for job in jobs if job.id not in dead}
    return await asyncio.to_thread(_defer, engine, queue, standing.queues, served)


def find_dead_jobs(jobs: Iterable[Job], stalled: set[int | None], standing: RunsAtRest) -> set[int]:
    """
    Decide which jobs nobody works on any more, or ever will.

    Args:
        jobs: that wait or are being worked on.
        stalled: ids of those whose Procrastinate worker has fallen silent or gone. Its run may still beat: a worker
            that lost its connection trains on, and its job is not dead.
        standing: how the runs stand.
    """
    left, beating = ({str(key) for key in keys} for keys in (standing.left, standing.beating))
    queues = {str(key): queue for key, queue in standing.queues.items()}

    def is_dead(job: Job) -> bool:
        if job.status == Status.DOING.value:
            return job.queueing_lock in left or (job.id in stalled and job.queueing_lock not in beating)
        return job.queue != TRAINING_QUEUE and queues.get(job.queueing_lock or "") != job.queue

    return {job.id for job in jobs if job.id is not None and is_dead(job)}


def look_at_runs(engine: Engine, reborn: str | None) -> RunsAtRest:
    """Put back the runs that only a lost worker may take, and read how all stand; see RunsAtRest and recover_runs."""
    with engine.begin() as connection:
        now = read_time(connection)
        left_behind = put_back_left(connection, reborn, now) if reborn is not None else []
        for key in [*left_behind, *put_back_lost(connection, now)]:
            log_event(log, logging.WARNING, "run_put_back", run=key)
        lost, present = frozenset(find_lost_runs(connection, now)), find_present(connection, now)
        columns = (runs.c.key, runs.c.worker, runs.c.state, runs.c.sent_to)
        going = connection.execute(select(*columns).where(runs.c.state.in_(["waiting", "running"]))).all()
    running = [run for run in going if run.state == "running"]
    left = frozenset(run.key for run in running if run.worker == reborn) | frozenset(left_behind)
    wanting = [run for run in going if run.key in lost | left and run.sent_to in {None, *present}]
    queues = {run.key: queue_of(run.sent_to) for run in wanting}
    return RunsAtRest(lost, left, frozenset(run.key for run in running) - lost - left, queues)


async def _bury(app: App, job_id: int) -> None:
    try:
        await app.job_manager.finish_job_by_id_async(job_id=job_id, status=Status.ABORTED, delete_job=True)
    except ConnectorException as gone:
        # Another worker's tick was faster, or the database is away; then the next tick looks again.
        log_event(log, logging.INFO, "dead_job_gone", job=job_id, error=type(gone).__name__)
    else:
        log_event(log, logging.WARNING, "dead_job_removed", job=job_id)


def _defer(engine: Engine, queue: TrainingQueue, wanting: Mapping[UUID, str], served: set[str | None]) -> list[UUID]:
    with engine.begin() as connection:
        missing = [key for key in sorted(wanting) if str(key) not in served]
        deferred = [key for key in missing if queue.defer(connection, key, wanting[key])]
    for key in deferred:
        log_event(log, logging.INFO, "run_deferred_again", run=key)
    return deferred
