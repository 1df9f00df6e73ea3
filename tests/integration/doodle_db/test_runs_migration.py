"""0009 meets runs that wait and have ended: it keeps them, and the code of the release before goes on."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from doodle_db.engine import connect_to
from doodle_db.migrate import migrate

FILL = """
    INSERT INTO runs (key, kind, state, trigger, requested_by, arguments, verdict, finished_at)
        SELECT gen_random_uuid(), 'delta', 'finished', 'operator', 'ada', '{}', '{"outcome": "rejected"}', now()
        FROM generate_series(1, 2000);
    INSERT INTO runs (key, kind, trigger, requested_by, arguments)
        VALUES ('00000000-0000-4000-8000-000000000001', 'delta', 'operator', 'ada', '{"train_args": {"epochs": 2}}');
"""


@pytest.fixture
def earlier(empty_database_url: str) -> Iterator[Engine]:
    """A database of the release before, with runs."""
    engine = connect_to(empty_database_url)
    migrate(engine, "0008")
    with engine.begin() as connection:
        connection.execute(text(FILL))
    yield engine
    engine.dispose()


def test_what_is_there_stays(earlier: Engine) -> None:
    """Every run is a delta on new doodles, without notes, and of the priority all have."""
    migrate(earlier)

    with earlier.connect() as connection:
        facts = text("SELECT dataset, network, priority, notes, search, trial, count(*) FROM runs GROUP BY 1,2,3,4,5,6")
        assert [tuple(row) for row in connection.execute(facts)] == [("new", None, 0, "", None, None, 2001)]


def test_the_code_of_the_release_before_goes_on(earlier: Engine) -> None:
    """It queues, claims and ends deltas without what it does not know."""
    migrate(earlier)

    with earlier.begin() as connection:
        connection.execute(text("UPDATE runs SET state = 'running', worker = 'first' WHERE state = 'waiting'"))
        connection.execute(
            text(
                """INSERT INTO runs (key, kind, trigger, requested_by, arguments)
                   VALUES ('00000000-0000-4000-8000-000000000003', 'delta', 'doodles', 'trigger', '{}')
                   ON CONFLICT (kind) WHERE kind = 'delta' AND state = 'waiting' DO NOTHING"""
            )
        )
    with earlier.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM runs WHERE state = 'waiting'")).scalar_one() == 1


def test_bounds_are_the_tables_own(earlier: Engine) -> None:
    """Whoever writes."""
    migrate(earlier)

    for change in ("priority = 11", "notes = repeat('x', 4001)", "dataset = 'mine'", "kind = 'other'"):
        with earlier.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(text(f"UPDATE runs SET {change} WHERE state = 'waiting'"))
