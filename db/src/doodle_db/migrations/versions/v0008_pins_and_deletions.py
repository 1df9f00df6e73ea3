"""
Whether runs may make their candidates live (pins), and which versions were deleted.

Two new tables; the code of the release before knows neither, and goes on: it deploys what passes, and lists what is
deleted, whose files then are not there.
"""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables."""
    # A reference to models wants a lock that registering a version holds for milliseconds.
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(BUILD)


BUILD = """
    CREATE TABLE pins (
        pin BIGINT GENERATED ALWAYS AS IDENTITY,
        pinned BOOLEAN NOT NULL,
        actor TEXT NOT NULL,
        reason TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pins_pkey PRIMARY KEY (pin),
        CONSTRAINT pins_reason_is_given CHECK (char_length(reason) BETWEEN 1 AND 500)
    );
    CREATE TRIGGER pins_append_only BEFORE UPDATE OR DELETE ON pins
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER pins_keep_all BEFORE TRUNCATE ON pins
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

    CREATE TABLE deletions (
        version TEXT NOT NULL,
        actor TEXT NOT NULL,
        reason TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        files_removed_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT deletions_pkey PRIMARY KEY (version),
        CONSTRAINT deletions_version_fkey FOREIGN KEY (version) REFERENCES models (version),
        CONSTRAINT deletions_reason_is_given CHECK (char_length(reason) BETWEEN 1 AND 500)
    );
"""
