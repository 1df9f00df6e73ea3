"""
The runs' reports: a table of their own, so that a list of runs does not read them.

A new table that nobody knows yet: code that does not know it goes on.
"""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    # Its reference to runs needs a lock there, and whoever comes after a lock that is waited for waits, too. A backup
    # that reads the table makes this fail; then nothing has been changed, and it can be run again.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.execute(BUILD)


BUILD = """
    CREATE TABLE run_reports (
        run UUID NOT NULL,
        report JSONB NOT NULL,
        written_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT run_reports_pkey PRIMARY KEY (run),
        CONSTRAINT run_reports_report_is_an_object CHECK (jsonb_typeof(report) = 'object'),
        CONSTRAINT run_reports_run_fkey FOREIGN KEY(run) REFERENCES runs (key) ON DELETE CASCADE
    )
"""
