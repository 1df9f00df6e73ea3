"""Labels that are added: rows behind the file's, for every process at once, and safe to ask for twice."""

import subprocess
import sys
import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from doodle_db.engine import connect_to
from doodle_db.errors import LabelConflictError, LabelInUseError, LabelNotAddedError
from doodle_db.events import CHANNEL
from doodle_db.label_sets import Label, load_label_set
from doodle_db.labels import add_label, hold_labels, list_added, read_label_set, withdraw_label
from doodle_db.manifest import Manifest, manifest_labels
from doodle_db.migrate import migrate
from doodle_db.model_registry import register_version
from doodle_db.tables import labels
from doodle_testing.builders import LABEL_SET, manifest
from doodle_testing.first_release import register_then
from doodle_testing.training_server import wait_until

MOUSE = Label("mouse", "a mouse", "🐭")
WHALE = Label("whale", "a whale", "🐳")


def add(engine: Engine, *added: Label, actor: str = "ada") -> None:
    for label in added:
        with engine.begin() as connection:
            add_label(connection, LABEL_SET, label, actor=actor)


def names(engine: Engine) -> tuple[str, ...]:
    with engine.connect() as connection:
        return read_label_set(connection, LABEL_SET).names


def manifest_with(*added: Label, version: str = "0123456789ab") -> Manifest:
    """A version that knows the file's labels and some of the added ones."""
    known = manifest_labels((*LABEL_SET.labels, *added))
    return manifest(version).model_copy(update={"labels": known})


def test_added_labels_come_behind_the_files(engine: Engine) -> None:
    """In the order they were added, each set its own; nothing of the file changes."""
    add(engine, WHALE, MOUSE)
    with engine.begin() as connection:
        add_label(connection, load_label_set("digits"), MOUSE, actor="bob")

        (whale, mouse) = list_added(connection, LABEL_SET)

    assert names(engine) == (*LABEL_SET.names, "whale", "mouse")
    assert (whale.label, mouse.label, mouse.actor) == (WHALE, MOUSE, "ada")


def test_the_same_label_may_be_asked_for_twice(engine: Engine) -> None:
    """Who got no answer asks again; other words under the name are a conflict, and change nothing."""
    add(engine, MOUSE)
    with engine.begin() as connection:
        assert add_label(connection, LABEL_SET, MOUSE, actor="bob") == "already_added"
        assert add_label(connection, LABEL_SET, LABEL_SET.labels[0], actor="bob") == "already_added"
        with pytest.raises(LabelConflictError):
            add_label(connection, LABEL_SET, replace(MOUSE, emoji="🐁"), actor="bob")

    assert names(engine) == (*LABEL_SET.names, "mouse")


def test_operators_who_add_at_once_add_one_after_the_other(engine: Engine) -> None:
    """Each label has its place, and none is lost."""
    many = [Label(f"thing {number}", "a thing", "🧩") for number in range(8)]
    threads = [threading.Thread(target=add, args=(engine, label)) for label in many]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(names(engine)) == sorted([*LABEL_SET.names, *(label.name for label in many)])


def test_the_file_wins_over_a_row(engine: Engine) -> None:
    """A later release that ships a label which somebody has added has it once, with its own words."""
    add(engine, MOUSE)
    newer = replace(LABEL_SET, labels=(replace(MOUSE, emoji="🐁"), *LABEL_SET.labels))

    with engine.connect() as connection:
        assert read_label_set(connection, newer) == newer


def test_a_label_no_version_knows_can_be_withdrawn(engine: Engine) -> None:
    """A slip is undone, and the name is free again."""
    add(engine, MOUSE, WHALE)
    with engine.begin() as connection:
        withdraw_label(connection, LABEL_SET, "mouse")
    assert names(engine) == (*LABEL_SET.names, "whale")

    add(engine, MOUSE)

    assert names(engine) == (*LABEL_SET.names, "whale", "mouse")


@pytest.mark.parametrize("name", ["mouse", "cat"])
def test_what_was_not_added_cannot_be_withdrawn(engine: Engine, name: str) -> None:
    """Neither unknown labels nor those of the file."""
    with engine.begin() as connection, pytest.raises(LabelNotAddedError):
        withdraw_label(connection, LABEL_SET, name)


def test_a_label_a_version_knows_stays(engine: Engine) -> None:
    """Its version may be deployed at any time, and its labels must be offered then."""
    add(engine, MOUSE, WHALE)
    with engine.begin() as connection:
        register_version(connection, manifest_with(MOUSE))

        with pytest.raises(LabelInUseError):
            withdraw_label(connection, LABEL_SET, "mouse")
        withdraw_label(connection, LABEL_SET, "whale")


def test_a_version_that_is_just_written_holds_its_labels(engine: Engine) -> None:
    """Withdrawing waits for it, and is then refused; no version ever knows a label that is not there."""
    add(engine, MOUSE)
    outcome: list[Exception] = []

    def withdraw() -> None:
        try:
            with engine.begin() as connection:
                withdraw_label(connection, LABEL_SET, "mouse")
        except LabelInUseError as refused:
            outcome.append(refused)

    with engine.begin() as connection:
        known = manifest_with(MOUSE)
        hold_labels(connection, LABEL_SET, known.label_names)
        withdrawing = threading.Thread(target=withdraw)
        withdrawing.start()
        with engine.connect() as other:
            query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            wait_until(lambda: other.exec_driver_sql(query).scalar_one() > 0, "waiting for the row")
        register_version(connection, known)
    withdrawing.join()

    assert [type(each) for each in outcome] == [LabelInUseError]
    assert "mouse" in names(engine)


def test_a_version_of_a_withdrawn_label_is_not_written(engine: Engine) -> None:
    """The run that trained on it ends, and says why."""
    with engine.begin() as connection, pytest.raises(LabelNotAddedError, match="withdrawn"):
        hold_labels(connection, LABEL_SET, manifest_with(MOUSE).label_names)


def test_everybody_hears_of_it_when_it_is_committed(engine: Engine) -> None:
    """An addition that is rolled back is announced to nobody."""
    listening = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    listening.exec_driver_sql(f"LISTEN {CHANNEL}")
    driver: Any = listening.connection.dbapi_connection
    with engine.connect() as connection:
        add_label(connection, LABEL_SET, WHALE, actor="ada")
        connection.rollback()
    add(engine, MOUSE)

    wait_until(lambda: driver.poll() or driver.notifies, "an announcement")

    assert [notify.payload for notify in driver.notifies] == ['{"kind":"labels","label_set":"animals"}']
    listening.close()


@pytest.mark.parametrize(
    "wrong", [{"name": "Mouse"}, {"position": 0}, {"prompt": ""}, {"emoji": "m" * 17}, {"name": "whale", "position": 1}]
)
def test_the_database_keeps_the_rules_too(engine: Engine, wrong: dict[str, object]) -> None:
    """Whoever writes rows past our code meets the constraints."""
    add(engine, WHALE)
    row = {"label_set": "animals", "name": "mouse", "position": 2, "prompt": "a mouse", "emoji": "🐭", "actor": "ada"}

    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(insert(labels).values(**{**row, **wrong}))


@pytest.mark.parametrize(("moment", "is_there"), [("before", False), ("after", True)])
def test_whoever_is_killed_while_adding_leaves_all_or_nothing(
    engine: Engine, database_url: str, moment: str, is_there: bool
) -> None:
    """Killed before the commit nothing is there, after it the label is; asked for again, it is there once."""
    command = [sys.executable, "-m", "doodle_testing.killed_labeller", database_url, moment]
    killed = subprocess.run(command, cwd="tests", capture_output=True, check=False)
    assert (killed.returncode, killed.stdout) == (-9, b"")

    assert ("mouse" in names(engine)) is is_there
    add(engine, MOUSE)
    assert names(engine) == (*LABEL_SET.names, "mouse")


def test_a_database_in_use_gets_the_table(empty_database_url: str) -> None:
    """Migrating from the release before, with rows in it, adds the table and changes nothing else."""
    engine = connect_to(empty_database_url)
    migrate(engine, "0004")
    with engine.begin() as connection:
        register_then(connection, manifest())

    migrate(engine)

    add(engine, MOUSE)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM models").scalar_one() == 1
    engine.dispose()
