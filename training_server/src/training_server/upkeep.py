"""What keeps the doodles in order while time goes by: the coming months' partitions, short counts, no remains."""

from sqlalchemy import Engine

from doodle_db.doodle_counts import fold_counts
from doodle_db.partitions import clear_dropped, ensure_partitions
from doodle_db.workers import forget_workers
from training_server.clock import read_time


def keep_in_order(engine: Engine) -> None:
    """Make the coming months, add up counts, finish the dropping of months, forget workers; asked by every tick."""
    with engine.begin() as connection:
        now = read_time(connection)
        fold_counts(connection)
        forget_workers(connection, now)
    ensure_partitions(engine, now)
    clear_dropped(engine)
