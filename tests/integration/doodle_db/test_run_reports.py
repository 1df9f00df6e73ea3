"""The runs' reports: written while the run is its worker's, kept whatever becomes of it."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from doodle_db.errors import UnknownReportError, UnknownRunError
from doodle_db.run_reports import get_report, save_report
from doodle_db.runs import claim_run, end_run, queue_delta_run
from doodle_testing.builders import SOME_TIME


def running(engine: Engine) -> UUID:
    with engine.begin() as connection:
        key = queue_delta_run(connection, uuid4(), trigger="operator", requested_by="somebody").key
        assert claim_run(connection, key, worker="first", now=SOME_TIME) == "claimed"
    return key


def test_the_last_one_written_is_the_report(engine: Engine) -> None:
    """A report grows with its run; it outlives the run's failure."""
    key = running(engine)
    with engine.begin() as connection:
        assert save_report(connection, key, "first", 1, {"stage": "read"})
        assert save_report(connection, key, "first", 1, {"stage": "trained", "loss": None})
        end_run(connection, key, "failed", now=SOME_TIME, error="it broke")

    with engine.connect() as connection:
        assert get_report(connection, key) == {"stage": "trained", "loss": None}


@pytest.mark.parametrize(("worker", "attempt"), [("second", 1), ("first", 0), ("first", 2)])
def test_who_has_lost_a_run_writes_no_report(engine: Engine, worker: str, attempt: int) -> None:
    """A worker that comes back late must not write over what its successor found."""
    key = running(engine)
    with engine.begin() as connection:
        assert save_report(connection, key, "first", 1, {"stage": "read"})

        assert not save_report(connection, key, worker, attempt, {"stage": "trained"})

        assert get_report(connection, key) == {"stage": "read"}


def test_a_run_that_has_ended_keeps_its_report(engine: Engine) -> None:
    """Nothing is added afterwards."""
    key = running(engine)
    with engine.begin() as connection:
        save_report(connection, key, "first", 1, {"stage": "read"})
        end_run(connection, key, "cancelled", now=SOME_TIME)

        assert not save_report(connection, key, "first", 1, {"stage": "trained"})

        assert get_report(connection, key) == {"stage": "read"}


def test_a_run_without_a_report(engine: Engine) -> None:
    """No report yet is another answer than no run."""
    key = running(engine)

    with engine.connect() as connection:
        with pytest.raises(UnknownReportError):
            get_report(connection, key)
        with pytest.raises(UnknownRunError):
            get_report(connection, uuid4())


def test_a_run_takes_its_report_with_it(engine: Engine) -> None:
    """Nothing is left of a run that is deleted."""
    key = running(engine)
    with engine.begin() as connection:
        save_report(connection, key, "first", 1, {"stage": "read"})
        connection.execute(text("DELETE FROM runs WHERE key = :key"), {"key": key})

        assert connection.execute(text("SELECT count(*) FROM run_reports")).scalar_one() == 0
