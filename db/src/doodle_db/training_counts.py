"""What the trigger decides on, counted in the database: never in a process's memory."""

from sqlalchemy import Connection, func, select

from doodle_db.model_registry import find_live, get_model
from doodle_db.tables import runs
from doodle_db.training_sets import count_new
from doodle_db.trigger import TrainingCounts
from doodle_db.watermark import BEFORE_EVERYTHING, read_horizon


def count_for_training(connection: Connection, *, at_most: int) -> TrainingCounts:
    """
    Count what the trigger decides on: doodles recorded since the last run looked, and whether one waits.

    Only those are counted that a run starting now would read: while a long transaction holds the horizon back, the
    doodles behind it would start one run after the other, each with nothing to read.

    A rejected candidate leaves the live watermark where it was; counting from the last look keeps the same doodles
    from starting the same run again and again.

    Args:
        connection: any.
        at_most: stop counting there.
    """
    horizon = read_horizon(connection)
    num_new = count_new(connection, read_last_look(connection), at_most=at_most, before=horizon)
    waiting = select(runs.c.key).where(runs.c.kind == "delta", runs.c.state == "waiting")
    return TrainingCounts(num_new, is_waiting=connection.execute(waiting).first() is not None)


def read_last_look(connection: Connection) -> int:
    """Read up to which transaction doodles have been looked at, by a delta or by the live version's training."""
    looked = select(func.max(runs.c.watermark_to)).where(runs.c.kind == "delta", runs.c.state != "waiting")
    last_run = connection.execute(looked).scalar_one()
    live = read_live_watermark(connection)
    return live if last_run is None else max(last_run, live)


def read_last_verdict(connection: Connection) -> int:
    """Read up to which transaction doodles were recorded when a candidate was last judged; none later was looked at."""
    judged = select(func.max(runs.c.watermark_to)).where(
        runs.c.state == "finished", runs.c.candidate_version.is_not(None)
    )
    last = connection.execute(judged).scalar_one()
    return BEFORE_EVERYTHING if last is None else int(last)


def read_live_watermark(connection: Connection) -> int:
    """Read up to which transaction the live version has learnt; from none, if made elsewhere, or nothing is live."""
    live = find_live(connection)
    return int(get_model(connection, live.version).watermark) or BEFORE_EVERYTHING if live else BEFORE_EVERYTHING
