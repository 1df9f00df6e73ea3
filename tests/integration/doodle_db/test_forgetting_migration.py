"""0015 meets a table with orders open and finished: it keeps each of them, and goes on if killed."""

from sqlalchemy import Engine, text

from doodle_db.engine import connect_to
from doodle_db.migrate import find_differences, is_migrated, migrate
from doodle_db.migrations.versions.v0015_forgetting import ERASURES

ORDERS = """
    INSERT INTO erasures (contributor, since, operator, reason, finished_at) VALUES
        (decode(repeat('ab', 16), 'hex'), now(), 'ada', 'open', NULL),
        (NULL, NULL, 'ada', 'finished', now())
"""


def test_orders_stay_as_they_are(empty_database_url: str) -> None:
    """With the rules and columns of a new database; killed after its one step, it goes on."""
    engine: Engine = connect_to(empty_database_url)
    migrate(engine, "0014")
    with engine.begin() as connection:
        connection.execute(text(ORDERS))
        connection.execute(text(ERASURES))

    migrate(engine)

    with engine.connect() as connection:
        kept = connection.execute(text("SELECT reason, is_of_drawings FROM erasures ORDER BY erasure")).all()
        assert [tuple(each) for each in kept] == [("open", False), ("finished", False)]
        assert (is_migrated(connection), find_differences(connection)) == (True, [])
    engine.dispose()
