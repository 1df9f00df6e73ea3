"""
Drawings that people have forgotten from their own page; online.

One column more of a small table, and rules that let a row be about drawings instead of a contributor. The code of the
release before never writes such a row, and would wait for one that is open as for any other.
"""

import time

from alembic import op
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

revision = "0015"
down_revision = "0014"

LOCK_TIMEOUT_MS = 200
"""Whoever comes after a lock that is waited for waits, too: so nobody waits longer than this for ours."""

LOCK_TRIES = 300
LOCK_PAUSE_SECONDS = 0.2

LOCK_NOT_AVAILABLE = "55P03"


def upgrade() -> None:
    """Add the column and change the rules, in one step."""
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        connection.execute(text(f"SET lock_timeout = {LOCK_TIMEOUT_MS}"))
        _when_free(connection, ERASURES)
        connection.execute(text("RESET lock_timeout"))


def _when_free(connection: Connection, statements: str) -> None:
    """Do what needs a lock, as soon as it can be had without making anybody wait; all of it, or nothing."""
    for _ in range(LOCK_TRIES - 1):
        try:
            connection.execute(text(statements))
        except OperationalError as busy:
            if getattr(busy.orig, "pgcode", None) != LOCK_NOT_AVAILABLE:
                raise
            time.sleep(LOCK_PAUSE_SECONDS)
        else:
            return
    connection.execute(text(statements))


ERASURES = """
    ALTER TABLE erasures
        ADD COLUMN IF NOT EXISTS is_of_drawings BOOLEAN DEFAULT false NOT NULL,
        DROP CONSTRAINT IF EXISTS erasures_finished_is_forgotten,
        DROP CONSTRAINT IF EXISTS erasures_since_is_theirs,
        DROP CONSTRAINT IF EXISTS erasures_drawings_are_nobodys,
        ADD CONSTRAINT erasures_finished_is_forgotten
            CHECK (is_of_drawings OR (finished_at IS NULL) = (contributor IS NOT NULL)),
        ADD CONSTRAINT erasures_since_is_theirs CHECK ((since IS NULL) = (finished_at IS NOT NULL)),
        ADD CONSTRAINT erasures_drawings_are_nobodys
            CHECK (NOT is_of_drawings OR contributor IS NULL AND finished_at IS NULL);
    CREATE UNIQUE INDEX IF NOT EXISTS erasures_of_drawings ON erasures (is_of_drawings) WHERE is_of_drawings;
"""
