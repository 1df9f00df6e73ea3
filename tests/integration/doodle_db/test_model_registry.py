"""One function moves the live pointer, by compare-and-set, and its history cannot be changed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from select import select

import pytest
from sqlalchemy import Engine, delete, text, update
from sqlalchemy.exc import DBAPIError

from doodle_db.errors import LiveModelChangedError, NoLiveModelError, UnknownVersionError
from doodle_db.model_registry import (
    Deployment,
    deploy,
    find_live,
    get_live,
    list_deployments,
    register_version,
    roll_back,
)
from doodle_db.tables import deployments
from doodle_testing.builders import manifest

A, B, C = "a" * 12, "b" * 12, "c" * 12


@pytest.fixture
def registry(engine: Engine) -> Engine:
    """Three registered versions, none of them live."""
    with engine.begin() as connection:
        for version in (A, B, C):
            register_version(connection, manifest(version))
    return engine


def go_live(engine: Engine, version: str, expected_live: str | None) -> Deployment:
    with engine.begin() as connection:
        return deploy(
            connection, version, kind="deploy", actor="somebody", reason="a test", expected_live=expected_live
        )


def live(engine: Engine) -> str | None:
    with engine.connect() as connection:
        found = find_live(connection)
    return found.version if found else None


def test_before_the_first_deployment_nothing_is_live(registry: Engine) -> None:
    """A registered version is not a live one."""
    with registry.connect() as connection, pytest.raises(NoLiveModelError):
        get_live(connection)


def test_the_history_says_what_came_from_what(registry: Engine) -> None:
    """Each line names the version before it, who and why."""
    go_live(registry, A, None)
    made = go_live(registry, B, A)

    with registry.connect() as connection:
        history = list_deployments(connection)

    assert [(line.version, line.previous_version) for line in history] == [(B, A), (A, None)]
    assert history[0] == made
    assert (made.kind, made.actor, made.reason) == ("deploy", "somebody", "a test")


def test_deploying_what_is_live_adds_no_line(registry: Engine) -> None:
    """Pressing the button twice is pressing it once."""
    first = go_live(registry, A, None)

    assert go_live(registry, A, A) == first


def test_a_stale_view_cannot_deploy(registry: Engine) -> None:
    """Whoever believes in another live version has to look again."""
    go_live(registry, A, None)

    with pytest.raises(LiveModelChangedError, match=A):
        go_live(registry, C, B)

    assert live(registry) == A


def test_of_many_who_deploy_at_once_one_wins(registry: Engine) -> None:
    """The database itself refuses the second successor of one deployment."""
    go_live(registry, A, None)
    start = threading.Barrier(8)

    def try_to(number: int) -> bool:
        start.wait()
        try:
            go_live(registry, (B, C)[number % 2], A)
        except LiveModelChangedError:
            return False
        return True

    with ThreadPoolExecutor(8) as operators:
        won = sum(operators.map(try_to, range(8)))

    with registry.connect() as connection:
        history = list_deployments(connection)
    assert len(history) == 2
    assert won >= 1
    assert all(line.version == history[0].version for line in history[:-1])


def test_rolling_back_goes_one_further_each_time(registry: Engine) -> None:
    """After A, B, C: back to B, back to A; never forward into what was rolled back from."""
    go_live(registry, A, None)
    go_live(registry, B, A)
    go_live(registry, C, B)

    versions = []
    for _ in range(2):
        with registry.begin() as connection:
            versions.append(roll_back(connection, actor="somebody", reason="worse than it looked").version)

    assert versions == [B, A]
    with registry.connect() as connection:
        assert [line.kind for line in list_deployments(connection)[:2]] == ["rollback", "rollback"]


def test_the_first_version_cannot_be_rolled_back(registry: Engine) -> None:
    """There is always something live after the first start."""
    go_live(registry, A, None)

    with pytest.raises(UnknownVersionError, match="first"), registry.begin() as connection:
        roll_back(connection, actor="somebody", reason="a test")

    assert live(registry) == A


def test_an_unknown_version_cannot_go_live(registry: Engine) -> None:
    """Files first, then the row, then the pointer: nothing points at what is not there."""
    with pytest.raises(UnknownVersionError):
        go_live(registry, "d" * 12, None)

    assert live(registry) is None


@pytest.mark.parametrize(
    "statement",
    [update(deployments).values(reason="rewritten"), delete(deployments), text("TRUNCATE deployments")],
    ids=["update", "delete", "truncate"],
)
def test_history_cannot_be_rewritten(registry: Engine, statement: object) -> None:
    """The history is the audit: the database refuses to change or drop it, whoever asks."""
    go_live(registry, A, None)

    with pytest.raises(DBAPIError, match="append-only"), registry.begin() as connection:
        connection.execute(statement)  # type: ignore[call-overload]  # of several kinds

    assert live(registry) == A


def test_listeners_hear_of_a_deployment_after_its_commit_only(registry: Engine) -> None:
    """A deployment that was rolled back is never announced."""
    listener = registry.raw_connection()
    driver = listener.driver_connection
    assert driver is not None
    driver.set_session(autocommit=True)
    driver.cursor().execute("LISTEN doodle_events")
    with registry.connect() as connection:
        deploy(connection, A, kind="deploy", actor="somebody", reason="a test", expected_live=None)
        connection.rollback()
    go_live(registry, B, None)

    while not driver.notifies:
        assert select([driver], [], [], 10)[0], "nothing was announced"
        driver.poll()

    assert [B in notice.payload for notice in driver.notifies] == [True]
    listener.invalidate()
    listener.close()
