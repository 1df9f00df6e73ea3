"""From one table to months: online, on a filled table, whatever kills it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from doodle_db.engine import connect_to
from doodle_db.migrate import find_differences, is_migrated, migrate
from doodle_testing.filled import copy_of, filled_template, kill_migration
from doodle_testing.first_release import CONTRIBUTOR, COUNT, FILL, Writer

TESTS = Path(__file__).parents[2]

NUM_DOODLES = 3_000
"""Two stretches of pages and a bit."""

EVERY_COLUMN = """
    id, label, bitmap, height, width, strokes, guess, confidence, model_version, split, source, contributor,
    status, status_reason, content_hash, created_at, recorded_xid
"""

SUMMARY = text(
    f"SELECT count(*), md5(string_agg(row::text, '' ORDER BY id)) FROM (SELECT {EVERY_COLUMN} FROM doodles) row"
)

GROUPS = text("""
    SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date, source, label, split, status, count(*)
    FROM doodles GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
""")

COUNTS = text("""
    SELECT month, source, label, split, status, sum(num_doodles) FROM (
        SELECT month, source, label, split, status, num_doodles FROM doodle_counts
        UNION ALL
        SELECT month, source, label, split, status, num_doodles FROM doodle_count_changes
    ) AS every_change GROUP BY 1, 2, 3, 4, 5 HAVING sum(num_doodles) <> 0 ORDER BY 1, 2, 3, 4, 5
""")


@pytest.fixture(scope="module")
def template(postgres: Any) -> Iterator[str]:
    """A database as the first release left it, with doodles of seven months."""

    def fill(engine: Engine) -> None:
        migrate(engine, "0001")
        with engine.begin() as connection:
            connection.execute(text(FILL), {"first": 1, "last": NUM_DOODLES})

    with filled_template(postgres, fill) as name:
        yield name


@pytest.fixture
def filled_url(postgres: Any, template: str) -> Iterator[str]:
    """The address of a copy of it."""
    url = postgres.create_database(template)
    yield url
    postgres.drop_database(url)


def rows(connection: Connection, query: object) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(query)]  # type: ignore[call-overload]  # a text clause


def assert_migrated(engine: Engine) -> None:
    with engine.connect() as connection:
        assert is_migrated(connection)
        assert find_differences(connection) == []
        assert rows(connection, COUNTS) == rows(connection, GROUPS)
        left = "SELECT count(*) FROM pg_class WHERE relname ~ '_(old|next)' OR relname ~ 'mirror'"
        assert connection.execute(text(left)).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM doodles_user_default")).scalar_one() == 0
        ids = "SELECT (SELECT count(*) FROM doodle_ids) - (SELECT count(*) FROM doodles)"
        assert connection.execute(text(ids)).scalar_one() == 0


def summarise(engine: Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return rows(connection, SUMMARY)


def test_every_doodle_arrives_as_it_was(filled_url: str) -> None:
    """Every column, the transaction's number included; months and base data each in their place."""
    engine = connect_to(filled_url)
    before = summarise(engine)

    migrate(engine)

    assert summarise(engine) == before
    assert_migrated(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM doodles_base")).scalar_one() == NUM_DOODLES / 10
    engine.dispose()


def test_killed_at_any_statement_it_goes_on_where_it_was(postgres: Any, template: str) -> None:
    """Every step finds out by itself whether it is done; nothing is lost, doubled or left behind."""
    number, was_killed = 0, True
    while was_killed:
        number += 1
        with copy_of(postgres, template) as engine:
            before = summarise(engine)
            was_killed = kill_migration(engine, "0002", number)
            migrate(engine)

            assert summarise(engine) == before
            assert_migrated(engine)
    assert number > 20


def test_a_killed_process_leaves_nothing_that_stops_the_next(filled_url: str) -> None:
    """A real SIGKILL in the middle of the copying: locks end with the process, and the next start finishes."""
    engine = connect_to(filled_url)
    before = summarise(engine)
    killed = subprocess.run(
        [sys.executable, "-m", "doodle_testing.killed_migration"],
        env={**os.environ, "DATABASE_URL": filled_url, "PYTHONPATH": str(TESTS)},
        check=False,
    )

    migrate(engine)

    assert killed.returncode == -9
    assert summarise(engine) == before
    assert_migrated(engine)
    engine.dispose()


def test_the_code_of_the_release_before_goes_on(filled_url: str) -> None:
    """Its statements work before, during and after, none waits for a second, and what it acknowledged is there."""
    engine = connect_to(filled_url)
    with engine.begin() as connection:
        connection.execute(text(FILL), {"first": 1, "last": 20_000})

    with Writer(filled_url) as first, Writer(filled_url) as second:
        migrate(engine)
        with engine.connect() as connection:
            connection.execute(text(COUNT)).all()

    assert (first.failure, second.failure) == (None, None)
    assert_migrated(engine)
    with engine.connect() as connection:
        mine = text("SELECT id, label FROM doodles WHERE contributor = :contributor AND guess = 'dog'")
        stored = {row.id: row.label for row in connection.execute(mine, {"contributor": CONTRIBUTOR})}
    assert stored == first.acknowledged | second.acknowledged
    assert len(stored) > 10
    assert max(first.longest_seconds, second.longest_seconds) < 1.0
    engine.dispose()


def test_a_database_that_is_ahead_stays_as_it_is(filled_url: str) -> None:
    """An older release that is still running, or is started again, neither changes a newer schema nor refuses it."""
    engine = connect_to(filled_url)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    migrate(engine)

    with engine.connect() as connection:
        assert is_migrated(connection)
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    engine.dispose()
