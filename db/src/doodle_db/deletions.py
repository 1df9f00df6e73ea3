"""
Deleting versions: the decision first, as a row, then the files.

From the row on nobody lists, deploys or serves the version, so it does not matter when its files go, and whoever is
stopped in the middle leaves nothing half: what is left of the files is removed with the next deletion.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from doodle_db.errors import VersionNeededError
from doodle_db.founder import get_founder
from doodle_db.model_registry import find_live, find_previous, get_model
from doodle_db.shadows import end_shadow_of, find_shadow
from doodle_db.tables import deletions, models, runs

MAX_AT_ONCE = 1_000
"""Versions that one order deletes at most; what is left, the next one does."""


def find_needs(connection: Connection) -> Mapping[str, str]:
    """
    Find the versions that must stay, each with the reason in words.

    Args:
        connection: any.

    Returns:
        By version: what it is needed for.
    """
    live = find_live(connection)
    if live is None:
        return {}
    going = select(runs.c.parent_version).where(runs.c.state == "running", runs.c.parent_version.is_not(None))
    needs = {str(parent): "a run that is going on began from it" for parent in connection.execute(going).scalars()}
    needs[get_founder(connection)] = "the gate compares candidates with it, the founder of the live version's line"
    previous = find_previous(connection)
    if previous is not None:
        needs[previous] = "a rollback would make it live"
    return {**needs, live.version: "it is live"}


def delete_version(connection: Connection, version: str, *, actor: str, reason: str) -> None:
    """
    Decide that a version is no more; its files are to be removed once this is committed.

    Whoever deploys it at the same time waits, and is refused; or it is live first, and this is refused.

    Args:
        connection: with an open transaction, READ COMMITTED.
        version: a registered one.
        actor: who decides.
        reason: why.

    Raises:
        UnknownVersionError: it is not registered, or was deleted.
        VersionNeededError: it is needed.
    """
    connection.execute(select(models.c.version).where(models.c.version == version).with_for_update())
    get_model(connection, version)
    if words := find_needs(connection).get(version):
        raise VersionNeededError(f"Version {version} cannot be deleted: {words}.", field="version")
    connection.execute(insert(deletions).values(version=version, actor=actor, reason=reason))
    end_shadow_of(connection, version, actor=actor, reason="It was deleted.")


def list_deletable(connection: Connection) -> list[str]:
    """
    List the versions that nothing needs, oldest first; MAX_AT_ONCE at most.

    The shadow is none of them: it may be deleted, by whoever names it.
    """
    shadow = find_shadow(connection)
    needed = [*find_needs(connection), *([shadow.version] if shadow else [])]
    kept = ~select(deletions.c.version).where(deletions.c.version == models.c.version).exists()
    oldest = select(models.c.version).where(kept, models.c.version.not_in(needed))
    return list(connection.execute(oldest.order_by(models.c.created_at).limit(MAX_AT_ONCE)).scalars())


def list_with_files(connection: Connection) -> list[str]:
    """List the deleted versions of whose files some may still be there."""
    left = select(deletions.c.version).where(deletions.c.files_removed_at.is_(None))
    return list(connection.execute(left.order_by(deletions.c.created_at).limit(MAX_AT_ONCE)).scalars())


def note_files_removed(connection: Connection, version: str, now: datetime) -> None:
    """Write that nothing of a deleted version's files is left."""
    connection.execute(update(deletions).where(deletions.c.version == version).values(files_removed_at=now))
