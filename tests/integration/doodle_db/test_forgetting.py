"""Forgetting single drawings: nothing but their bare ids is left, whatever stops it; nobody else loses anything."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, select

from doodle_db import erasure_work
from doodle_db.doodles import store_doodles
from doodle_db.drift import SIDES
from doodle_db.erasure_work import work_off_erasures
from doodle_db.erasures import list_erasures
from doodle_db.forgetting import forget_doodles
from doodle_db.run_reports import get_report, save_report
from doodle_db.tables import doodle_counts, doodle_ids, doodles, drift_checks, erased_pictures, erasures, screenings
from doodle_testing.builders import doodle, ids_of_split
from doodle_testing.killed_eraser import be_killed
from doodle_testing.reported import begin_run, cancel_run, ink_of_number, picture_of, show_in_check
from doodle_testing.screened import decide, out, screen

NUM_MINE = 3


@pytest.fixture
def run(engine: Engine) -> UUID:
    """A run that has begun, and is still going on."""
    return begin_run(engine)


@pytest.fixture
def drawn(engine: Engine, run: UUID) -> list[UUID]:
    """Five drawings, the first of them mine: screened, decided about, in a report and in a check for drift."""
    ids = ids_of_split("train", NUM_MINE + 2)
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each, ink=ink_of_number(index)) for index, each in enumerate(ids)])
    screen(engine, out(ids[0]), out(ids[-1]))
    decide(engine, "reject", ids[0], ids[-1])
    with engine.begin() as connection:
        assert save_report(connection, run, "first", 1, {"samples": [shown(0), shown(NUM_MINE)]})
        show_in_check(connection, ids[0], ids[-1])
    return ids


def shown(number: int) -> dict[str, str]:
    return {"label": "cat", "bitmap": picture_of(number)}


def forget(engine: Engine, *ids: UUID) -> set[UUID]:
    with engine.begin() as connection:
        return set(forget_doodles(connection, ids))


def count(engine: Engine, table: object) -> int:
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def test_only_the_bare_ids_are_left(engine: Engine, run: UUID, drawn: list[UUID]) -> None:
    """Rows and decisions at once; pictures in reports and ids in checks for drift when nobody holds any more."""
    mine, others = drawn[:NUM_MINE], drawn[NUM_MINE:]

    assert forget(engine, *mine, uuid4()) == set(mine)

    with engine.connect() as connection:
        assert set(connection.execute(select(doodles.c.id)).scalars()) == set(others)
        assert set(connection.execute(select(screenings.c.doodle)).scalars()) == {others[-1]}
        assert set(connection.execute(select(doodle_ids.c.id)).scalars()) == set(drawn)
    assert work_off_erasures(engine) == 1, "a run may still write a report"
    cancel_run(engine, run)
    assert work_off_erasures(engine) == 0
    with engine.connect() as connection:
        assert get_report(connection, run) == {"samples": [shown(NUM_MINE)]}
        samples = connection.execute(select(drift_checks.c.pictures)).scalar_one()["samples"]
        assert [samples[side] for side in SIDES] == [[str(others[-1])]] * 2
        assert list_erasures(connection) == []
    assert (count(engine, erasures), count(engine, erased_pictures)) == (0, 0)


def test_asked_again_it_changes_nothing(engine: Engine, drawn: list[UUID]) -> None:
    """They are unknown by then; base data and what never was are, too."""
    forget(engine, drawn[0])
    base = ids_of_split("train", NUM_MINE + 3)[-1]
    with engine.begin() as connection:
        store_doodles(connection, [doodle(base, contributor=None)])

    assert forget(engine, drawn[0], base, uuid4()) == set()
    assert count(engine, doodles) == len(drawn), "one is forgotten, one of the base data is there"


def test_a_copy_that_was_on_its_way_is_not_stored(engine: Engine, drawn: list[UUID]) -> None:
    """It is answered as one that is stored, so that the page that sent it lets go of it."""
    forget(engine, drawn[0])

    with engine.begin() as connection:
        assert store_doodles(connection, [doodle(drawn[0], ink=ink_of_number(0))]) == ["already_stored"]

    assert count(engine, doodles) == len(drawn) - 1


def test_what_is_forgotten_meanwhile_is_worked_off_too(
    engine: Engine, run: UUID, drawn: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Added to the order when its reports were clean already, it has them looked at again."""
    cancel_run(engine, run)
    forget(engine, drawn[1])
    clean = erasure_work._clean_drift_checks

    def forget_another(*arguments: object) -> None:
        monkeypatch.setattr(erasure_work, "_clean_drift_checks", clean)
        forget(engine, drawn[0])
        clean(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(erasure_work, "_clean_drift_checks", forget_another)

    assert work_off_erasures(engine) == 1
    assert work_off_erasures(engine) == 0
    with engine.connect() as connection:
        assert get_report(connection, run) == {"samples": [shown(NUM_MINE)]}


@pytest.mark.parametrize(
    ("words", "survive"), [("UPDATE run_reports", 0), ("UPDATE drift_checks", 0), ("DELETE FROM erasures", 0)]
)
def test_killed_in_the_middle_another_goes_on(
    engine: Engine, database_url: str, run: UUID, drawn: list[UUID], words: str, survive: int
) -> None:
    """Whatever was done is done, and the rest is done by whoever comes next."""
    cancel_run(engine, run)
    forget(engine, *drawn[:NUM_MINE])
    be_killed(engine, database_url, words, survive)

    assert work_off_erasures(engine) == 0

    with engine.connect() as connection:
        assert get_report(connection, run) == {"samples": [shown(NUM_MINE)]}
    assert (count(engine, erasures), count(engine, erased_pictures)) == (0, 0)


def test_a_request_that_is_cut_off_forgets_nothing(engine: Engine, drawn: list[UUID]) -> None:
    """All of it is one transaction: rows, ids, order, digests."""
    connection = engine.connect()
    assert forget_doodles(connection, drawn) == set(drawn)
    connection.invalidate()
    connection.close()

    assert (count(engine, doodles), count(engine, erasures)) == (len(drawn), 0)


def test_counts_follow(engine: Engine, drawn: list[UUID]) -> None:
    """Statistics never speak of what is gone."""
    forget(engine, *drawn)

    with engine.begin() as connection:
        connection.execute(select(func.fold_doodle_counts()))
    assert count(engine, doodle_counts) == 0
