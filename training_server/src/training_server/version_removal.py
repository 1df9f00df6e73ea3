"""Deleting versions for good: the rows that decide, then the files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.deletions import (
    delete_version,
    find_needs,
    list_deletable,
    list_with_files,
    note_files_removed,
)
from doodle_db.errors import UnknownVersionError, VersionNeededError


@dataclass(frozen=True)
class Decision:
    """Who deletes, and why."""

    actor: str
    reason: str


def remove_version(engine: Engine, version: str, decision: Decision) -> None:
    """
    Delete a version; its files are still to be removed, see remove_files.

    Raises:
        UnknownVersionError: it is not registered, or was deleted.
        VersionNeededError: it is needed.
    """
    with engine.begin() as connection:
        delete_version(connection, version, actor=decision.actor, reason=decision.reason)


def remove_unneeded(engine: Engine, decision: Decision) -> list[str]:
    """
    Delete every version that nothing needs, one after the other.

    Returns:
        Those that were deleted.
    """
    with engine.connect() as connection:
        versions = list_deletable(connection)
    deleted = []
    for version in versions:
        try:
            remove_version(engine, version, decision)
        except (UnknownVersionError, VersionNeededError):
            continue  # somebody else has deleted it meanwhile, or made it live
        deleted.append(version)
    return deleted


def read_needs(engine: Engine) -> dict[str, str]:
    """Read why versions had to stay, by version."""
    with engine.connect() as connection:
        return dict(find_needs(connection))


def remove_files(engine: Engine, store: ArtifactStore, clock: Callable[[Connection], datetime]) -> int:
    """
    Remove what is left of deleted versions' files, also of those that somebody was stopped at before.

    Args:
        engine: of the database.
        store: the files.
        clock: tells the time.

    Returns:
        How many versions' files are gone now.

    Raises:
        ArtifactStoreError: the store cannot be used; what is left goes with the next deletion.
    """
    with engine.connect() as connection:
        left = list_with_files(connection)
    for version in left:
        store.remove_version(version)
        with engine.begin() as connection:
            note_files_removed(connection, version, clock(connection))
    return len(left)
