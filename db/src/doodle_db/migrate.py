"""Bring a database to the schema this code expects."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from doodle_db.locks import MIGRATION_LOCK
from doodle_db.partitions import ensure_partitions
from doodle_db.tables import metadata

WAIT_SECONDS = 0.2


def migrate(engine: Engine, revision: str = "head") -> None:
    """
    Run the migrations a database lacks, and make the coming months' partitions.

    Safe to call from any number of processes at once, and again after one was killed. A large table is migrated in many
    short transactions, while the code of the release before goes on; a database that a newer release has migrated
    stays as it is.

    Args:
        engine: of the database.
        revision: how far; an earlier one than the newest is for a backup that was made then.
    """
    with engine.connect() as connection, _one_at_a_time(connection):
        if not _is_ahead(connection):
            command.upgrade(_config(connection), revision)
    if revision == "head":
        ensure_partitions(engine, datetime.now(UTC))


def is_migrated(connection: Connection) -> bool:
    """Tell whether a database has the schema this code expects, or a newer one: that works with this code, too."""
    head = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head or _is_ahead(connection)


def find_differences(connection: Connection) -> list[object]:
    """List where a migrated database differs from doodle_db.tables; empty is right."""
    partitions = set(connection.execute(text("SELECT relname FROM pg_class WHERE relispartition")).scalars())

    def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
        return kind != "table" or name not in partitions

    context = MigrationContext.configure(connection, opts={"include_name": is_ours})
    return list(compare_metadata(context, metadata))


def list_revisions(connection: Connection, newest: str = "heads") -> set[str]:
    """List the revisions this code knows, up to one of them."""
    scripts = ScriptDirectory.from_config(_config(connection))
    return {script.revision for script in scripts.walk_revisions(head=newest)}


def _is_ahead(connection: Connection) -> bool:
    """Tell whether a newer release has migrated the database: its revision is none of ours."""
    current = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    return current is not None and current not in list_revisions(connection)


@contextmanager
def _one_at_a_time(connection: Connection) -> Iterator[None]:
    """Hold the migration's lock; whoever waits holds no transaction open, which would hold the watermark back."""
    key = {"key": MIGRATION_LOCK}
    while not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one():
        connection.rollback()
        time.sleep(WAIT_SECONDS)
    connection.commit()
    try:
        yield
    finally:
        # Not given back to the pool: it has the migration's timeouts, and its end frees the lock.
        connection.invalidate()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "doodle_db:migrations")
    config.attributes["connection"] = connection
    return config
