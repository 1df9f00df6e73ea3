"""
What a worker says of itself, what operators ask of it, and to whom a run is sent.

Columns that may be empty: nothing is rewritten, and code that does not know them goes on.
"""

from alembic import op
from sqlalchemy import text

from doodle_db.migrations.patience import LOCK_TIMEOUT_MS, lock_when_free

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns with their rules."""
    connection = op.get_bind()
    connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
    lock_when_free(connection, LOCKS)
    connection.execute(text(BUILD))


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
