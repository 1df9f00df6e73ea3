"""0010 meets runs: it keeps them, waits for no reader, and lets one run of a trial's number count."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from doodle_db.engine import connect_to
from doodle_db.migrate import is_migrated, migrate
from doodle_db.runs import get_run

RUN, SEARCH = UUID(int=1), UUID(int=2)

# As the release before writes it.
FILL = """
    INSERT INTO runs (key, kind, trigger, requested_by, arguments)
    VALUES (:key, 'delta', 'operator', 'ada', '{}')
"""

ORDER = """
    INSERT INTO searches (key, method, configuration, pruning, priority, requested_by)
    VALUES (:key, 'grid', '{}', false, -1, 'ada')
"""

TRY = """
    INSERT INTO runs (key, kind, trigger, requested_by, arguments, dataset, search, trial, state, finished_at)
    VALUES (:key, 'trial', 'operator', 'ada', '{}', 'all', :search, :trial, :state,
            CASE WHEN :state = 'cancelled' THEN now() END)
"""


@pytest.fixture
def earlier(empty_database_url: str) -> Iterator[Engine]:
    """A database of before, with a run that waits."""
    engine = connect_to(empty_database_url)
    migrate(engine, "0009")
    with engine.begin() as connection:
        connection.execute(text(FILL), {"key": RUN})
    yield engine
    engine.dispose()


def test_runs_stay_and_no_reader_is_waited_for(earlier: Engine) -> None:
    """A backup that reads searches' neighbours does not hold it up; the run waits as before."""
    with earlier.connect() as reader:
        reader.execute(text("SELECT count(*) FROM models"))

        migrate(earlier)

    with earlier.begin() as connection:
        assert is_migrated(connection)
        run = get_run(connection, RUN)
        assert (run.state, run.search, run.trial) == ("waiting", None, None)
        connection.execute(text("UPDATE runs SET state = 'cancelled', finished_at = now()"))
        connection.execute(text(FILL), {"key": UUID(int=3)})


def test_one_run_of_a_trials_number_counts(earlier: Engine) -> None:
    """One that was cancelled may be ordered anew; two that count, one without a search or without a number: never."""
    migrate(earlier)
    with earlier.begin() as connection:
        connection.execute(text(ORDER), {"key": SEARCH})
        for number, state in enumerate(("cancelled", "cancelled", "waiting")):
            told = {"key": UUID(int=10 + number), "search": SEARCH, "trial": 1, "state": state}
            connection.execute(text(TRY), told)

    for wrong in (
        {"search": SEARCH, "trial": 1},
        {"search": SEARCH, "trial": None},
        {"search": None, "trial": 2},
        {"search": SEARCH, "trial": 0},
        {"search": UUID(int=9), "trial": 2},
    ):
        with pytest.raises(IntegrityError), earlier.begin() as connection:
            connection.execute(text(TRY), {"key": UUID(int=20), "state": "waiting", **wrong})
