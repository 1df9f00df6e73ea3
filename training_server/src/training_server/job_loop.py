"""A worker's life: take jobs, tick, reconnect, and end within seconds when asked to."""

import asyncio
import logging
import signal
from asyncio import to_thread
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.queue import TRAINING_QUEUE
from doodle_web.json_logs import log_event
from training_server.farewell import Farewell, Reason, is_anything_left
from training_server.heartbeat import Heartbeat
from training_server.queue import TrainingQueue, make_worker_app, queue_of
from training_server.recovery import recover_runs
from training_server.searches.upkeep import tell_untold
from training_server.standby import Standby
from training_server.trigger import ask_for_scheduled_training, ask_for_training
from training_server.upkeep import keep_in_order

log = logging.getLogger(__name__)

TICK_SECONDS = 5.0
"""How late a lost call or a lost job is made up for."""

RECONNECT_SECONDS = 2.0

CANCEL_AGAIN_SECONDS = 0.5
"""What is to end is cancelled until it has: libraries between us and the database lose a cancellation at times."""


Duty = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class WorkerParts:
    """
    What a worker is made of; put together by `python -m training_server.worker`.

    Attributes:
        name: the worker's.
        database_url: for the queue's own connections.
        engine: of the same database.
        queue: in it.
        heartbeat: of this worker.
        work_on: does a run's job.
        min_doodles: how many new ones start a run.
        schedule_hours: a run looks at least that often, in hours; 0 is never.
        until_idle: end as soon as nothing waits that this worker could do.
        watch_drift: looks whether drawings are still what they were, if it is time.
        standby: while its machine has enough to do; None: any number of runs are worked on at once there.
    """

    name: str
    database_url: str
    engine: Engine
    queue: TrainingQueue
    heartbeat: Heartbeat
    work_on: Callable[[UUID], None]
    min_doodles: int
    schedule_hours: float
    until_idle: bool = False
    watch_drift: Callable[[], object] = lambda: None
    standby: Standby | None = None


async def serve(parts: WorkerParts) -> Reason:
    """
    Serve the queue until there is a reason to end; SIGTERM and SIGINT are two. See training_server.farewell.

    When the database goes away the queue's connections end; a run in progress goes on, and is waited for before the
    queue is opened anew.

    Returns:
        Why it has ended.
    """
    farewell = Farewell(parts.heartbeat.stop_run)
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, farewell.say, "signal")
    session = asyncio.create_task(_serve_until_ended(parts, farewell))
    parts.heartbeat.listen(lambda word: farewell.hear(loop, word))
    return await farewell.attend(session)


async def _serve_until_ended(parts: WorkerParts, farewell: Farewell) -> None:
    reborn: str | None = parts.name
    while farewell.reason is None:
        try:
            if parts.standby is not None:
                await parts.standby.wait()
            app = make_worker_app(parts.database_url, parts.work_on)
            async with app.open_async():
                await recover_runs(app, parts.engine, parts.queue, reborn=reborn)
                reborn = None
                # Asked again: the cancellation that came with the reason may have been lost on the way to here.
                if farewell.reason is None:
                    await _serve_queue(app, parts, farewell)
        except (ConnectorException, SQLAlchemyError, psycopg.Error) as lost:
            log_event(log, logging.WARNING, "queue_lost", error=type(lost).__name__)
        else:
            # Its wait for room is pause enough; one that was lost may have been none.
            if parts.standby is not None and parts.standby.is_on:
                continue
        if farewell.reason is None:
            await asyncio.sleep(RECONNECT_SECONDS)


async def _serve_queue(app: App, parts: WorkerParts, farewell: Farewell) -> None:
    """
    Work on jobs and tick, until the connection is lost, the worker stands by or the task is cancelled.

    Waits for the job in progress.
    """
    ticking = asyncio.create_task(_tick_for_ever(app, parts, farewell))
    try:
        await _fetch(app, parts)
    finally:
        await cancel(ticking)


async def _fetch(app: App, parts: WorkerParts) -> None:
    """Work on jobs until the worker stands by or the task is cancelled; the queue's worker is told, never cancelled."""
    worker = Worker(
        app,
        queues=[TRAINING_QUEUE, queue_of(parts.name)],
        name=parts.name,
        concurrency=1,
        delete_jobs="always",
        install_signal_handlers=False,
    )
    loop, standby = asyncio.get_running_loop(), parts.standby
    fetching = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]  # Procrastinate's
    try:
        # Its turn to begin: what it is told before, it forgets.
        await asyncio.sleep(0)
        with standby.while_fetching(lambda: loop.call_soon_threadsafe(worker.stop)) if standby else nullcontext():
            await asyncio.shield(fetching)
    except asyncio.CancelledError:
        worker.stop()  # type: ignore[no-untyped-call]
        await fetching
        raise


async def cancel(task: asyncio.Task[None]) -> None:
    """Cancel a task until it has ended; an error of its own is raised."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=CANCEL_AGAIN_SECONDS)
    if not task.cancelled():
        task.result()


async def _tick_for_ever(app: App, parts: WorkerParts, farewell: Farewell) -> None:
    duties = list_duties(app, parts)
    if parts.until_idle:
        duties["end_if_idle"] = lambda: _end_if_idle(parts, farewell)
    while True:
        await asyncio.sleep(TICK_SECONDS)
        await tick(duties)


async def _end_if_idle(parts: WorkerParts, farewell: Farewell) -> None:
    if not await to_thread(_is_anything_left, parts):
        farewell.say("idle")


def _is_anything_left(parts: WorkerParts) -> bool:
    with parts.engine.connect() as connection:
        return is_anything_left(connection, parts.name)


def list_duties(app: App, parts: WorkerParts) -> dict[str, Duty]:
    """Name what somebody else may have failed to do: ask for training, look after lost runs, tidy up."""
    engine, queue = parts.engine, parts.queue
    duties: dict[str, Duty] = {
        "ask_for_training": lambda: to_thread(ask_for_training, engine, queue, parts.min_doodles, uuid4()),
        "recover_runs": lambda: recover_runs(app, engine, queue),
        "keep_in_order": lambda: to_thread(keep_in_order, engine),
        "watch_drift": lambda: to_thread(parts.watch_drift),
        "tell_untold": lambda: to_thread(tell_untold, engine),
    }
    if hours := parts.schedule_hours:
        ask = ask_for_scheduled_training
        duties["ask_for_scheduled_training"] = lambda: to_thread(ask, engine, queue, hours, uuid4())
    return duties


async def tick(duties: Mapping[str, Duty]) -> None:
    """Do each duty, though others fail: one that fails at every tick keeps no other from being done."""
    for name, duty in duties.items():
        try:
            await duty()
        except (ConnectorException, SQLAlchemyError, psycopg.Error) as lost:
            log_event(log, logging.WARNING, "tick_failed", duty=name, error=type(lost).__name__)
        except Exception as broken:  # what nobody has thought of is no reason to end
            log.error("tick_broken", exc_info=broken, extra={"fields": {"duty": name}})
