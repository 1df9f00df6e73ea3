"""Drawings that stand elsewhere than in their rows: as pictures in reports, by their ids in checks for drift."""

import base64
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, Engine

from doodle_db.drift import write_check
from doodle_db.runs import claim_run, end_run, queue_delta_run
from doodle_testing.builders import doodle
from doodle_testing.drift_checks import drift_check

FIRST_INK = 100
"""What a drawing's one pixel holds; each drawing has its own, so that it can be told from the others."""


def ink_of_number(number: int) -> int:
    """Give the ink of a drawing."""
    return FIRST_INK + number


def picture_of(number: int) -> str:
    """Give a drawing as reports hold it: base64 of its bitmap."""
    return base64.b64encode(doodle(UUID(int=0), ink=ink_of_number(number)).bitmap).decode()


def show_in_check(connection: Connection, *ids: UUID) -> None:
    """Write a check that shows these drawings, as of now and as of before."""
    write_check(connection, drift_check(datetime.now(UTC), drawn_now=ids, drawn_before=ids))


def begin_run(engine: Engine) -> UUID:
    """Let a worker called first begin a run; gives its key."""
    with engine.begin() as connection:
        key = queue_delta_run(connection, UUID(int=77), trigger="operator", requested_by="ada").key
        claim_run(connection, key, worker="first", now=datetime.now(UTC))
    return key


def cancel_run(engine: Engine, run: UUID) -> None:
    """End a run; whoever held drawings for it holds them no more."""
    with engine.begin() as connection:
        end_run(connection, run, "cancelled", now=datetime.now(UTC))
