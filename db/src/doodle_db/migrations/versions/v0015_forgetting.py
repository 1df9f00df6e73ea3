"""
Drawings that people have forgotten from their own page; online.

One column more of a small table, and rules that let a row be about drawings instead of a contributor. The code of the
release before never writes such a row, and would wait for one that is open as for any other.
"""

from alembic import op
from sqlalchemy import text

from doodle_db.migrations.patience import LOCK_TIMEOUT_MS, execute_when_free

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the column and change the rules, in one step."""
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        connection.execute(text(f"SET lock_timeout = {LOCK_TIMEOUT_MS}"))
        execute_when_free(connection, ERASURES)
        connection.execute(text("RESET lock_timeout"))


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
