"""Making a backup: one moment of the database, and the versions that moment knows."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from doodle_db.artifacts import ArtifactStore
from doodle_db.backups.catalog import (
    TRANSACTION_COLUMNS,
    find_revision,
    list_columns,
    list_counters,
    list_partitions,
    saved_tables,
)
from doodle_db.backups.place import BackupPlace
from doodle_db.backups.record import NAME_FORMAT, BackupRecord, TableCopy
from doodle_db.backups.table_copies import copy_out
from doodle_db.backups.versions import copy_version
from doodle_db.errors import BackupError, UnknownVersionError

Tell = Callable[[str], None]
"""Hears what is being done, in a few words, every second or so."""

_FACTS = text("""
    SELECT current_setting('server_version') AS postgres_version,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS transactions_before
""")


def make_backup(
    engine: Engine,
    store: ArtifactStore,
    place: BackupPlace,
    *,
    now: datetime,
    contributor_key_check: str | None,
    tell: Tell = lambda _: None,
) -> BackupRecord:
    """
    Save database and versions; both are in use meanwhile, and nobody has to wait.

    All tables are read in one transaction, so they are of one moment. A version's files were stored before its row,
    and never change: those of all rows of that moment are there. backup.json comes last; a backup that is killed
    before does not exist, and leaves files nobody refers to.

    Args:
        engine: of the database, at any revision this release knows.
        store: its versions.
        place: where the backup is to lie.
        now: the time, in UTC.
        contributor_key_check: see doodle_db.backups.key_check.
        tell: hears how far it is.

    Returns:
        What the backup holds.

    Raises:
        BackupError: the database has no schema.
        ArtifactStoreError: one of the stores cannot be used.
    """
    name = now.strftime(NAME_FORMAT)
    with engine.connect() as fresh:
        connection = fresh.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        tables = _lock_tables(connection)
        facts = connection.execute(_FACTS).one()
        versions = _list_versions(connection, tables)
        partitions = [partition for table in tables for partition in list_partitions(connection, table)]
        counters = list_counters(connection, tables)
        revision = find_revision(connection)
        copies = [_save_table(connection, table, place, name, tell) for table in tables]
    missing = [version for version in versions if not _save_version(store, place, version, tell)]
    record = BackupRecord(
        format_version=1,
        name=name,
        created_at=now,
        schema_revision=str(revision),
        postgres_version=facts.postgres_version,
        transactions_before=facts.transactions_before,
        tables=copies,
        partitions=partitions,
        counters=counters,
        versions=[version for version in versions if version not in missing],
        missing_versions=missing,
        contributor_key_check=contributor_key_check,
    )
    place.write_record(record)
    return record


def _list_versions(connection: Connection, tables: list[str]) -> list[str]:
    """List the versions whose files belong into the backup; those that were deleted have none."""
    deleted = connection.execute(text("SELECT version FROM deletions")).scalars() if "deletions" in tables else ()
    every = connection.execute(text("SELECT version FROM models ORDER BY version")).scalars().all()
    gone = set(deleted)
    return [version for version in every if version not in gone]


def _lock_tables(connection: Connection) -> list[str]:
    """
    Keep everybody from dropping or altering a table, and give the tables there are.

    The locks come before the first look: what is dropped in between would be gone for this transaction, too.
    """
    with connection.engine.connect() as looking:
        tables = [table for table in saved_tables() if list_columns(looking, table)]
    if not tables:
        raise BackupError("The database has no schema: nothing has been started on it yet, or it is another one.")
    connection.execute(text(f"LOCK TABLE {', '.join(tables)} IN ACCESS SHARE MODE"))
    # A large table takes longer than any statement of a service may.
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    return tables


def _save_table(connection: Connection, table: str, place: BackupPlace, name: str, tell: Tell) -> TableCopy:
    columns = list_columns(connection, table)
    numbers = [column for column in TRANSACTION_COLUMNS.get(table, ()) if column in columns]
    num_written = 0

    def write(part: str, content: bytes) -> None:
        nonlocal num_written
        place.write_part(name, part, content)
        num_written += len(content)
        tell(f"{table}, {num_written / 1e6:.0f} MB")

    tell(table)
    parts = copy_out(connection, table, columns, write)
    return TableCopy(table=table, columns=columns, transaction_columns=numbers, parts=parts)


def _save_version(store: ArtifactStore, place: BackupPlace, version: str, tell: Tell) -> bool:
    """Copy a version's files, unless an earlier backup has; False if the store has lost them."""
    tell(f"version {version}")
    try:
        copy_version(store, place.versions, version)
    except UnknownVersionError:
        return place.versions.has_version(version)
    return True
