"""Locks of sessions that were killed."""

from sqlalchemy import Engine, text

from doodle_testing.model_server import wait_until

_HELD = text("""
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND datname = current_database()
""")


def wait_until_unlocked(engine: Engine) -> None:
    """Wait until no advisory lock is held: the server notices the end of a killed process a moment later."""

    def is_free() -> bool:
        with engine.connect() as connection:
            return bool(connection.execute(_HELD).scalar_one() == 0)

    wait_until(is_free)
