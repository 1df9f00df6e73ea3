"""A version is tried as a shadow: the newest decision holds, and it ends when the version is live or gone."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine, delete, text
from sqlalchemy.exc import DBAPIError

from doodle_db.deletions import delete_version, list_deletable
from doodle_db.errors import InvalidError, NoLiveModelError, UnknownVersionError
from doodle_db.model_registry import deploy, register_version, roll_back
from doodle_db.pins import find_pin, set_pin
from doodle_db.shadow_order import set_shadow
from doodle_db.shadows import find_shadow, list_decisions
from doodle_db.tables import shadows
from doodle_testing.builders import manifest

LIVE, TRIED, OTHER = "a" * 12, "b" * 12, "c" * 12


@pytest.fixture
def registry(engine: Engine) -> Engine:
    """Three versions, one of them live."""
    with engine.begin() as connection:
        for version in (LIVE, TRIED, OTHER):
            register_version(connection, manifest(version))
        deploy(connection, LIVE, kind="publish", actor="test", reason="the first", expected_live=None)
    return engine


def order(engine: Engine, version: str | None, reason: str = "a test", label_set: str = "animals") -> None:
    with engine.begin() as connection:
        set_shadow(connection, version, label_set=label_set, actor="ada", reason=reason)


def go_live(engine: Engine, version: str, before: str) -> None:
    with engine.begin() as connection:
        deploy(connection, version, kind="deploy", actor="grace", reason="a test", expected_live=before)


def tried(engine: Engine) -> str | None:
    with engine.connect() as connection:
        found = find_shadow(connection)
    return found.version if found else None


def history(engine: Engine) -> list[tuple[str | None, str, str]]:
    with engine.connect() as connection:
        return [(each.version, each.actor, each.reason) for each in list_decisions(connection)]


def test_there_is_no_shadow_at_first(registry: Engine) -> None:
    """Ending what has not begun is no decision."""
    order(registry, None)

    assert (tried(registry), history(registry)) == (None, [])


def test_the_newest_decision_holds(registry: Engine) -> None:
    """One at a time; all of it stays to be read, newest first; a second click is no second line."""
    for version, reason in [(TRIED, "one"), (TRIED, "again"), (OTHER, "two"), (None, "three"), (None, "again")]:
        order(registry, version, reason)

    assert tried(registry) is None
    assert history(registry) == [(None, "ada", "three"), (OTHER, "ada", "two"), (TRIED, "ada", "one")]


@pytest.mark.parametrize(
    ("version", "label_set", "error", "words"),
    [
        (LIVE, "animals", InvalidError, "is live"),
        (TRIED, "digits", InvalidError, "label set animals"),
        ("0" * 12, "animals", UnknownVersionError, "no version"),
    ],
)
def test_what_cannot_be_tried_is_refused(
    registry: Engine, version: str, label_set: str, error: type[Exception], words: str
) -> None:
    """Neither what everybody sees anyway, nor what knows other labels, nor what is not there; it says which."""
    with pytest.raises(error, match=words) as refused:
        order(registry, version, label_set=label_set)

    assert (refused.value.field, history(registry)) == ("version", [])  # type: ignore[attr-defined]


def test_without_a_live_version_there_is_nothing_to_compare_with(engine: Engine) -> None:
    """A shadow stands beside something."""
    with engine.begin() as connection:
        register_version(connection, manifest(TRIED))

    with pytest.raises(NoLiveModelError):
        order(engine, TRIED)


def test_it_ends_when_it_goes_live_and_stays_ended(registry: Engine) -> None:
    """Who deploys it ends it; a rollback does not bring it back."""
    order(registry, TRIED)

    go_live(registry, TRIED, LIVE)
    with registry.begin() as connection:
        roll_back(connection, actor="grace", reason="a test")

    assert tried(registry) is None
    assert history(registry)[0] == (None, "grace", "It went live.")


def test_another_deployment_leaves_it(registry: Engine) -> None:
    """What is live changes; what is tried beside it goes on."""
    order(registry, TRIED)

    go_live(registry, OTHER, LIVE)

    assert tried(registry) == TRIED


def test_it_ends_when_it_is_deleted_and_only_by_name(registry: Engine) -> None:
    """Who deletes all that nothing needs does not mean it; who names it does."""
    order(registry, TRIED)
    with registry.connect() as connection:
        assert list_deletable(connection) == [OTHER]

    with registry.begin() as connection:
        delete_version(connection, TRIED, actor="grace", reason="nobody wants it")

    assert history(registry)[0] == (None, "grace", "It was deleted.")
    with pytest.raises(UnknownVersionError):
        order(registry, TRIED)


def _deploy_it(connection: Connection) -> None:
    deploy(connection, TRIED, kind="deploy", actor="grace", reason="a test", expected_live=LIVE)


def _delete_it(connection: Connection) -> None:
    delete_version(connection, TRIED, actor="grace", reason="a test")


@pytest.mark.parametrize("act", [_deploy_it, _delete_it])
def test_whoever_decides_at_the_same_time_waits(registry: Engine, act: Callable[[Connection], None]) -> None:
    """A version that is just being deployed or deleted does not become the shadow of itself, or of nothing."""
    failures: list[Exception] = []

    def try_it() -> None:
        try:
            order(registry, TRIED)
        except (InvalidError, UnknownVersionError) as refused:
            failures.append(refused)

    with registry.begin() as acting:
        act(acting)
        trying = threading.Thread(target=try_it)
        trying.start()
        _wait_for_a_lock(registry)

    trying.join(timeout=20)
    assert (len(failures), tried(registry)) == (1, None)


def _wait_for_a_lock(engine: Engine) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(2_000):
            if connection.execute(waiting).scalar_one():
                return
            connection.execute(text("SELECT pg_sleep(0.01)"))
    raise AssertionError("nobody waits for a lock")


def test_whoever_is_killed_before_the_commit_has_decided_nothing(registry: Engine) -> None:
    """A deployment ends the shadow with it, or not at all."""
    order(registry, TRIED)
    with registry.connect() as dying:
        deploy(dying, TRIED, kind="deploy", actor="grace", reason="a test", expected_live=LIVE)
        number = dying.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with registry.connect() as killer:
            killer.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
        with pytest.raises(DBAPIError):
            dying.execute(text("SELECT 1"))

    assert (tried(registry), len(history(registry))) == (TRIED, 1)


def test_a_pin_and_a_shadow_know_nothing_of_each_other(registry: Engine) -> None:
    """What is tried while what is live is pinned may be deployed by an operator; the pin stays."""
    with registry.begin() as connection:
        set_pin(connection, True, actor="ada", reason="a fair")
    order(registry, TRIED)

    go_live(registry, TRIED, LIVE)

    assert tried(registry) is None
    with registry.connect() as connection:
        assert find_pin(connection) is not None


def test_decisions_are_kept(registry: Engine) -> None:
    """The database itself refuses to forget one."""
    order(registry, TRIED)

    with registry.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(delete(shadows))
