"""
What the workers find when they look whether drawings are still what they were.

One new table; the code of the release before does not know it, and goes on.
"""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the table."""
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(BUILD)


BUILD = """
    CREATE TABLE drift_checks (
        drift_check BIGINT GENERATED ALWAYS AS IDENTITY,
        state TEXT NOT NULL,
        finding TEXT NOT NULL,
        version TEXT,
        num_present INTEGER NOT NULL,
        num_reference INTEGER NOT NULL,
        present_from TIMESTAMP WITH TIME ZONE NOT NULL,
        present_to TIMESTAMP WITH TIME ZONE NOT NULL,
        reference_from TIMESTAMP WITH TIME ZONE NOT NULL,
        reference_to TIMESTAMP WITH TIME ZONE NOT NULL,
        measures JSONB NOT NULL,
        pictures JSONB NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT drift_checks_pkey PRIMARY KEY (drift_check),
        CONSTRAINT drift_checks_state_is_known CHECK (state IN ('steady', 'watch', 'alert')),
        CONSTRAINT drift_checks_finding_is_known CHECK (finding IN ('steady', 'watch', 'alert')),
        CONSTRAINT drift_checks_version_is_a_version CHECK (version ~ '^[0-9a-f]{12}$'),
        CONSTRAINT drift_checks_samples_can_be_compared CHECK (num_present >= 2 AND num_reference >= 2),
        CONSTRAINT drift_checks_reference_comes_first CHECK (reference_to <= present_from),
        CONSTRAINT drift_checks_measures_are_a_list CHECK (jsonb_typeof(measures) = 'array'),
        CONSTRAINT drift_checks_pictures_are_an_object CHECK (jsonb_typeof(pictures) = 'object')
    );
"""
