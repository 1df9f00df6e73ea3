"""To whom a run's job goes: to any worker, or to the one the run was sent to, as long as that one is there."""

import logging
from uuid import UUID

from sqlalchemy import Connection

from doodle_db.runs import send_run
from doodle_db.sent_runs import find_stranded
from doodle_db.workers import find_present
from doodle_web.json_logs import log_event
from training_server.clock import read_time
from training_server.queue import TrainingQueue, queue_of

log = logging.getLogger(__name__)


def dispatch_run(connection: Connection, queue: TrainingQueue, key: UUID, sent_to: str | None) -> bool:
    """
    Give a run that waits its job, unless it was sent to a worker that is not there: then it waits without one.

    Args:
        connection: with an open transaction.
        queue: in the same database.
        key: the run.
        sent_to: the only worker that may take it; None: any.

    Returns:
        Whether there is a new job.
    """
    if sent_to is not None and sent_to not in find_present(connection, read_time(connection)):
        return False
    return queue.defer(connection, key, queue_of(sent_to))


def free_stranded(connection: Connection, queue: TrainingQueue) -> UUID | None:
    """
    Let any worker take the run that waits for one which is not there; asked when it is time to train anyway.

    Only one delta run waits: without this, a worker that is lost would end the learning until somebody looks.

    Returns:
        The run; None if none is stranded.
    """
    key = find_stranded(connection, read_time(connection))
    if key is not None:
        send_run(connection, key, None)
        queue.defer(connection, key)
        log_event(log, logging.WARNING, "run_freed", run=key)
    return key
