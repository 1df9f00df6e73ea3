"""What was screened out: it trains nothing, and nothing is lost."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, select, text

from doodle_db.doodle_counts import count_by_label
from doodle_db.doodles import correct_label, store_doodles
from doodle_db.engine import connect_to
from doodle_db.gallery import GalleryFilter, list_doodles
from doodle_db.migrate import migrate
from doodle_db.partitions import clear_dropped, drop_month
from doodle_db.screening_sets import select_trusted
from doodle_db.tables import doodles, reviews, screenings
from doodle_db.training_sets import select_holdout, select_replay
from doodle_db.watermark import BEFORE_EVERYTHING
from doodle_testing.builders import LABEL_SET, SOMEBODY, doodle, ids_of_split
from doodle_testing.first_release import store_then
from doodle_testing.killed_screener import accept_all, screen_every_second
from doodle_testing.screened import (
    RUN,
    add_run,
    decide,
    horizon,
    num_new,
    num_open,
    out,
    read,
    screen,
    status_of,
    store,
)


@pytest.fixture(autouse=True)
def run(engine: Engine) -> None:
    """A run whose screenings these are."""
    add_run(engine)


def test_what_is_in_quarantine_is_seen_by_nobody(engine: Engine) -> None:
    """Neither trained on nor replayed nor judged on nor counted nor shown."""
    train, test = ids_of_split("train", 2), ids_of_split("test", 2)
    store(engine, [*train, *test])

    changed = screen(engine, out(train[0]), out(test[0], "unknown"))

    with engine.connect() as connection:
        later = horizon(engine) + 1
        assert changed == 2
        assert num_new(engine) == 1
        assert len(select_replay(connection, LABEL_SET, later, 10, UUID(int=0))) == 1
        assert len(select_holdout(connection, LABEL_SET, "user", 10)) == 1
        assert count_by_label(connection) == {"cat": 2}
        assert {row.id for row in list_doodles(connection, GalleryFilter(label="cat"), 10)[0]} == {train[1], test[1]}


def test_what_is_unused_is_shown_and_neither_trained_nor_judged_on(engine: Engine) -> None:
    """A repeat is a doodle like any other, but not for learning: not now, and not as replay either."""
    train, test = ids_of_split("train", 2), ids_of_split("test", 2)
    store(engine, [*train, *test])

    screen(engine, out(train[0], "duplicate"), out(test[0], "share"))

    with engine.connect() as connection:
        assert num_new(engine) == 1
        assert len(select_replay(connection, LABEL_SET, horizon(engine) + 1, 10, UUID(int=0))) == 1
        assert len(select_holdout(connection, LABEL_SET, "user", 10)) == 1
        assert count_by_label(connection) == {"cat": 4}


def test_the_latest_screening_decides(engine: Engine) -> None:
    """With more to compare with, a doodle may come out of quarantine; screening again changes nothing."""
    first, second = ids_of_split("train", 2)
    store(engine, [first, second])
    screen(engine, out(first))

    changes = [screen(engine, out(second), minutes=1), screen(engine, out(second), minutes=1)]

    assert changes == [2, 0]
    assert [status_of(engine, each)[1] for each in (first, second)] == ["accepted", "quarantined"]
    assert num_open(engine) == 1


def test_a_correction_made_while_a_run_screens_is_for_the_next(engine: Engine) -> None:
    """What was found out about the label before says nothing about the one it has now."""
    (only,) = ids_of_split("train", 1)
    store(engine, [only])
    seen = read(engine)
    with engine.begin() as connection:
        correct_label(connection, only, "dog", SOMEBODY)

    screen(engine, out(only), seen=seen)

    assert status_of(engine, only) == ("dog", "accepted")
    assert num_open(engine) == 0


def test_what_is_deleted_leaves_no_decision(engine: Engine) -> None:
    """Erasing a contributor, or a month that is dropped, takes decisions and reviews along."""
    first, second = ids_of_split("train", 2)
    store(engine, [first, second])
    screen(engine, out(first), out(second))
    decide(engine, "accept", first)
    with engine.begin() as connection:
        connection.execute(doodles.delete().where(doodles.c.id == first))
    with engine.begin() as connection:
        drop_month(connection, month_of(connection, second))
    clear_dropped(engine)

    with engine.connect() as connection:
        assert connection.execute(select(screenings.c.doodle)).all() == []
        assert connection.execute(select(reviews.c.doodle)).all() == []


def month_of(connection: Connection, doodle_id: UUID) -> date:
    stored = select(doodles.c.created_at).where(doodles.c.id == doodle_id)
    created_at: datetime = connection.execute(stored).scalar_one()
    return created_at.astimezone(UTC).date().replace(day=1)


def test_base_data_is_trusted_first(engine: Engine) -> None:
    """What users drew fills up only where a label has too little of it."""
    base = [replace(doodle(each, contributor=None), source="base") for each in ids_of_split("train", 2)]
    with engine.begin() as connection:
        store_doodles(connection, base)
    store(engine, ids_of_split("train", 3, start=1_000))

    with engine.connect() as connection:
        learnt = select_trusted(connection, LABEL_SET, horizon(engine), 4)
        new = select_trusted(connection, LABEL_SET, BEFORE_EVERYTHING, 4)

    assert (len(learnt), len(new)) == (4, 2)


@pytest.mark.parametrize(("moment", "is_done"), [("middle", False), ("before", False), ("after", True)])
def test_whoever_is_killed_while_deciding_leaves_all_or_nothing(
    engine: Engine, database_url: str, moment: str, is_done: bool
) -> None:
    """Decisions and the doodles' status are of one transaction; done again, everything is there once."""
    store(engine, ids_of_split("train", 4))

    kill(database_url, "screen", moment)
    assert num_open(engine) == num_quarantined(engine) == (2 if is_done else 0)
    with engine.begin() as connection:
        screen_every_second(connection, RUN)
    assert num_open(engine) == num_quarantined(engine) == 2

    kill(database_url, "accept", moment)
    assert num_open(engine) == num_quarantined(engine) == (0 if is_done else 2)
    with engine.begin() as connection:
        accept_all(connection)
    with engine.connect() as connection:
        assert num_quarantined(engine) == 0
        assert len(connection.execute(select(reviews.c.review)).all()) == 2


def kill(database_url: str, action: str, moment: str) -> None:
    command = [sys.executable, "-m", "doodle_testing.killed_screener", database_url, action, str(RUN), moment]
    assert subprocess.run(command, cwd="tests", check=False).returncode == -9


def num_quarantined(engine: Engine) -> int:
    with engine.connect() as connection:
        return len(connection.execute(select(doodles.c.id).where(doodles.c.status == "quarantined")).all())


def test_a_database_in_use_gets_the_tables(empty_database_url: str) -> None:
    """Migrating from the release before, with doodles and runs in it, adds tables and a column and changes nothing."""
    engine = connect_to(empty_database_url)
    migrate(engine, "0005")
    row = {"key": RUN, "kind": "delta", "trigger": "operator", "requested_by": "ada", "arguments": {}}
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO runs (key, kind, trigger, requested_by, arguments) "
                "VALUES (:key, :kind, :trigger, :requested_by, '{}')"
            ),
            row,
        )
        store_then(connection, map(doodle, ids_of_split("train", 4)))

    migrate(engine)

    assert num_new(engine) == 4
    assert screen(engine, out(ids_of_split("train", 1)[0])) == 1
    engine.dispose()
