"""What all tables share: their names' rules, the running transaction, how a version is written."""

from sqlalchemy import Column, DateTime, MetaData, text

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s",
    }
)

CURRENT_TRANSACTION = text("pg_current_xact_id()::text::bigint")
"""The running transaction's 64-bit number: it never wraps and is handed out in the order of beginning."""

VERSION_RULE = "~ '^[0-9a-f]{12}$'"


def optional_time(name: str) -> Column[object]:
    """Make a column for a moment that may not have come yet."""
    return Column(name, DateTime(timezone=True))
