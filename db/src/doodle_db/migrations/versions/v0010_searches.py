"""
Searches, and what makes a run a trial of one.

A new table, and rules about columns that no row fills yet: code that knows none of it goes on.
"""

from alembic import op
from sqlalchemy import text

from doodle_db.migrations.patience import LOCK_TIMEOUT_MS, lock_when_free

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table, and add the rules about trials."""
    connection = op.get_bind()
    connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
    lock_when_free(connection, LOCK)
    connection.execute(text(BUILD))


LOCK = "LOCK TABLE runs IN ACCESS EXCLUSIVE MODE"

BUILD = """
    CREATE TABLE searches (
        key UUID NOT NULL,
        name TEXT DEFAULT '' NOT NULL,
        method TEXT NOT NULL,
        configuration JSONB NOT NULL,
        pruning BOOLEAN NOT NULL,
        priority SMALLINT NOT NULL,
        requested_by TEXT NOT NULL,
        reason TEXT DEFAULT '' NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        stopped_at TIMESTAMP WITH TIME ZONE,
        stopped_by TEXT,
        num_told INTEGER DEFAULT '0' NOT NULL,
        CONSTRAINT searches_pkey PRIMARY KEY (key),
        CONSTRAINT searches_name_is_bounded CHECK (char_length(name) <= 100),
        CONSTRAINT searches_method_is_known CHECK (method IN ('grid', 'random', 'tpe')),
        CONSTRAINT searches_configuration_is_an_object CHECK (jsonb_typeof(configuration) = 'object'),
        CONSTRAINT searches_priority_is_bounded CHECK (priority BETWEEN -10 AND 10),
        CONSTRAINT searches_reason_is_bounded CHECK (char_length(reason) <= 500),
        CONSTRAINT searches_stopped_by_somebody CHECK ((stopped_at IS NULL) = (stopped_by IS NULL))
    );
    CREATE INDEX searches_newest ON searches (created_at);

    ALTER TABLE runs
        ADD CONSTRAINT runs_search_fkey FOREIGN KEY (search) REFERENCES searches (key),
        ADD CONSTRAINT runs_trial_has_a_search CHECK ((search IS NULL) = (trial IS NULL)),
        ADD CONSTRAINT runs_trial_counts_from_one CHECK (trial >= 1);
    CREATE UNIQUE INDEX runs_one_of_each_trial ON runs (search, trial) WHERE state <> 'cancelled';
"""
