"""
The request that asked for a run stands in its row, so that one id leads from nginx's log to the worker's.

Two columns that may be empty: nothing is rewritten, and code that does not know them goes on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns with their rules."""
    # Whoever comes after a lock that is waited for waits, too. A backup that reads the table makes this fail; then
    # nothing has been changed, and it can be run again.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("runs", sa.Column("request_id", sa.Text))
    op.add_column("runs", sa.Column("traceparent", sa.Text))
    op.create_check_constraint("request_id_is_well_formed", "runs", "request_id ~ '^[A-Za-z0-9_-]{8,64}$'")
    op.create_check_constraint(
        "traceparent_is_well_formed", "runs", "traceparent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'"
    )
