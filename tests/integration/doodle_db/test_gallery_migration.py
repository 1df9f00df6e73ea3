"""0013 meets a table that is filled and in use: it makes nobody wait, and goes on whatever kills it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.migrate import find_differences, migrate
from doodle_testing.filled import copy_of, filled_template
from doodle_testing.first_release import FILL
from doodle_testing.model_server import wait_until

NUM_DOODLES = 500

INDEXES = ("doodles_gallery", "doodles_not_accepted", "doodles_by_version", "doodles_by_name")

IS_BUILDING = """
    SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND state = 'active'
        AND wait_event_type = 'Lock' AND datname = current_database()
"""

SOUND = text("""
    SELECT relname, indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relname = ANY(:names) OR relname LIKE 'doodles_%_idx'
""")


@pytest.fixture(scope="module")
def template(postgres: Any) -> Iterator[str]:
    """A database as the migration before leaves it, with doodles of seven months."""

    def fill(engine: Engine) -> None:
        migrate(engine, "0001")
        with engine.begin() as connection:
            connection.execute(text(FILL), {"first": 1, "last": NUM_DOODLES})
        migrate(engine, "0012")

    with filled_template(postgres, fill) as name:
        yield name


@pytest.fixture
def filled(postgres: Any, template: str) -> Iterator[Engine]:
    """A copy of it."""
    with copy_of(postgres, template) as engine:
        yield engine


def assert_migrated(engine: Engine) -> None:
    """Every index is whole, and the schema is that of the tables."""
    with engine.connect() as connection:
        valid = {row.relname: row.indisvalid for row in connection.execute(SOUND, {"names": list(INDEXES)})}
        assert all(valid.values())
        assert valid.keys() >= set(INDEXES)
        assert find_differences(connection) == []
        assert connection.execute(text("SELECT count(*) FROM doodles")).scalar_one() >= NUM_DOODLES


def is_building(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.execute(text(IS_BUILDING)).scalar_one())


def store_one(engine: Engine) -> None:
    """Store as the release before does, and do not wait for long."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = 2000"))
        connection.execute(text(FILL), {"first": NUM_DOODLES + 1, "last": NUM_DOODLES + 1})


@contextmanager
def held_up(engine: Engine) -> Iterator[None]:
    """Read an old snapshot all the while, which an index that is made must not be blind for."""
    with engine.connect() as reader:
        reader.execution_options(isolation_level="REPEATABLE READ")
        reader.execute(text("SELECT count(*) FROM doodles"))
        yield
        reader.rollback()


def test_people_draw_on_while_indexes_are_made(filled: Engine) -> None:
    """A transaction that will not end holds the migration up, and nobody else."""
    migration = threading.Thread(target=migrate, args=(filled,))
    with held_up(filled):
        migration.start()
        wait_until(lambda: is_building(filled), seconds=20)
        store_one(filled)
        assert migration.is_alive()

    migration.join(timeout=30)

    assert not migration.is_alive()
    assert_migrated(filled)


def test_killed_while_it_makes_an_index_it_goes_on(filled: Engine) -> None:
    """What is left of half an index is made anew."""
    migration = threading.Thread(target=expect_the_end, args=(filled,))
    with held_up(filled):
        migration.start()
        wait_until(lambda: is_building(filled), seconds=20)
        with filled.begin() as connection:
            killed = IS_BUILDING.replace("count(*)", "pg_terminate_backend(pid)")
            assert connection.execute(text(killed)).scalars().all() == [True]
        migration.join(timeout=20)
        assert not migration.is_alive()

    migrate(filled)

    assert_migrated(filled)


def expect_the_end(engine: Engine) -> None:
    with pytest.raises(SQLAlchemyError):
        migrate(engine)
