"""
Which doodles were screened out and why, and what operators have decided about them.

Two new tables and a column that may be empty: code that does not know them goes on.
"""

from alembic import op
from sqlalchemy import text

from doodle_db.migrations.patience import LOCK_TIMEOUT_MS, lock_when_free

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables and the column."""
    connection = op.get_bind()
    connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
    lock_when_free(connection, LOCKS)
    connection.execute(text(BUILD))


LOCKS = """
    LOCK TABLE runs IN ACCESS EXCLUSIVE MODE;
    LOCK TABLE doodle_ids IN SHARE ROW EXCLUSIVE MODE;
"""

BUILD = """
    ALTER TABLE runs ADD COLUMN screening JSONB;

    CREATE TABLE reviews (
        review BIGINT GENERATED ALWAYS AS IDENTITY,
        doodle UUID NOT NULL,
        action TEXT NOT NULL,
        label_before TEXT NOT NULL,
        status_before TEXT NOT NULL,
        label TEXT NOT NULL,
        status TEXT NOT NULL,
        operator TEXT NOT NULL,
        reason TEXT NOT NULL,
        reviewed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT reviews_pkey PRIMARY KEY (review),
        CONSTRAINT reviews_doodle_fkey FOREIGN KEY (doodle) REFERENCES doodle_ids (id) ON DELETE CASCADE,
        CONSTRAINT reviews_action_is_known CHECK (action IN ('accept', 'reject', 'relabel', 'undo')),
        CONSTRAINT reviews_reason_is_given CHECK (char_length(reason) BETWEEN 1 AND 500)
    );
    CREATE INDEX reviews_by_doodle ON reviews (doodle);

    CREATE TABLE screenings (
        doodle UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        outcome TEXT NOT NULL,
        reason TEXT NOT NULL,
        words TEXT NOT NULL,
        numbers JSONB NOT NULL,
        suggestion TEXT,
        run UUID,
        screener SMALLINT NOT NULL,
        screened_at TIMESTAMP WITH TIME ZONE NOT NULL,
        review BIGINT,
        CONSTRAINT screenings_pkey PRIMARY KEY (doodle),
        CONSTRAINT screenings_doodle_fkey FOREIGN KEY (doodle) REFERENCES doodle_ids (id) ON DELETE CASCADE,
        CONSTRAINT screenings_run_fkey FOREIGN KEY (run) REFERENCES runs (key) ON DELETE SET NULL,
        CONSTRAINT screenings_review_fkey FOREIGN KEY (review) REFERENCES reviews (review) ON DELETE SET NULL,
        CONSTRAINT screenings_outcome_is_known CHECK (outcome IN ('quarantined', 'unused')),
        CONSTRAINT screenings_reason_is_known
            CHECK (reason IN ('label', 'unknown', 'contributor', 'duplicate', 'share')),
        CONSTRAINT screenings_words_are_given CHECK (char_length(words) BETWEEN 1 AND 500),
        CONSTRAINT screenings_numbers_are_an_object CHECK (jsonb_typeof(numbers) = 'object'),
        CONSTRAINT screenings_suggestion_is_bounded CHECK (char_length(suggestion) BETWEEN 1 AND 40)
    );
    CREATE INDEX screenings_open ON screenings (outcome, created_at, doodle) WHERE review IS NULL;
    CREATE INDEX screenings_reviewed ON screenings (created_at, doodle) WHERE review IS NOT NULL;
"""
