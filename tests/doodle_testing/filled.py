"""Databases of releases before, with rows in them; and migrations that are killed on the way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from doodle_db.engine import connect_to
from doodle_db.migrate import migrate


@contextmanager
def filled_template(postgres: Any, fill: Callable[[Engine], None]) -> Iterator[str]:
    """
    Make a database to copy from.

    Args:
        postgres: the tests' server.
        fill: migrates the empty database and puts rows into it.

    Yields:
        Its name.
    """
    url = postgres.create_database("template1")
    engine = connect_to(url)
    fill(engine)
    engine.dispose()
    yield url.rsplit("/", 1)[1]
    postgres.drop_database(url)


@contextmanager
def copy_of(postgres: Any, template: str) -> Iterator[Engine]:
    """Copy a database for a test of its own."""
    url = postgres.create_database(template)
    engine = connect_to(url)
    yield engine
    engine.dispose()
    postgres.drop_database(url)


class _KilledError(Exception):
    """The migration was killed here."""


def kill_migration(engine: Engine, revision: str, number: int, first: str = "") -> bool:
    """
    Migrate until a statement, and no further.

    Args:
        engine: of a filled database.
        revision: where it would end.
        number: the statement before which it is killed, from 1.
        first: what stands in the statement that is counted first.

    Returns:
        Whether there were so many.
    """
    done = 0

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal done
        done += bool(done) or first in statement
        if done == number:
            raise _KilledError

    event.listen(engine, "before_cursor_execute", count)
    try:
        migrate(engine, revision)
    except _KilledError:
        return True
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return False
