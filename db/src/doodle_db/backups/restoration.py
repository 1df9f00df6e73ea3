"""Putting a backup back, into an installation that holds nothing yet."""

from sqlalchemy import Connection, Engine, text

from doodle_db.artifacts import ArtifactStore
from doodle_db.backups.backup import Tell
from doodle_db.backups.catalog import find_filled, find_revision, list_partitions, saved_tables
from doodle_db.backups.check import read_rows
from doodle_db.backups.place import BackupPlace
from doodle_db.backups.record import BackupRecord, TableCopy
from doodle_db.backups.table_copies import copy_in
from doodle_db.backups.transactions import move_numbers
from doodle_db.backups.versions import copy_version
from doodle_db.errors import BackupError, NotEmptyError
from doodle_db.migrate import list_revisions, migrate

COUNTER_LEAP = 1_000
"""
Numbers left out after a restore: those given after the backup are known outside, in browsers' caches and in logs, and
must not come to mean something else.
"""


def restore_backup(
    engine: Engine, store: ArtifactStore, place: BackupPlace, record: BackupRecord, tell: Tell = lambda _: None
) -> None:
    """
    Put a backup back: files first, then all rows in one transaction, then the migrations since.

    Killed before the transaction's end it leaves an empty schema and files without a row: do it again. Killed after,
    the next start runs the migrations that are missing.

    Args:
        engine: of a database without our tables, or with empty ones of the backup's revision, or of an earlier one.
        store: where versions are to lie; those it holds stay.
        place: where the backup lies.
        record: what it holds.
        tell: hears how far it is.

    Raises:
        NotEmptyError: the database is in use.
        BackupError: the backup is damaged, or of a newer release.
        ArtifactError: a version's files are damaged, or the store cannot be used.
    """
    with engine.connect() as connection:
        require_empty(connection, record)
    for version in record.versions:
        tell(f"version {version}")
        copy_version(place.versions, store, version)
    tell("schema")
    migrate(engine, record.schema_revision)
    with engine.begin() as connection:
        _fill(connection, place, record, tell)
    tell("migrations since")
    migrate(engine)
    tell("statistics for the planner")
    _analyze(engine)


def require_empty(connection: Connection, record: BackupRecord) -> None:
    """
    Make sure that nothing can be overwritten, and that this release knows the backup's schema.

    Raises:
        NotEmptyError: a table holds a row, or is of a later revision than the backup's.
        BackupError: a newer release has made the backup.
    """
    if record.schema_revision not in list_revisions(connection):
        raise BackupError(
            f"Backup {record.name} has schema {record.schema_revision}, which this release does not know: "
            "restore it with the release that made it, or a newer one."
        )
    filled = find_filled(connection, saved_tables())
    if filled:
        raise NotEmptyError(
            f"The table {filled} is not empty. A backup is restored into a new database only, before its first start; "
            "nothing has been changed."
        )
    revision = find_revision(connection)
    # An earlier one is what a restore has left that was killed while it made the schema.
    if revision is not None and revision not in list_revisions(connection, record.schema_revision):
        raise NotEmptyError(
            f"The database has empty tables of schema {revision}, and the backup is of {record.schema_revision}: "
            "drop the database, make it anew, and restore before the first start."
        )


def _fill(connection: Connection, place: BackupPlace, record: BackupRecord, tell: Tell) -> None:
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text(f"LOCK TABLE {', '.join(copy.table for copy in record.tables)} IN ACCESS EXCLUSIVE MODE"))
    require_empty(connection, record)
    _make_partitions(connection, record)
    for copy in record.tables:
        _fill_table(connection, place, record, copy, tell)
    for counter in record.counters:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"),
            {"table": counter.table, "column": counter.column, "last": counter.last_value + COUNTER_LEAP},
        )


def _make_partitions(connection: Connection, record: BackupRecord) -> None:
    """Make those partitions again that the migrations have not made: each month its own, as before."""
    tables = [copy.table for copy in record.tables]
    there = {partition.name for table in tables for partition in list_partitions(connection, table)}
    for partition in record.partitions:
        if partition.name not in there:
            # Without parameters: a bound is an expression, checked when the record was read.
            connection.exec_driver_sql(
                f"CREATE TABLE {partition.name} PARTITION OF {partition.parent} {partition.bound}"
            )


def _fill_table(connection: Connection, place: BackupPlace, record: BackupRecord, copy: TableCopy, tell: Tell) -> None:
    num_done = 0
    tell(copy.table)
    for part in copy.parts:
        rows = read_rows(place, record.name, part)
        moved = move_numbers(rows, len(copy.transaction_columns), record.transactions_before)
        if copy_in(connection, copy, moved) != part.num_rows:
            raise BackupError(f"The database has left out rows of {part.name}; nothing has been restored.")
        num_done += part.num_rows
        tell(f"{copy.table}, {num_done} of {copy.num_rows} rows")


def _analyze(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("ANALYZE"))
        connection.invalidate()
