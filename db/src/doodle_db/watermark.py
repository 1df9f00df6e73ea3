"""
Which doodles are new: a watermark that never skips a row that was still in flight.

Every doodle carries the number of the transaction that recorded it. A run reads the *horizon*: the oldest transaction
that is still open. All transactions below it have ended, so a row below the horizon is either visible now or never
will be. The run takes the rows from the last watermark up to the horizon, and the horizon becomes the next watermark;
a row whose transaction was open has a number at or above it and is the next run's.

The numbers are one cluster's. A restore into another one moves those it brings below zero (doodle_db.backups), so a
watermark may be negative; zero is none: it says that a version has learnt from no doodle of ours.
"""

from sqlalchemy import Connection, text

BEFORE_EVERYTHING = -(2**62)
"""The watermark below every row, wherever it was recorded."""

_HORIZON = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


def read_horizon(connection: Connection) -> int:
    """Read the number of the oldest transaction still open: everything below it has ended."""
    return int(connection.execute(_HORIZON).scalar_one())
