"""What was screened out, and what operators decide about it: nothing is lost, and a person has the last word."""

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, select, text

from doodle_db.doodle_counts import count_by_label
from doodle_db.doodles import correct_label, store_doodles
from doodle_db.engine import connect_to
from doodle_db.errors import DoodleReviewedError, NothingToUndoError, NotScreenedError
from doodle_db.gallery import list_doodles
from doodle_db.migrate import migrate
from doodle_db.partitions import clear_dropped, drop_month
from doodle_db.reviews import Action, Decree, count_reviews, list_reviews, review
from doodle_db.screening_sets import ScreenedDoodles, select_trusted, select_unscreened
from doodle_db.screenings import Outcome, Reason, ScreenedOut, Screener, apply_screening
from doodle_db.tables import doodles, reviews, runs, screenings
from doodle_db.training_sets import select_holdout, select_new, select_replay
from doodle_db.watermark import BEFORE_EVERYTHING, read_horizon
from doodle_testing.builders import LABEL_SET, SOME_TIME, SOMEBODY, doodle, ids_of_split
from doodle_testing.killed_screener import accept_all, screen_every_second

RUN = UUID(int=77)
UNUSED = {"duplicate", "share"}


@pytest.fixture(autouse=True)
def run(engine: Engine) -> None:
    """A run whose screenings these are."""
    row = {"key": RUN, "kind": "delta", "trigger": "operator", "requested_by": "ada", "arguments": {}}
    with engine.begin() as connection:
        connection.execute(runs.insert().values(row))


def store(engine: Engine, ids: Iterable[UUID], label: str = "cat") -> None:
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each, label) for each in ids])


def read(engine: Engine, since: int = BEFORE_EVERYTHING) -> ScreenedDoodles:
    with engine.begin() as connection:
        return select_unscreened(connection, LABEL_SET, since, read_horizon(connection), 100)


def out(doodle_id: UUID, reason: Reason = "label") -> ScreenedOut:
    outcome: Outcome = "unused" if reason in UNUSED else "quarantined"
    return ScreenedOut(doodle_id, outcome, reason, "Looks like a dog.", {"label_share": 0.1}, "dog")


def screen(engine: Engine, *screened_out: ScreenedOut, seen: ScreenedDoodles | None = None, minutes: int = 0) -> int:
    """Decide about everything there is: these are not used."""
    seen = seen or read(engine)
    with engine.begin() as connection:
        screener = Screener(RUN, 1, SOME_TIME + timedelta(minutes=minutes))
        return apply_screening(connection, screener, seen.seen, screened_out)


def decide(engine: Engine, action: Action, *ids: UUID, label: str | None = None) -> None:
    with engine.begin() as connection:
        review(connection, ids, Decree(action, label, "looked at it", "ada", SOME_TIME))


def status_of(engine: Engine, doodle_id: UUID) -> tuple[str, str]:
    with engine.connect() as connection:
        row = connection.execute(select(doodles.c.label, doodles.c.status).where(doodles.c.id == doodle_id)).one()
        return row.label, row.status


def num_new(engine: Engine, since: int = BEFORE_EVERYTHING) -> int:
    with engine.connect() as connection:
        return len(select_new(connection, LABEL_SET, since, read_horizon(connection)))


def horizon(engine: Engine) -> int:
    with engine.connect() as connection:
        return read_horizon(connection)


def num_open(engine: Engine) -> int:
    with engine.connect() as connection:
        return sum(count_reviews(connection, "open").values())


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
        assert {row.id for row in list_doodles(connection, ["cat"], 10)[0]} == {train[1], test[1]}


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


def test_what_an_operator_decided_no_screening_changes(engine: Engine) -> None:
    """Accepted, rejected and relabelled doodles stay so, whatever is found about them later."""
    accepted, rejected, relabelled = ids_of_split("train", 3)
    store(engine, [accepted, rejected, relabelled])
    everything = [out(each) for each in (accepted, rejected, relabelled)]
    screen(engine, *everything)
    decide(engine, "accept", accepted)
    decide(engine, "reject", rejected)
    decide(engine, "relabel", relabelled, label="dog")

    screen(engine, *everything, minutes=1)

    assert status_of(engine, accepted) == ("cat", "accepted")
    assert status_of(engine, rejected) == ("cat", "rejected")
    assert status_of(engine, relabelled) == ("dog", "accepted")
    assert read(engine).is_reviewed.tolist() == [True, True]
    assert num_open(engine) == 0


def test_a_decision_made_while_a_run_screens_stands(engine: Engine) -> None:
    """The screening read the doodle before the operator decided, and writes after it."""
    (only,) = ids_of_split("train", 1)
    store(engine, [only])
    screen(engine, out(only))
    seen = read(engine)
    decide(engine, "accept", only)

    screen(engine, out(only), seen=seen, minutes=1)

    assert status_of(engine, only) == ("cat", "accepted")


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


def test_what_is_released_after_the_watermark_has_passed_is_learnt(engine: Engine) -> None:
    """A published run has moved the watermark past the doodle; the release makes it new again."""
    accepted, other = ids_of_split("train", 2)
    store(engine, [accepted, other])
    screen(engine, out(accepted), out(other))
    watermark = horizon(engine)

    decide(engine, "accept", accepted)

    assert num_new(engine, since=watermark) == 1


def test_an_undo_goes_back_to_before_anybody_had_decided(engine: Engine) -> None:
    """Whatever was decided on the way; and every step stays in the history."""
    first, second = ids_of_split("train", 2)
    store(engine, [first, second])
    screen(engine, out(first), out(second, "duplicate"))
    decide(engine, "reject", first, second)
    decide(engine, "relabel", first, second, label="dog")

    decide(engine, "undo", first, second)

    assert status_of(engine, first) == ("cat", "quarantined")
    assert status_of(engine, second) == ("cat", "accepted")
    assert num_new(engine) == 0
    with engine.connect() as connection:
        history = connection.execute(select(reviews.c.action).where(reviews.c.doodle == first)).scalars().all()
        assert history == ["reject", "relabel", "undo"]


def test_deciding_the_same_again_changes_nothing(engine: Engine) -> None:
    """A client whose answer was lost may ask again: the history has one line, and training sees it once."""
    (only,) = ids_of_split("train", 1)
    store(engine, [only])
    screen(engine, out(only))
    decide(engine, "accept", only)
    watermark = horizon(engine)

    decide(engine, "accept", only)

    assert num_new(engine, since=watermark) == 0


def test_all_or_nothing(engine: Engine) -> None:
    """One id that was not screened out, or has nothing to undo, and none is decided about; the field is named."""
    first, second, unscreened = ids_of_split("train", 3)
    store(engine, [first, second, unscreened])
    screen(engine, out(first), out(second))
    decide(engine, "accept", second)

    with pytest.raises(NotScreenedError) as unknown:
        decide(engine, "reject", first, unscreened)
    with pytest.raises(NothingToUndoError) as undone:
        decide(engine, "undo", second, first)

    assert (unknown.value.field, undone.value.field) == ("ids[1]", "ids[1]")
    assert status_of(engine, first) == ("cat", "quarantined")
    assert status_of(engine, second) == ("cat", "accepted")


def test_a_contributor_cannot_change_what_an_operator_decided(engine: Engine) -> None:
    """Accepted as a dog and then called a cat: that would be the way around every screening."""
    (only,) = ids_of_split("train", 1)
    store(engine, [only])
    screen(engine, out(only))
    decide(engine, "relabel", only, label="dog")

    with engine.begin() as connection:
        with pytest.raises(DoodleReviewedError):
            correct_label(connection, only, "cat", SOMEBODY)
        correct_label(connection, only, "dog", SOMEBODY)

    assert status_of(engine, only) == ("dog", "accepted")


def test_pages_by_state_reason_and_label(engine: Engine) -> None:
    """Newest first, each doodle on one page, and only what was asked for."""
    cats, dogs = ids_of_split("train", 5), ids_of_split("train", 2, start=1_000)
    store(engine, cats)
    store(engine, dogs, "dog")
    screen(engine, *map(out, cats[:4]), out(cats[4], "share"), out(dogs[0], "unknown"), out(dogs[1]))
    decide(engine, "reject", cats[0])

    with engine.connect() as connection:
        first, following = list_reviews(connection, "open", num=3)
        second, end = list_reviews(connection, "open", num=3, after=following)
        labels = list_reviews(connection, "open", num=9, reason="label", label="dog")[0]
        unused = list_reviews(connection, "unused", num=9)[0]
        reviewed = list_reviews(connection, "reviewed", num=9)[0]
        counts = count_reviews(connection, "open")

    assert {row.id for row in first} | {row.id for row in second} == {*cats[1:4], *dogs}
    times = [row.created_at for row in [*first, *second]]
    assert times == sorted(times, reverse=True)
    assert end is None
    assert [row.id for row in labels] == [dogs[1]]
    assert [row.id for row in unused] == [cats[4]]
    assert [(row.id, row.action, row.operator) for row in reviewed] == [(cats[0], "reject", "ada")]
    assert counts == {"label": 4, "unknown": 1}


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
    store(engine, ids_of_split("train", 4))

    migrate(engine)

    assert num_new(engine) == 4
    assert screen(engine, out(ids_of_split("train", 1)[0])) == 1
    engine.dispose()
