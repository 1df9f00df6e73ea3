"""Candidates tried on live traffic without being shown."""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the tables."""
