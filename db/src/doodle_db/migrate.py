"""Bring a database to the schema this code expects."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from doodle_db.tables import metadata

MIGRATION_LOCK = 0x0D00D1E
"""Advisory lock: two processes that start at once migrate one after the other."""


def migrate(engine: Engine) -> None:
    """Run the migrations a database lacks, in one transaction; safe to call from any number of processes at once."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        command.upgrade(_config(connection), "head")


def is_migrated(connection: Connection) -> bool:
    """Tell whether a database has the schema this code expects."""
    head = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def find_differences(connection: Connection) -> list[object]:
    """List where a migrated database differs from doodle_db.tables; empty is right."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "doodle_db:migrations")
    config.attributes["connection"] = connection
    return config
