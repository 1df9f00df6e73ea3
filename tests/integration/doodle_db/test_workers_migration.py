"""0007 meets workers that beat and runs that wait: it keeps them, and makes nobody wait for long."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from doodle_db.engine import connect_to
from doodle_db.migrate import is_migrated, migrate

FILL = """
    INSERT INTO runs (key, kind, trigger, requested_by, arguments)
        VALUES ('00000000-0000-4000-8000-000000000001', 'delta', 'operator', 'ada', '{}');
    INSERT INTO workers (name, host, device, num_cores, state, incarnation, started_at, heartbeat_at)
        VALUES ('first', 'here', 'cpu', 2, 'idle', '00000000-0000-4000-8000-000000000002', now(), now());
"""


@pytest.fixture
def earlier(empty_database_url: str) -> Iterator[Engine]:
    """A database of the release before, with a worker and a run."""
    engine = connect_to(empty_database_url)
    migrate(engine, "0006")
    with engine.begin() as connection:
        connection.execute(text(FILL))
    yield engine
    engine.dispose()


def test_what_is_there_stays(earlier: Engine) -> None:
    """Worker and run are as they were; what they never said is empty, and the run is for any worker."""
    migrate(earlier)

    with earlier.connect() as connection:
        worker = connection.execute(text("SELECT name, state, gpu, version, machine, asked_to FROM workers")).one()
        run = connection.execute(text("SELECT state, requested_by, sent_to FROM runs")).one()
    assert tuple(worker) == ("first", "idle", None, None, None, None)
    assert tuple(run) == ("waiting", "ada", None)


def test_whoever_reads_meanwhile_is_waited_for(earlier: Engine) -> None:
    """A long transaction holds the migration up; heartbeats of the release before go on under it, and it arrives."""
    migration = threading.Thread(target=migrate, args=(earlier,))
    with earlier.connect() as reader:
        reader.execute(text("SELECT count(*) FROM runs"))
        migration.start()
        migration.join(timeout=1)
        with earlier.begin() as connection:
            connection.execute(text("UPDATE workers SET heartbeat_at = now()"))
        assert migration.is_alive()

    migration.join(timeout=20)

    with earlier.connect() as connection:
        assert is_migrated(connection)


def test_the_code_of_the_release_before_goes_on(earlier: Engine) -> None:
    """It queues by the rule it knows, and enters workers without what it does not know."""
    migrate(earlier)

    with earlier.begin() as connection:
        connection.execute(
            text(
                """INSERT INTO runs (key, kind, trigger, requested_by, arguments)
                   VALUES ('00000000-0000-4000-8000-000000000003', 'delta', 'doodles', 'trigger', '{}')
                   ON CONFLICT (kind) WHERE kind = 'delta' AND state = 'waiting' DO NOTHING"""
            )
        )
        connection.execute(text("UPDATE workers SET state = 'busy', run = '00000000-0000-4000-8000-000000000001'"))

    with earlier.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM runs")).scalar_one() == 1
