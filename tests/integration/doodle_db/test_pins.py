"""What is live can be pinned: the newest decision holds, and none is forgotten."""

import threading

import pytest
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import DBAPIError

from doodle_db.engine import connect_to
from doodle_db.locks import DRIFT_LOCK, ERASING_LOCK
from doodle_db.pins import find_pin, hold_pin, list_pins, set_pin
from doodle_db.shadows import lock_shadow
from doodle_db.tables import pins


def decide(engine: Engine, pinned: bool, reason: str = "a test") -> None:
    with engine.begin() as connection:
        set_pin(connection, pinned, actor="ada", reason=reason)


def holds(engine: Engine) -> str | None:
    with engine.connect() as connection:
        pin = find_pin(connection)
    return pin.reason if pin else None


def test_nothing_is_pinned_at_first(engine: Engine) -> None:
    """Runs publish by themselves until somebody says otherwise; letting go of nothing is no decision."""
    decide(engine, False)

    with engine.connect() as connection:
        assert (find_pin(connection), list_pins(connection)) == (None, [])


def test_the_newest_decision_holds(engine: Engine) -> None:
    """Pinned, let go, pinned again: all of it stays to be read, newest first."""
    for pinned, reason in [(True, "a fair"), (False, "the fair is over"), (True, "another fair")]:
        decide(engine, pinned, reason)

    assert holds(engine) == "another fair"
    with engine.connect() as connection:
        assert [(each.pinned, each.actor) for each in list_pins(connection)] == [
            (True, "ada"),
            (False, "ada"),
            (True, "ada"),
        ]


def test_deciding_the_same_again_writes_nothing(engine: Engine) -> None:
    """A second click is no second line; another reason for the same is one."""
    for reason in ("a fair", "a fair", "a fair, and a holiday"):
        decide(engine, True, reason)

    with engine.connect() as connection:
        assert [each.reason for each in list_pins(connection)] == ["a fair, and a holiday", "a fair"]


def test_whoever_ends_a_run_is_waited_for(engine: Engine) -> None:
    """Once a pin is set, nothing that was just being deployed comes after it."""
    with engine.begin() as ending:
        assert hold_pin(ending) is None
        pinning = threading.Thread(target=decide, args=(engine, True))
        pinning.start()
        pinning.join(timeout=0.5)
        assert pinning.is_alive()

    pinning.join(timeout=20)
    assert holds(engine) == "a test"


def test_decisions_are_kept(engine: Engine) -> None:
    """The database itself refuses to forget one."""
    decide(engine, True)

    with engine.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(delete(pins))


@pytest.mark.parametrize("key", [ERASING_LOCK, DRIFT_LOCK])
def test_upkeep_keeps_nobody_from_pinning_and_deploying(engine: Engine, database_url: str, key: int) -> None:
    """What workers hold a lock for as long as they erase, or look for drift, is not what an operator waits for."""
    impatient = connect_to(database_url, statement_timeout_ms=2_000)
    with engine.connect() as working:
        assert working.execute(select(func.pg_try_advisory_lock(key))).scalar_one()

        with impatient.begin() as connection:
            set_pin(connection, True, actor="ada", reason="a fair")
            lock_shadow(connection)

    impatient.dispose()
    assert holds(engine) == "a fair"
