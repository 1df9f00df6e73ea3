"""
Optuna's tables, in a schema of their own beside ours: made when an installation is brought up to date.

Optuna would make them whenever a storage is opened, in whichever process is first and in the schema of everybody else.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from optuna import logging as optuna_logging
from optuna.exceptions import StorageInternalError
from optuna.storages import RDBStorage
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.engine import SILENCE
from doodle_db.locks import STORAGE_SCHEMA_LOCK
from doodle_web.json_logs import log_event
from training_server.searches.storage_schema import SCHEMA, is_storage_there

log = logging.getLogger(__name__)

POOL_SIZE = 2
"""A trial asks and tells in one thread, and the worker's tick in another."""

STATEMENT_TIMEOUT_MS = 30_000


def migrate_storage(engine: Engine) -> None:
    """
    Make Optuna's schema and tables, or bring them to what the installed Optuna expects.

    Safe to call from any number of processes at once.
    """
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": STORAGE_SCHEMA_LOCK})
        # Of its own transaction: Optuna comes over connections of its own, and has to see it.
        with engine.begin() as other:
            other.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        is_there = is_storage_there(connection)
        storage = open_storage(engine, is_there=is_there)
        if is_there and storage.get_current_version() != storage.get_head_version():
            log_event(log, logging.INFO, "search_storage_upgraded", version=storage.get_head_version())
            storage.upgrade()
        storage.engine.dispose()


def open_storage(engine: Engine, *, is_there: bool = True) -> RDBStorage:
    """
    Open Optuna's storage in the database of an engine; it has connections of its own.

    Args:
        engine: of our tables' database.
        is_there: False makes the tables.
    """
    optuna_logging.set_verbosity(optuna_logging.WARNING)
    # Optuna formats the address: a brace in a password would be taken for a placeholder.
    address = engine.url.render_as_string(hide_password=False).replace("{", "{{").replace("}", "}}")
    options = f"-c search_path={SCHEMA} -c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC"
    told: dict[str, Any] = {
        "pool_size": POOL_SIZE,
        "max_overflow": 0,
        "pool_pre_ping": True,
        "hide_parameters": True,
        "connect_args": {**SILENCE, "application_name": "searches", "options": options},
    }
    return RDBStorage(address, engine_kwargs=told, skip_table_creation=is_there, skip_compatibility_check=is_there)


@contextmanager
def opened_storage(engine: Engine) -> Iterator[RDBStorage]:
    """Open Optuna's storage for a while."""
    with drivers_errors():
        storage = open_storage(engine)
    try:
        yield storage
    finally:
        storage.remove_session()
        storage.engine.dispose()


@contextmanager
def drivers_errors() -> Iterator[None]:
    """Let an error of the database be one of SQLAlchemy's, as everywhere else, and not Optuna's wrapping of it."""
    try:
        yield
    except StorageInternalError as wrapped:
        if isinstance(wrapped.__cause__, SQLAlchemyError):
            raise wrapped.__cause__ from wrapped
        raise
