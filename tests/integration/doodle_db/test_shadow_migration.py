"""0014 meets a table that is filled and in use: it keeps every doodle, makes nobody wait, and goes on if killed."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from doodle_db.engine import connect_to
from doodle_db.migrate import find_differences, is_migrated, migrate
from doodle_db.migrations.versions.v0014_shadow import COLUMNS, SHADOWS
from doodle_testing.first_release import FILL

NUM_DOODLES = 300


@pytest.fixture
def filled(empty_database_url: str) -> Iterator[Engine]:
    """A database as the migration before leaves it, with doodles of seven months."""
    engine = connect_to(empty_database_url)
    migrate(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text(FILL), {"first": 1, "last": NUM_DOODLES})
    migrate(engine, "0013")
    yield engine
    engine.dispose()


def test_every_doodle_stays_without_an_answer(filled: Engine) -> None:
    """In each partition, with the rules and columns of a new database."""
    migrate(filled)

    with filled.connect() as connection:
        kept = connection.execute(text("SELECT count(*), count(shadow_version) FROM doodles")).one()
        assert (tuple(kept), is_migrated(connection), find_differences(connection)) == ((NUM_DOODLES, 0), True, [])


@pytest.mark.parametrize("done", [(SHADOWS,), (SHADOWS, COLUMNS)])
def test_killed_between_its_steps_it_goes_on(filled: Engine, done: tuple[str, ...]) -> None:
    """What is there already is not made again; the rule holds for every row in the end."""
    for statements in done:
        with filled.begin() as connection:
            connection.execute(text(statements))

    migrate(filled)

    with filled.connect() as connection:
        unsure = text("SELECT count(*) FROM pg_constraint WHERE conname LIKE '%shadow%' AND NOT convalidated")
        assert connection.execute(unsure).scalar_one() == 0
        assert find_differences(connection) == []


def test_whoever_stores_meanwhile_is_not_kept_waiting(filled: Engine) -> None:
    """While somebody's transaction holds the table, the migration tries again instead of standing in line."""
    one = "UPDATE doodles SET status_reason = 'a test' WHERE id = (SELECT id FROM doodles LIMIT 1)"
    with filled.begin() as storing, filled.connect() as migrating:
        storing.execute(text(one))
        migrating.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            migrating.execute(text(COLUMNS))

    migrate(filled)

    with filled.connect() as connection:
        assert is_migrated(connection)
