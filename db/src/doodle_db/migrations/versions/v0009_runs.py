"""
What a run may be ordered with, its points and its log.

Columns that may be empty or have a default, and two new tables: no row is rewritten, and code that knows none of it
goes on ordering and working on deltas.
"""

from alembic import op
from sqlalchemy import text

from doodle_db.migrations.patience import LOCK_TIMEOUT_MS, lock_when_free

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns with their rules, and the tables."""
    connection = op.get_bind()
    connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
    lock_when_free(connection, LOCK)
    connection.execute(text(BUILD))


LOCK = "LOCK TABLE runs IN ACCESS EXCLUSIVE MODE"

BUILD = """
    ALTER TABLE runs
        ADD COLUMN dataset TEXT DEFAULT 'new' NOT NULL,
        ADD COLUMN network TEXT,
        ADD COLUMN priority SMALLINT DEFAULT '0' NOT NULL,
        ADD COLUMN notes TEXT DEFAULT '' NOT NULL,
        ADD COLUMN search UUID,
        ADD COLUMN trial INTEGER,
        DROP CONSTRAINT runs_kind_is_known,
        DROP CONSTRAINT runs_finished_has_a_verdict,
        ADD CONSTRAINT runs_kind_is_known CHECK (kind IN ('delta', 'scratch', 'trial')),
        ADD CONSTRAINT runs_dataset_is_known CHECK (dataset IN ('new', 'base', 'users', 'all')),
        ADD CONSTRAINT runs_priority_is_bounded CHECK (priority BETWEEN -10 AND 10),
        ADD CONSTRAINT runs_notes_are_bounded CHECK (char_length(notes) <= 4000),
        ADD CONSTRAINT runs_finished_has_a_verdict
            CHECK (state <> 'finished' OR verdict IS NOT NULL OR kind = 'trial');
    CREATE INDEX runs_of_search ON runs (search, trial) WHERE search IS NOT NULL;
    CREATE INDEX runs_open ON runs (state) WHERE state IN ('waiting', 'running');

    CREATE TABLE run_points (
        run UUID NOT NULL,
        step INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        loss DOUBLE PRECISION,
        accuracy DOUBLE PRECISION,
        learning_rate DOUBLE PRECISION,
        CONSTRAINT run_points_pkey PRIMARY KEY (run, step),
        CONSTRAINT run_points_step_counts_from_one CHECK (step >= 1),
        CONSTRAINT run_points_run_fkey FOREIGN KEY(run) REFERENCES runs (key) ON DELETE CASCADE
    );

    CREATE TABLE run_log (
        run UUID NOT NULL,
        line INTEGER NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        level TEXT NOT NULL,
        event TEXT NOT NULL,
        fields JSONB NOT NULL,
        CONSTRAINT run_log_pkey PRIMARY KEY (run, line),
        CONSTRAINT run_log_line_is_bounded CHECK (line BETWEEN 1 AND 1000),
        CONSTRAINT run_log_event_is_bounded CHECK (char_length(event) <= 200),
        CONSTRAINT run_log_fields_are_bounded CHECK (length(fields::text) <= 4000),
        CONSTRAINT run_log_run_fkey FOREIGN KEY(run) REFERENCES runs (key) ON DELETE CASCADE
    );
"""
