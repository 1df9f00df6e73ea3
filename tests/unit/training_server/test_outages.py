"""A run outlives a database that is away for a minute, not one that stays away."""

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from training_server.interruption import Interruption, RunInterrupted
from training_server.outages import PATIENCE_SECONDS, outlive_outages


class Database:
    """Away until a moment; the test's clock moves when somebody pauses."""

    def __init__(self, back_at: float) -> None:
        self.back_at = back_at
        self.now = 0.0
        self.num_attempts = 0

    def clock(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds

    def ask(self) -> str:
        self.num_attempts += 1
        if self.now < self.back_at:
            raise OperationalError("SELECT", {}, Exception("away"))
        return "answer"


def outlive(database: Database, interruption: Interruption | None = None) -> str:
    interruption = interruption or Interruption()
    return outlive_outages(database.ask, interruption, clock=database.clock, pause=database.pause)


def test_a_restart_is_outlived() -> None:
    """The transaction is done again until it succeeds."""
    database = Database(back_at=PATIENCE_SECONDS - 1)

    assert outlive(database) == "answer"


def test_a_long_outage_gives_the_run_up() -> None:
    """By then another worker may have it."""
    with pytest.raises(RunInterrupted) as interrupted:
        outlive(Database(back_at=10 * PATIENCE_SECONDS))

    assert interrupted.value.reason == "lost"


def test_a_worker_that_ends_does_not_wait_for_the_database() -> None:
    """SIGTERM ends the worker within seconds, database or not."""
    database, interruption = Database(back_at=30), Interruption()
    interruption.ask("stopping")

    with pytest.raises(RunInterrupted) as interrupted:
        outlive(database, interruption)

    assert (interrupted.value.reason, database.num_attempts) == ("stopping", 1)


def test_a_broken_rule_is_no_outage() -> None:
    """What the database refuses it will refuse again."""

    def refuse() -> None:
        raise IntegrityError("INSERT", {}, Exception("no"))

    with pytest.raises(IntegrityError):
        outlive_outages(refuse, Interruption())
