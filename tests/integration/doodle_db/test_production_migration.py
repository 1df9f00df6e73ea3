"""0011 meets a filled, partitioned table in use: it counts what was there, once, and makes nobody wait for long."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, text

from doodle_db.backups.catalog import saved_tables
from doodle_db.doodle_counts import fold_counts
from doodle_db.doodles import store_doodles
from doodle_db.migrate import is_migrated, migrate
from doodle_db.partitions import ensure_partitions
from doodle_testing.builders import doodle, manifest
from doodle_testing.filled import copy_of, filled_template, kill_migration
from doodle_testing.first_release import FILL, Writer, register_then

NUM_DOODLES = 2_000
VERSION = "0123456789ab"
"""The first release's writers say that it has guessed."""

DEPLOY = """
    INSERT INTO deployments (version, kind, actor, reason, created_at)
    VALUES (:version, 'publish', 'a', 'b', :created_at)
"""

GUESS = """
    UPDATE doodles SET guess = CASE WHEN number % 3 > 0 THEN label ELSE 'cat' END, confidence = number % 11 / 10.0,
        model_version = CASE WHEN number % 5 > 0 THEN :version END
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM doodles WHERE source = 'user') AS numbered
    WHERE doodles.id = numbered.id AND source = 'user'
"""

KEPT = """
    SELECT step, begins, version, label, guess, status, num_doodles FROM production_guesses
    WHERE num_doodles <> 0 ORDER BY 1, 2, 3, 4, 5, 6
"""

COUNTED = """
    SELECT step, date_trunc(step, created_at, 'UTC'), coalesce((
        SELECT version FROM deployments
        WHERE version = model_version AND deployments.created_at <= doodles.created_at LIMIT 1
    ), ''), label, coalesce(guess, ''), status, count(*)
    FROM doodles CROSS JOIN (VALUES ('hour'), ('day')) AS steps (step) WHERE source = 'user'
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
"""

SURE = (
    "SELECT step, sum(num_doodles), sum(num_right), sum(confidence_millionths) FROM production_confidences GROUP BY 1"
)

COUNTED_SURE = """
    SELECT step, count(*), count(*) FILTER (WHERE guess = label), sum(round(1000000 * confidence)::int)
    FROM doodles CROSS JOIN (VALUES ('hour'), ('day')) AS steps (step)
    WHERE source = 'user' AND guess IS NOT NULL GROUP BY 1
"""


@pytest.fixture(scope="module")
def template(postgres: Any) -> Iterator[str]:
    """A database of the release before, with doodles of seven months in their partitions, most of them guessed."""

    def fill(engine: Engine) -> None:
        migrate(engine, "0010")
        now = datetime.now(UTC)
        ensure_partitions(engine, now - timedelta(days=220), 10)
        with engine.begin() as connection:
            register_then(connection, manifest(VERSION), is_live=False)
            connection.execute(text(DEPLOY), {"version": VERSION, "created_at": now - timedelta(days=100)})
            connection.execute(text(FILL), {"first": 1, "last": NUM_DOODLES})
            connection.execute(text(GUESS), {"version": VERSION})

    with filled_template(postgres, fill) as name:
        yield name


@pytest.fixture
def filled(postgres: Any, template: str) -> Iterator[Engine]:
    """A copy of it."""
    with copy_of(postgres, template) as engine:
        yield engine


def assert_counted(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(text("SELECT to_regclass('doodles_counted')")).scalar_one() is None
        fold_counts(connection)
        for kept, counted in ((KEPT, COUNTED), (SURE, COUNTED_SURE)):
            expected = sorted(tuple(row) for row in connection.execute(text(counted)))
            assert sorted(tuple(row) for row in connection.execute(text(kept))) == expected
        connection.rollback()


def test_what_was_there_is_counted(filled: Engine) -> None:
    """By the version that had been live by then; base data is left out."""
    migrate(filled)

    assert_counted(filled)
    with filled.connect() as connection:
        assert is_migrated(connection)
        by_version = text(
            "SELECT version, sum(num_doodles) FROM production_guesses WHERE step = 'day' GROUP BY version"
        )
        counted = {str(version): int(num) for version, num in connection.execute(by_version)}
    assert sum(counted.values()) == NUM_DOODLES * 0.9
    assert NUM_DOODLES * 0.2 < counted[VERSION] < NUM_DOODLES * 0.5


def test_killed_at_any_statement_it_counts_everything_once(postgres: Any, template: str) -> None:
    """It begins again; what was stored, corrected and deleted between its tries is counted as it is."""
    number, was_killed = 0, True
    while was_killed:
        number += 1
        with copy_of(postgres, template) as engine:
            was_killed = kill_migration(engine, "0011", number, first="doodle_count_changes")
            with engine.begin() as connection:
                connection.execute(text(FILL), {"first": 1, "last": 20})
                connection.execute(
                    text("UPDATE doodles SET label = 'dog' WHERE source = 'user' AND status = 'quarantined'")
                )
                connection.execute(text("DELETE FROM doodles WHERE source = 'user' AND label = 'fish'"))
            migrate(engine, "0011")

            assert_counted(engine)
    assert number > 5


def test_the_code_of_the_release_before_goes_on(filled: Engine) -> None:
    """Its statements work before, during and after; none waits for a second, and all that it wrote is counted."""
    url = filled.url.render_as_string(hide_password=False).replace("+psycopg2", "")

    with Writer(url) as first, Writer(url) as second:
        migrate(filled)

    assert (first.failure, second.failure) == (None, None)
    assert max(first.longest_seconds, second.longest_seconds) < 1.0
    assert_counted(filled)


def test_whoever_holds_the_table_is_not_queued_behind(filled: Engine) -> None:
    """While a long transaction reads, the migration gives way again and again: a store never waits behind it."""
    tried = []

    def store_one(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "LOCK TABLE doodles IN ACCESS EXCLUSIVE" in statement:
            tried.append(statement)
            if len(tried) == 3:
                reader.rollback()

    with filled.connect() as reader:
        reader.execute(text("SELECT count(*) FROM doodles"))
        event.listen(filled, "before_cursor_execute", store_one)
        migrate(filled)

    assert len(tried) >= 3
    assert_counted(filled)


def test_a_restore_brings_versions_before_doodles() -> None:
    """Doodles are counted as they come in, by the versions that are there."""
    tables = saved_tables()

    assert tables.index("deployments") < tables.index("doodles")
    assert not {"production_guesses", "production_confidences"} & set(tables)


def test_what_comes_after_says_whether_the_guess_was_shown(filled: Engine) -> None:
    """The new column is there for whoever sends it."""
    migrate(filled)
    with filled.begin() as connection:
        sent = replace(doodle(UUID(int=5)), guess="cat", confidence=0.9, model_version=VERSION, known=False)
        store_doodles(connection, [sent])

    with filled.connect() as connection:
        fold_counts(connection)
        unknown = text("SELECT sum(num_unknown) FROM production_guesses WHERE step = 'hour' AND version = :version")
        assert connection.execute(unknown, {"version": VERSION}).scalar_one() == 1
