"""What keeps the doodles in order while time goes by: the coming months' partitions, short counts, no remains."""

from sqlalchemy import Engine

from doodle_db.doodle_counts import fold_counts
from doodle_db.partitions import clear_dropped, ensure_partitions
from training_server.clock import read_time


def keep_in_order(engine: Engine) -> None:
    """Make the coming months, add up the counts, finish the dropping of months; asked by every worker's tick."""
    with engine.begin() as connection:
        now = read_time(connection)
        fold_counts(connection)
    ensure_partitions(engine, now)
    clear_dropped(engine)
