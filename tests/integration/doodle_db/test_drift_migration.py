"""0012 meets a database in use: it adds a table, and waits for nobody."""

from sqlalchemy import text

from doodle_db.drift import find_state_since, list_checks, write_check
from doodle_db.engine import connect_to
from doodle_db.migrate import find_differences, migrate
from doodle_testing.builders import SOME_TIME
from doodle_testing.drift_checks import drift_check
from doodle_testing.first_release import FILL

NUM_DOODLES = 300


def test_a_database_in_use_gets_the_table(empty_database_url: str) -> None:
    """While somebody reads and writes doodles; what is there stays, and checks can be written."""
    engine = connect_to(empty_database_url)
    migrate(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text(FILL), {"first": 1, "last": NUM_DOODLES})
    migrate(engine, "0011")
    with engine.begin() as other:
        other.execute(text("UPDATE doodles SET status_reason = status_reason"))

        migrate(engine, "0012")
    migrate(engine)

    with engine.begin() as connection:
        assert find_differences(connection) == []
        assert connection.execute(text("SELECT count(*) FROM doodles")).scalar_one() == NUM_DOODLES
        assert (list_checks(connection, at_most=1), find_state_since(connection)) == ([], None)
        write_check(connection, drift_check(SOME_TIME))
        assert find_state_since(connection) == SOME_TIME
    engine.dispose()
