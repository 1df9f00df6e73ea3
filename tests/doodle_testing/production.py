"""Production for tests: doodles that were guessed at, what is told of them, and what a GROUP BY gives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from doodle_db.doodle_counts import fold_counts
from doodle_db.doodles import Doodle, store_doodles
from doodle_db.production import Production, Span, read_production
from doodle_testing.builders import SOMEBODY, doodle

KNOWN, STRANGE = "0" * 12, "f" * 12
LABELS = ("bird", "cat", "dog")

STEPS = "CROSS JOIN (VALUES ('hour'), ('day')) AS steps (step)"

VERSION = """coalesce((
    SELECT version FROM deployments
    WHERE version = model_version AND deployments.created_at <= doodles.created_at LIMIT 1
), '')"""

KEPT_AND_COUNTED = (
    (
        "SELECT * FROM production_guesses WHERE num_doodles <> 0 ORDER BY 1, 2, 3, 4, 5, 6",
        f"""SELECT step, date_trunc(step, created_at, 'UTC'), {VERSION}, label, coalesce(guess, ''), status,
                count(*), count(*) FILTER (WHERE known), count(*) FILTER (WHERE NOT known)
            FROM doodles {STEPS} WHERE source = 'user'
            GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6""",
    ),
    (
        "SELECT * FROM production_confidences WHERE num_doodles <> 0 ORDER BY 1, 2, 3, 4, 5",
        f"""SELECT step, date_trunc(step, created_at, 'UTC'), {VERSION}, status,
                CASE WHEN confidence = 1 THEN 9 ELSE floor(10 * confidence)::int END,
                count(*), count(*) FILTER (WHERE guess = label), sum(round(1000000 * confidence)::int)
            FROM doodles {STEPS} WHERE source = 'user' AND guess IS NOT NULL AND known IS DISTINCT FROM false
                AND confidence IS NOT NULL
            GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5""",
    ),
)


def assert_exact(engine: Engine) -> None:
    """Fold, compare, and leave everything as it was."""
    with engine.connect() as connection:
        fold_counts(connection)
        for kept, counted in KEPT_AND_COUNTED:
            expected = [tuple(row) for row in connection.execute(text(counted))]
            found = [tuple(row) for row in connection.execute(text(kept))]
            assert found == expected, f"{kept}: {found} were kept, {expected} are there"
        connection.rollback()


def guessed_doodle(number: int) -> Doodle:
    """Make a doodle whose guess, confidence and all follow its number: a second one of that number is the same."""
    chance = Random(number)
    plain = doodle(UUID(int=number), LABELS[number % 3], contributor=None if chance.random() < 0.1 else SOMEBODY)
    if chance.random() < 0.2:
        return plain
    return replace(
        plain,
        guess=chance.choice(LABELS),
        confidence=chance.choice([None, 0.0, 0.1, 0.1234567, 0.5, 0.95, 1.0]),
        model_version=chance.choice([None, KNOWN, STRANGE]),
        known=chance.choice([None, True, False]),
    )


def store(engine: Engine, *sent: Doodle) -> None:
    """Store doodles in one transaction."""
    with engine.begin() as connection:
        store_doodles(connection, sent)


def today(step: Any = "day") -> Span:
    """Give a stretch of time that holds all that is stored now, also if midnight passes."""
    now = datetime.now(UTC)
    return Span(step, now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1), now + timedelta(1))


def read(engine: Engine, span: Span | None = None, version: str | None = None) -> Production:
    """Read what is told of a stretch of time, or of today."""
    with engine.connect() as connection:
        return read_production(connection, span or today(), version)
