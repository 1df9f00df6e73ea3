"""A worker looks whether drawings are still what they were: one of them, now and then, and all of it or nothing."""

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, insert, select, text

from doodle_db.artifacts import ArtifactStore
from doodle_db.doodles import Doodle
from doodle_db.drift import (
    MAX_CHECKS,
    DriftCheck,
    find_state_since,
    list_checks,
    release_drift_lock,
    try_drift_lock,
    write_check,
)
from doodle_db.drift_samples import NUM_WANTED, count_drawings, read_drawings, read_samples
from doodle_db.label_sets import Label
from doodle_db.labels import add_label
from doodle_db.screenings import ScreenedOut
from doodle_db.tables import doodles, drift_checks
from doodle_testing.builders import LABEL_SET
from doodle_testing.drifting import draw, keep, make_shipped_live, watch_of
from doodle_testing.locks import wait_until_unlocked
from doodle_testing.screened import add_run, read, screen
from doodle_testing.training_server import make_live
from training_server.drift_watch import NUM_NEW

TESTS = Path(__file__).parents[2]

UPSIDE_DOWN = 0.5


@pytest.fixture(scope="module")
def before() -> list[Doodle]:
    """As many drawings as are wanted."""
    return draw(NUM_WANTED, seed=1)


def checks(engine: Engine) -> list[DriftCheck]:
    """List what was found, newest first."""
    with engine.connect() as connection:
        return list_checks(connection, at_most=10)


def test_nothing_is_told_of_too_few(engine: Engine, tmp_path: Path, before: list[Doodle]) -> None:
    """With one drawing less than wanted there is no check; with it there is."""
    keep(engine, before[1:])
    watch = watch_of(engine, tmp_path)

    assert not watch.turn()
    with engine.connect() as connection:
        assert count_drawings(connection, LABEL_SET) == NUM_WANTED - 1
    keep(engine, before[:1])
    assert watch.turn()
    assert len(checks(engine)) == 1


def test_a_change_is_an_alert_when_two_checks_agree(engine: Engine, tmp_path: Path, before: list[Doodle]) -> None:
    """The same goes on: steady. Pads are turned: the first check changes nothing, the second raises the alarm."""
    version = make_shipped_live(engine, ArtifactStore(str(tmp_path)))
    keep(engine, before)
    watch = watch_of(engine, tmp_path)

    assert watch.turn()
    assert not watch.turn(), "nothing new came in"
    for seed in (2, 3, 4):
        keep(engine, draw(NUM_NEW, seed, UPSIDE_DOWN))
        assert watch.turn()

    third, second, first, steady = found = checks(engine)
    assert (steady.state, steady.finding, steady.version) == ("steady", "steady", version)
    assert [each.name for each in steady.measures] == ["labels", "confidence", "ink", "embedding"]
    assert (steady.num_present, steady.num_reference) == (100, 200)
    assert [first.finding, second.finding, third.finding] == ["alert", "alert", "alert"]
    assert [each.state for each in found] == ["alert", "alert", "steady", "steady"]
    assert {each.name: each.finding for each in third.measures}["labels"] == "steady"
    with engine.connect() as connection:
        assert find_state_since(connection) == second.created_at
        shown = third.pictures["samples"]
        assert shown["chosen_by"] == "difference"
        rows = read_samples(connection, [UUID(each) for each in shown["now"]])
        assert [str(row.id) for row in rows] == shown["now"]


def test_without_the_versions_files_what_can_be_measured_is(
    engine: Engine, tmp_path: Path, before: list[Doodle]
) -> None:
    """Labels and ink need no model."""
    make_live(engine)
    keep(engine, before)

    assert watch_of(engine, tmp_path).turn()
    (check,) = checks(engine)
    assert check.version is None
    assert [each.name for each in check.measures] == ["labels", "ink"]
    assert "confidence" not in check.pictures


def test_one_worker_looks_and_others_go_on(engine: Engine, tmp_path: Path, before: list[Doodle]) -> None:
    """Whoever does not get the lock does not wait."""
    keep(engine, before)
    watch = watch_of(engine, tmp_path)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        assert try_drift_lock(other)

        assert not watch.turn()
        release_drift_lock(other)
    assert watch.turn()


@pytest.mark.parametrize("moment", ["looking", "writing"])
def test_a_worker_that_is_killed_leaves_nothing(
    engine: Engine, database_url: str, tmp_path: Path, before: list[Doodle], moment: str
) -> None:
    """Neither half a check nor the lock: the next worker looks as if nothing had been."""
    keep(engine, before)
    command = [sys.executable, "-m", "doodle_testing.killed_watch", database_url, str(tmp_path), moment]

    killed = subprocess.run(command, check=False, timeout=60, cwd=TESTS)

    assert killed.returncode == -signal.SIGKILL
    wait_until_unlocked(engine)
    assert checks(engine) == []
    assert watch_of(engine, tmp_path).turn()
    assert len(checks(engine)) == 1


def test_old_checks_are_forgotten(engine: Engine, tmp_path: Path, before: list[Doodle]) -> None:
    """However long it goes on, the table stays small."""
    keep(engine, before)
    watch_of(engine, tmp_path).turn()
    (check,) = checks(engine)
    with engine.begin() as connection:
        copied = select(*(column for column in drift_checks.c if column.name != "drift_check")).select_from(
            drift_checks.join(select(text("generate_series(2, 2005)")).subquery(), text("true"))
        )
        names = [column.name for column in drift_checks.c if column.name != "drift_check"]
        connection.execute(insert(drift_checks).from_select(names, copied))

    with engine.begin() as connection:
        write_check(connection, check)

    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM drift_checks")).scalar_one() == MAX_CHECKS


def test_what_is_in_quarantine_counts(engine: Engine, before: list[Doodle]) -> None:
    """What looks like nothing we know is put there: left out, that change would never be seen."""
    keep(engine, before)
    add_run(engine)
    held = [each.id for each in before[-50:]]
    seen = read(engine)
    screen(engine, *(ScreenedOut(each, "quarantined", "unknown", "Strange.", {}, None) for each in held), seen=seen)

    with engine.connect() as connection:
        found = read_drawings(connection, LABEL_SET)

    assert found is not None
    assert {each.id for each in before} == set(found.ids)
    assert set(found.ids[: found.num_present]) >= set(held)


def test_rejected_drawings_do_not_count(engine: Engine, before: list[Doodle]) -> None:
    """Somebody has looked at them already."""
    keep(engine, before)
    with engine.begin() as connection:
        gone = doodles.c.id == before[0].id
        connection.execute(doodles.update().where(gone).values(status="rejected"))

    with engine.connect() as connection:
        assert read_drawings(connection, LABEL_SET) is None


def test_drawings_of_a_new_label_are_left_out(engine: Engine, before: list[Doodle]) -> None:
    """That a label was added is known to whoever added it: its share is no drift."""
    keep(engine, before)
    with engine.begin() as connection:
        add_label(connection, LABEL_SET, Label("frog", "a frog", "🐸"), actor="ada")
    keep(engine, [replace(each, label="frog") for each in draw(60, seed=9)])

    with engine.connect() as connection:
        found = read_drawings(connection, LABEL_SET)

    assert found is not None
    assert found.label_names == LABEL_SET.names
    assert len(found.ids) == NUM_WANTED
