"""A version can be deleted unless something needs it; the row decides, the files follow."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, insert

from doodle_db.deletions import delete_version, find_needs, list_deletable, list_with_files, note_files_removed
from doodle_db.errors import UnknownVersionError, VersionDeletedError, VersionNeededError
from doodle_db.model_list import list_models
from doodle_db.model_registry import (
    DeploymentKind,
    deploy,
    find_previous,
    get_model,
    register_version,
    roll_back,
)
from doodle_db.tables import runs
from doodle_testing.builders import SOME_TIME, manifest

A, B, C, D = "a" * 12, "b" * 12, "c" * 12, "d" * 12


@pytest.fixture
def registry(engine: Engine) -> Engine:
    """Four versions; A was live first, B by a run, C is."""
    with engine.begin() as connection:
        for version in (A, B, C, D):
            register_version(connection, manifest(version))
    for version, before in ((A, None), (B, A), (C, B)):
        go_live(engine, version, before)
    return engine


def go_live(engine: Engine, version: str, before: str | None, kind: DeploymentKind = "publish") -> None:
    with engine.begin() as connection:
        deploy(connection, version, kind=kind, actor="test", reason="a test", expected_live=before)


def remove(engine: Engine, version: str) -> None:
    with engine.begin() as connection:
        delete_version(connection, version, actor="ada", reason="a test")


def listed(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return {row.version for row in list_models(connection)[0]}


def test_a_deleted_version_is_not_there(registry: Engine) -> None:
    """Nobody lists, gets, deploys or registers it again; its files are to go."""
    remove(registry, D)

    assert listed(registry) == {A, B, C}
    with registry.connect() as connection:
        assert list_with_files(connection) == [D]
        with pytest.raises(VersionDeletedError):
            get_model(connection, D)
        with pytest.raises(VersionDeletedError):
            register_version(connection, manifest(D))
    with pytest.raises(UnknownVersionError):
        go_live(registry, D, C)
    with pytest.raises(UnknownVersionError):
        remove(registry, D)


@pytest.mark.parametrize(("version", "words"), [(C, "it is live"), (B, "rollback"), (A, "founder")])
def test_what_is_needed_stays(registry: Engine, version: str, words: str) -> None:
    """The live version, the one a rollback leads to, and the founder that the gate asks."""
    with pytest.raises(VersionNeededError, match=words):
        remove(registry, version)

    assert version in listed(registry)


def test_the_parent_of_a_run_that_goes_on_stays(registry: Engine) -> None:
    """A run reads its parent's weights."""
    run = {"kind": "delta", "trigger": "operator", "requested_by": "ada", "arguments": {}, "state": "running"}
    with registry.begin() as connection:
        key = "00000000-0000-4000-8000-000000000001"
        connection.execute(insert(runs).values(run | {"key": key, "worker": "w", "parent_version": D}))

    with pytest.raises(VersionNeededError, match="run"):
        remove(registry, D)


def test_all_that_nothing_needs(registry: Engine) -> None:
    """Emptying the store leaves what is needed, each with its reason."""
    with registry.connect() as connection:
        assert list_deletable(connection) == [D]
        assert set(find_needs(connection)) == {A, B, C}


def test_a_rollback_passes_over_what_is_deleted(registry: Engine) -> None:
    """After C was deployed by hand over B, D over C, and B deleted: back from C leads to A."""
    go_live(registry, D, C, kind="deploy")
    remove(registry, B)

    with registry.begin() as connection:
        assert find_previous(connection) == C
        roll_back(connection, actor="ada", reason="a test")
    with registry.begin() as connection:
        assert find_previous(connection) == A
        assert roll_back(connection, actor="ada", reason="a test").version == A
    with registry.connect() as connection:
        assert find_previous(connection) is None


def test_files_that_are_gone_are_not_asked_for_again(registry: Engine) -> None:
    """Only what may still be there is removed with the next deletion."""
    remove(registry, D)
    with registry.begin() as connection:
        note_files_removed(connection, D, SOME_TIME)

    with registry.connect() as connection:
        assert list_with_files(connection) == []


def refused(act: Callable[[], None], refusals: list[Exception]) -> None:
    try:
        act()
    except (UnknownVersionError, VersionNeededError) as refusal:
        refusals.append(refusal)


def test_a_deployment_that_comes_at_the_same_time_is_refused(registry: Engine) -> None:
    """Who deploys while the deletion is being written waits for it: a deleted version is never live."""
    refusals: list[Exception] = []
    deploying = threading.Thread(target=refused, args=(lambda: go_live(registry, D, C), refusals))

    with registry.begin() as deleting:
        delete_version(deleting, D, actor="ada", reason="a test")
        deploying.start()
        deploying.join(timeout=0.5)
        assert deploying.is_alive()
    deploying.join(timeout=20)

    assert [type(refusal) for refusal in refusals] == [VersionDeletedError]


def test_a_deletion_that_comes_at_the_same_time_is_refused(registry: Engine) -> None:
    """Who deletes while the version is being deployed waits for that: it is live by then."""
    refusals: list[Exception] = []
    deleting = threading.Thread(target=refused, args=(lambda: remove(registry, D), refusals))

    with registry.begin() as deploying:
        deploy(deploying, D, kind="deploy", actor="test", reason="a test", expected_live=C)
        deleting.start()
        deleting.join(timeout=0.5)
        assert deleting.is_alive()
    deleting.join(timeout=20)

    assert [type(refusal) for refusal in refusals] == [VersionNeededError]
