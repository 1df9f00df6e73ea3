"""Erasing a contributor: nothing of theirs is left anywhere, whatever stops it; and nobody else loses anything."""

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, text, update

from doodle_db.contributors import fully_name, name_contributor
from doodle_db.doodles import store_doodles
from doodle_db.drift import SIDES
from doodle_db.erasure_work import work_off_erasures
from doodle_db.erasures import begin_erasure, find_contributors, list_erasures, list_holding_runs
from doodle_db.errors import AmbiguousContributorError, ErasureChangedError, UnknownContributorError
from doodle_db.model_registry import register_version
from doodle_db.run_reports import get_report, save_report
from doodle_db.runs import claim_run, queue_delta_run
from doodle_db.tables import doodle_ids, doodles, drift_checks, erasures, models, reviews, runs, screenings
from doodle_testing.builders import SOMEBODY, SOMEBODY_ELSE, doodle, ids_of_split, manifest
from doodle_testing.killed_eraser import be_killed
from doodle_testing.reported import begin_run, cancel_run, ink_of_number, picture_of, show_in_check
from doodle_testing.screened import decide, out, screen

NUM_THEIRS = 12
NAME = name_contributor(SOMEBODY)


@pytest.fixture
def run(engine: Engine) -> UUID:
    """A run that has begun, and is still going on."""
    return begin_run(engine)


@pytest.fixture
def drawn(engine: Engine, run: UUID) -> list[UUID]:
    """Drawings of two people, reviewed and screened, in a report and in a check for drift; the first are theirs."""
    ids = ids_of_split("train", NUM_THEIRS + 3)
    with engine.begin() as connection:
        for index, each in enumerate(ids):
            contributor = SOMEBODY if index < NUM_THEIRS else SOMEBODY_ELSE
            store_doodles(connection, [doodle(each, ink=ink_of_number(index), contributor=contributor)])
    screen(engine, out(ids[0]), out(ids[-1]))
    decide(engine, "reject", ids[0], ids[1], ids[-1])
    pictures = [{"label": "cat", "bitmap": picture_of(index)} for index in (0, 1, NUM_THEIRS)]
    with engine.begin() as connection:
        report = {"samples": pictures, "holdouts": [{"mistakes": [{**pictures[0], "guess": "dog"}]}]}
        assert save_report(connection, run, "first", 1, report)
        show_in_check(connection, ids[0], ids[-1])
    return ids


def order(engine: Engine, num_doodles: int = NUM_THEIRS, name: str = NAME) -> int:
    with engine.begin() as connection:
        ordered = begin_erasure(connection, name, num_doodles=num_doodles, operator="ada", reason="by letter")
        return int(ordered.erasure)


def everything(engine: Engine) -> str:
    """Read every row of every table there is, as PostgreSQL writes it."""
    with engine.connect() as connection:
        listed = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        tables = connection.execute(text(listed)).scalars().all()
        rows = (connection.execute(text(f'SELECT "{each}"::text FROM "{each}"')).scalars() for each in tables)
        return "\n".join(row for some in rows for row in some)


def assert_erased(engine: Engine, theirs: list[UUID], others: list[UUID]) -> None:
    """Neither ids nor drawings nor who it was stand anywhere; all of the others' does."""
    left = everything(engine)
    assert SOMEBODY.hex() not in left
    assert fully_name(SOMEBODY) not in left
    for index, each in enumerate(theirs):
        assert str(each) not in left
        assert picture_of(index) not in left
        assert base64.b64decode(picture_of(index)).hex() not in left
    with engine.connect() as connection:
        assert set(connection.execute(select(doodles.c.id)).scalars()) == set(others)
        assert set(connection.execute(select(doodle_ids.c.id)).scalars()) == set(others)
        assert set(connection.execute(select(screenings.c.doodle)).scalars()) <= set(others)
        assert set(connection.execute(select(reviews.c.doodle)).scalars()) <= set(others)


def test_nothing_is_left_and_what_stays_is_named(engine: Engine, run: UUID, drawn: list[UUID]) -> None:
    """Rows, ids, decisions, pictures in reports, ids in checks for drift; a version that may have learnt is named."""
    with engine.begin() as connection:
        register_version(connection, manifest("0123456789ab"))
        connection.execute(update(models).values(run=run))
    erasure = order(engine)
    cancel_run(engine, run)

    assert work_off_erasures(engine) == 0

    assert_erased(engine, drawn[:NUM_THEIRS], drawn[NUM_THEIRS:])
    with engine.connect() as connection:
        (done,) = list_erasures(connection)
        assert (done.erasure, done.num_doodles, done.num_pictures) == (erasure, NUM_THEIRS, 3)
        assert (done.contributor, done.versions, done.operator, done.reason) == (
            None,
            ["0123456789ab"],
            "ada",
            "by letter",
        )
        assert done.finished_at is not None
        report = get_report(connection, run)
        assert [each["bitmap"] for each in report["samples"]] == [picture_of(NUM_THEIRS)]
        assert report["holdouts"] == [{"mistakes": []}]
        kept = connection.execute(select(drift_checks.c.pictures)).scalar_one()["samples"]
        assert [kept[side] for side in SIDES] == [[str(drawn[-1])]] * 2


def test_a_run_that_may_hold_drawings_is_waited_for(engine: Engine, run: UUID, drawn: list[UUID]) -> None:
    """What it writes into its report after the erasure is found, too, when it has ended."""
    order(engine)
    assert work_off_erasures(engine) == 1
    with engine.begin() as connection:
        (waiting,) = list_erasures(connection)
        assert (waiting.num_doodles, list_holding_runs(connection, waiting)) == (NUM_THEIRS, [run])
        late = {"samples": [{"label": "cat", "bitmap": picture_of(3)}]}
        assert save_report(connection, run, "first", 1, late)

    cancel_run(engine, run)

    assert work_off_erasures(engine) == 0
    assert_erased(engine, drawn[:NUM_THEIRS], drawn[NUM_THEIRS:])


@pytest.mark.parametrize(
    ("words", "survive"),
    [
        ("DELETE FROM doodles", 0),
        ("DELETE FROM doodles", 1),
        ("UPDATE erasures", 1),
        ("UPDATE run_reports", 0),
        ("DELETE FROM erased_pictures", 0),
    ],
)
def test_killed_in_the_middle_it_goes_on(
    database_url: str, engine: Engine, run: UUID, drawn: list[UUID], words: str, survive: int
) -> None:
    """The order stands until all is done; every drawing is counted once, whoever goes on."""
    order(engine)
    cancel_run(engine, run)
    be_killed(engine, database_url, words, survive)
    with engine.connect() as connection:
        (standing,) = list_erasures(connection)
        assert standing.contributor == SOMEBODY

    assert work_off_erasures(engine) == 0

    assert_erased(engine, drawn[:NUM_THEIRS], drawn[NUM_THEIRS:])
    with engine.connect() as connection:
        (done,) = list_erasures(connection)
        assert (done.num_doodles, done.num_pictures) == (NUM_THEIRS, 3)


def test_only_what_was_confirmed_is_erased(engine: Engine, run: UUID, drawn: list[UUID]) -> None:
    """Who is named is there, and has as many drawings as somebody has read."""
    with engine.connect() as connection:
        assert [each.name for each in find_contributors(connection, NAME)] == [fully_name(SOMEBODY)]
        with pytest.raises(UnknownContributorError):
            begin_erasure(connection, "0" * 8, num_doodles=1, operator="ada", reason="x")
        with pytest.raises(ErasureChangedError) as changed:
            begin_erasure(connection, NAME, num_doodles=NUM_THEIRS + 1, operator="ada", reason="x")
    assert f"there are {NUM_THEIRS}" in str(changed.value)


def test_who_shares_a_name_is_not_erased_by_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight digits may be two people's; the refusal gives the digits that tell them apart."""
    monkeypatch.setattr("doodle_db.erasures.fully_name", lambda who: NAME + who.hex() * 2)
    monkeypatch.setattr("doodle_db.erasures.is_named", lambda _: doodles.c.source == "user")
    first, second = ids_of_split("train", 2)
    with engine.begin() as connection:
        store_doodles(connection, [doodle(first), replace(doodle(second), contributor=SOMEBODY_ELSE)])
        with pytest.raises(AmbiguousContributorError) as ambiguous:
            begin_erasure(connection, NAME, num_doodles=1, operator="ada", reason="x")

        assert (NAME + SOMEBODY.hex())[:16] in str(ambiguous.value)
        ordered = begin_erasure(connection, NAME + SOMEBODY.hex(), num_doodles=1, operator="ada", reason="x")
    assert ordered.contributor == SOMEBODY


def test_asked_again_it_is_the_same_order(engine: Engine, run: UUID, drawn: list[UUID]) -> None:
    """Until it is done; afterwards there is nobody of that name."""
    first = order(engine)
    assert order(engine) == first
    assert work_off_erasures(engine) == 1
    assert order(engine) == first
    cancel_run(engine, run)
    work_off_erasures(engine)

    with pytest.raises(UnknownContributorError):
        order(engine)

    with engine.connect() as connection:
        assert len(connection.execute(select(erasures)).all()) == 1


def test_asked_at_the_same_time_it_is_the_same_order(engine: Engine, run: UUID, drawn: list[UUID]) -> None:
    """Whoever comes second waits for the first one's transaction, and gets what it ordered."""
    locked = "datname = current_database() AND wait_event_type = 'Lock'"
    waiting = text(f"SELECT count(*) FROM pg_stat_activity WHERE {locked}")
    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as first, engine.connect() as watching:
            ordered = begin_erasure(first, NAME, num_doodles=NUM_THEIRS, operator="ada", reason="by letter")
            second = pool.submit(order, engine)
            while not (second.done() or watching.execute(waiting).scalar_one()):
                watching.rollback()

        assert second.result(20) == ordered.erasure


def test_runs_that_begin_later_are_not_waited_for(engine: Engine, run: UUID, drawn: list[UUID]) -> None:
    """They cannot have read what was gone before."""
    order(engine)
    cancel_run(engine, run)
    with engine.begin() as connection:
        later = queue_delta_run(connection, uuid4(), trigger="operator", requested_by="ada").key
        claim_run(connection, later, worker="first", now=datetime.now(UTC))
        connection.execute(update(runs).where(runs.c.key == later).values(started_at=text("now() + interval '1 hour'")))

    assert work_off_erasures(engine) == 0
