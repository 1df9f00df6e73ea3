"""
Which version is tried as a shadow, and what it said of each doodle; online.

One new table, three columns that may be empty and a rule about them. The columns are added in a moment; that no row
breaks the rule is checked afterwards, while everybody goes on. Killed between the two, it goes on where it was. Code
that does not know them goes on, too.
"""

from alembic import op
from sqlalchemy import text

from doodle_db.migrations.patience import LOCK_TIMEOUT_MS, execute_when_free

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table, add the columns, check the rows."""
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        connection.execute(text(f"SET lock_timeout = {LOCK_TIMEOUT_MS}"))
        connection.execute(text("SET statement_timeout = 0"))
        execute_when_free(connection, SHADOWS)
        execute_when_free(connection, COLUMNS)
        execute_when_free(connection, CHECK)
        connection.execute(text("RESET lock_timeout"))
        connection.execute(text("RESET statement_timeout"))


SHADOWS = """
    CREATE TABLE IF NOT EXISTS shadows (
        shadow BIGINT GENERATED ALWAYS AS IDENTITY,
        version TEXT,
        actor TEXT NOT NULL,
        reason TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT shadows_pkey PRIMARY KEY (shadow),
        CONSTRAINT shadows_version_fkey FOREIGN KEY (version) REFERENCES models (version),
        CONSTRAINT shadows_reason_is_given CHECK (char_length(reason) BETWEEN 1 AND 500)
    );
    CREATE OR REPLACE TRIGGER shadows_append_only BEFORE UPDATE OR DELETE ON shadows
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE OR REPLACE TRIGGER shadows_keep_all BEFORE TRUNCATE ON shadows
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

COLUMNS = """
    ALTER TABLE doodles
        ADD COLUMN IF NOT EXISTS shadow_version TEXT,
        ADD COLUMN IF NOT EXISTS shadow_guess TEXT,
        ADD COLUMN IF NOT EXISTS shadow_confidence DOUBLE PRECISION,
        DROP CONSTRAINT IF EXISTS doodles_shadow_answer_is_whole,
        ADD CONSTRAINT doodles_shadow_answer_is_whole CHECK (
            num_nonnulls(shadow_version, shadow_guess, shadow_confidence) IN (0, 3)
            AND shadow_version ~ '^[0-9a-f]{12}$'
            AND char_length(shadow_guess) BETWEEN 1 AND 40 AND shadow_confidence BETWEEN 0 AND 1
        ) NOT VALID;
"""

CHECK = """
    ALTER TABLE doodles VALIDATE CONSTRAINT doodles_shadow_answer_is_whole;
"""
