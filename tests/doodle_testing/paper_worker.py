"""
A worker that trains nothing: queue, heartbeat, recovery and signals are the real ones, its pipeline is of paper.

What a run does stands in its arguments: {"behaviour": "finish" | "wait" | "break"}.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Engine

from doodle_db.engine import connect_to
from doodle_db.workers import Worker
from doodle_web.json_logs import configure_logs
from doodle_web.tracing import make_tracing
from training_server.farewell import STATUSES
from training_server.heartbeat import Heartbeat, WatchedRun
from training_server.job_loop import WorkerParts, serve
from training_server.machine import identify_machine
from training_server.outages import outlive_outages
from training_server.pipeline import nothing_new
from training_server.progress import Progress
from training_server.publish import Conclusion, conclude
from training_server.queue import TrainingQueue
from training_server.standby import Standby
from training_server.work import Watching, Work
from training_server.worker import enter, introduce, until_reachable


def carry_out(engine: Engine, watched: WatchedRun) -> Conclusion:
    """Do what the run's arguments say; "wait" ends when the file named by "until" exists."""
    behaviour = watched.run.arguments.get("behaviour", "finish")
    if behaviour == "break":
        raise RuntimeError("it broke")
    step = 0
    while behaviour == "wait" and not os.path.exists(watched.run.arguments.get("until", "/nowhere")):  # noqa: PTH110
        watched.observer.check_stop()
        step += 1
        watched.observer.report(Progress("training", 0, 1, step, 1_000_000, 0.5, 0.5, 1.0))
        time.sleep(0.01)
    conclusion = nothing_new()

    def end() -> None:
        with engine.begin() as connection:
            conclude(connection, watched.run, None, conclusion)

    outlive_outages(end, watched.interruption)
    return conclusion


def introduce_paper(name: str) -> Worker:
    """Describe this process as a worker that lives where a test wants it to."""
    told = introduce(name, "paper", None)
    host = os.environ.get("PAPER_HOST", told.host)
    return replace(told, host=host, machine=identify_machine(host))


Story = Callable[[Engine, WatchedRun], Conclusion | None]
"""What such a worker does with a run."""


def main(story: Story = carry_out) -> int:
    """Serve until there is a reason to end; gives the exit status."""
    configure_logs("info")
    database_url, name = os.environ["DATABASE_URL"], os.environ["WORKER_NAME"]
    engine = connect_to(database_url)
    worker = until_reachable(lambda: enter(engine, introduce_paper(name)))
    name = worker.name
    heartbeat, queue = Heartbeat(engine, worker), TrainingQueue(engine)
    watching = Watching(tracing=make_tracing("worker", os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")))
    standby = Standby(engine, name, int(os.environ.get("RUNS_PER_MACHINE", "1")))
    work = Work(engine, queue, heartbeat, standby, lambda watched: story(engine, watched), watching)
    heartbeat.start()
    parts = WorkerParts(
        name,
        database_url,
        engine,
        queue,
        heartbeat,
        work.work_on,
        min_doodles=10,
        schedule_hours=0,
        until_idle=os.environ.get("WORKER_UNTIL_IDLE") == "yes",
        standby=standby,
    )
    reason = asyncio.run(serve(parts))
    heartbeat.stop()
    watching.tracing.close()
    return STATUSES[reason]


if __name__ == "__main__":
    sys.exit(main())
