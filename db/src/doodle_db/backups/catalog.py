"""What a database says of itself: which of our tables it has, their columns, partitions and counters."""

from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from doodle_db.backups.record import Counter, Partition
from doodle_db.tables import metadata

NOT_SAVED = {
    # Who may steer is a matter of the secrets: a token that was changed because somebody knew it must stay dead.
    "operators",
    "operator_sessions",
    # They register when they start.
    "workers",
    # Filled by triggers when doodles are inserted.
    "doodle_ids",
    "doodle_counts",
    "doodle_count_changes",
    "production_guesses",
    "production_confidences",
}

TRANSACTION_COLUMNS = {
    "doodles": ("recorded_xid",),
    "runs": ("watermark_from", "watermark_to"),
    "models": ("watermark",),
}
"""Where transaction numbers stand; see doodle_db.backups.transactions."""

_COLUMNS = text("""
    SELECT attname FROM pg_attribute
    WHERE attrelid = to_regclass(:table) AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
""")

_DOODLE_COLUMN = text("""
    SELECT attname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND conrelid = to_regclass(:table) AND confrelid = to_regclass('doodle_ids')
""")

_PARTITIONS = text("""
    SELECT child.relname AS name, parent.relname AS parent, pg_get_expr(child.relpartbound, child.oid) AS bound
    FROM pg_partition_tree(to_regclass(:table)) AS tree
    JOIN pg_class AS child ON child.oid = tree.relid
    JOIN pg_class AS parent ON parent.oid = tree.parentrelid
    WHERE child.relkind = 'r' ORDER BY tree.level, child.relname
""")

_COUNTERS = text("""
    SELECT columns.table_name AS "table", columns.column_name AS "column", sequences.last_value
    FROM information_schema.columns
    JOIN pg_sequences AS sequences ON format('%I.%I', sequences.schemaname, sequences.sequencename)::regclass
        = pg_get_serial_sequence(columns.table_name, columns.column_name)::regclass
    WHERE is_identity = 'YES' AND columns.table_schema = current_schema() AND columns.table_name = ANY(:tables)
""")


def saved_tables() -> list[str]:
    """List the tables a backup holds, in an order that foreign keys allow."""
    return [table.name for table in metadata.sorted_tables if table.name not in NOT_SAVED]


def list_columns(connection: Connection, table: str) -> list[str]:
    """List a table's columns, those with transaction numbers last; nothing if there is no such table."""
    last = TRANSACTION_COLUMNS.get(table, ())
    columns = list(connection.execute(_COLUMNS, {"table": table}).scalars())
    return [name for name in columns if name not in last] + [name for name in last if name in columns]


def find_doodle_column(connection: Connection, table: str) -> str | None:
    """Find the column of a table that names the doodle its row is about, as doodle_ids has it; None: there is none."""
    return connection.execute(_DOODLE_COLUMN, {"table": table}).scalar()


def list_partitions(connection: Connection, table: str) -> list[Partition]:
    """List the partitions of a table that hold rows, parents first; nothing if it has none."""
    return [Partition(**row._mapping) for row in connection.execute(_PARTITIONS, {"table": table})]


def list_counters(connection: Connection, tables: list[str]) -> list[Counter]:
    """List the identity columns of tables that have given a number."""
    rows = connection.execute(_COUNTERS, {"tables": tables})
    return [Counter(**row._mapping) for row in rows if row.last_value is not None]


def find_revision(connection: Connection) -> str | None:
    """Find up to which migration a database is; None if it has no schema."""
    return MigrationContext.configure(connection).get_current_revision()


def find_filled(connection: Connection, tables: list[str]) -> str | None:
    """Find a table that holds a row; None if all are empty or not there."""
    for table in tables:
        is_filled = text(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608  # a name of ours
        if list_columns(connection, table) and connection.execute(is_filled).scalar_one():
            return table
    return None
