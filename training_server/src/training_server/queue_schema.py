"""Procrastinate's own tables, beside ours: made if they are not there, brought up to date if they are older."""

from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine, text

from doodle_db.locks import QUEUE_SCHEMA_LOCK

_IS_THERE = text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
_READ_MARK = text("SELECT obj_description('procrastinate_jobs'::regclass, 'pg_class')")


def migrate_queue(engine: Engine) -> None:
    """
    Bring the queue's tables to the schema of the Procrastinate that is installed, in one transaction.

    Procrastinate ships numbered scripts and leaves it to its user to know which have run. The name of the newest one
    stands in the comment on its table of jobs: a later start runs what comes after it. A database that is newer than
    the installed Procrastinate is left as it is. Safe to call from any number of processes at once.
    """
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": QUEUE_SCHEMA_LOCK})
        if connection.execute(_IS_THERE).scalar_one():
            _upgrade(connection)
        else:
            _run_script(connection, SchemaManager.get_schema())
            _mark(connection, _migrations()[-1].name)


def is_queue_migrated(connection: Connection) -> bool:
    """Tell whether the queue's tables are there and at least as new as the installed Procrastinate."""
    return bool(connection.execute(_IS_THERE).scalar_one()) and _read_mark(connection) >= _migrations()[-1].name


def _upgrade(connection: Connection) -> None:
    mark = _read_mark(connection)
    for migration in _migrations():
        if migration.name > mark:
            _run_script(connection, migration.read_text(encoding="utf-8"))
            _mark(connection, migration.name)


def _migrations() -> list[Path]:
    """List the shipped scripts; their names begin with a zero-padded version, so they sort in the order to run."""
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _read_mark(connection: Connection) -> str:
    """Read the newest script that has run; tables without a mark were not made by us and count as up to date."""
    return str(connection.execute(_READ_MARK).scalar_one() or "~")


def _mark(connection: Connection, name: str) -> None:
    # COMMENT takes no parameters; the name is that of a file Procrastinate ships.
    connection.exec_driver_sql(f"COMMENT ON TABLE procrastinate_jobs IS '{name}'")


def _run_script(connection: Connection, script: str) -> None:
    """Run a script as it stands: it holds percent signs that are no parameters."""
    connection.exec_driver_sql(script, execution_options={"no_parameters": True})
