"""
What a worker says of itself, what operators ask of it, and to whom a run is sent.

Columns that may be empty: nothing is rewritten, and code that does not know them goes on.
"""

import time

from alembic import op
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

revision = "0007"
down_revision = "0006"

LOCK_TIMEOUT_MS = 200
"""Heartbeats and whoever queues a run wait while these locks are waited for, so nobody waits longer than this."""

LOCK_TRIES = 300
LOCK_PAUSE_SECONDS = 0.2

LOCK_NOT_AVAILABLE = "55P03"


def upgrade() -> None:
    """Add the columns with their rules."""
    connection = op.get_bind()
    connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
    _lock(connection)
    connection.execute(text(BUILD))


def _lock(connection: Connection) -> None:
    """Take both tables, as soon as they can be had without making anybody wait."""
    for _ in range(LOCK_TRIES - 1):
        try:
            with connection.begin_nested():
                connection.execute(text(LOCKS))
        except OperationalError as busy:
            if getattr(busy.orig, "pgcode", None) != LOCK_NOT_AVAILABLE:
                raise
            time.sleep(LOCK_PAUSE_SECONDS)
        else:
            return
    connection.execute(text(LOCKS))


LOCKS = "LOCK TABLE workers, runs IN ACCESS EXCLUSIVE MODE"

BUILD = """
    ALTER TABLE workers
        ADD COLUMN gpu TEXT,
        ADD COLUMN version TEXT,
        ADD COLUMN machine TEXT,
        ADD COLUMN process INTEGER,
        ADD COLUMN asked_to TEXT,
        ADD COLUMN asked_by TEXT,
        ADD COLUMN asked_at TIMESTAMP WITH TIME ZONE,
        ADD CONSTRAINT workers_asked_to_is_known CHECK (asked_to IN ('drain', 'stop')),
        ADD CONSTRAINT workers_asked_by_somebody
            CHECK ((asked_to IS NULL) = (asked_by IS NULL) AND (asked_to IS NULL) = (asked_at IS NULL));
    ALTER TABLE runs
        ADD COLUMN sent_to TEXT,
        ADD CONSTRAINT runs_sent_to_is_bounded CHECK (char_length(sent_to) BETWEEN 1 AND 60);
"""
