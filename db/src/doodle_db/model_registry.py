"""Which versions there are, which one is live, and the history of how that came about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from doodle_db.errors import LiveModelChangedError, NoLiveModelError, UnknownVersionError, VersionDeletedError
from doodle_db.events import announce
from doodle_db.manifest import VERSION_PATTERN, Manifest
from doodle_db.shadows import end_shadow_of
from doodle_db.tables import deletions, deployments, models

DeploymentKind = Literal["publish", "deploy", "rollback"]


@dataclass(frozen=True)
class Deployment:
    """
    One line of the history: from then on `version` was live, until the next line.

    Attributes:
        deployment: its number; later is higher.
        version: what went live.
        previous_version: what was live before; None for the first.
        kind: `publish` by a run, `deploy` or `rollback` by an operator.
        actor: who.
        reason: why.
        created_at: when.
    """

    deployment: int
    version: str
    previous_version: str | None
    kind: DeploymentKind
    actor: str
    reason: str
    created_at: datetime


_PREVIOUS = deployments.alias("previous")
_HISTORY = (
    select(deployments, _PREVIOUS.c.version.label("previous_version"))
    .outerjoin(_PREVIOUS, deployments.c.previous_deployment == _PREVIOUS.c.deployment)
    .order_by(deployments.c.deployment.desc())
)


def register_version(connection: Connection, manifest: Manifest, *, watermark: int | None = None) -> None:
    """
    Enter a version whose files lie in the artifact store; entering it twice changes nothing.

    Args:
        connection: with an open transaction.
        manifest: of the version.
        watermark: up to where it has learnt, in this database; None: as the manifest says. The files may have been
            stored before a restore, and then the manifest's number is another cluster's.

    Raises:
        VersionDeletedError: the very same weights were deleted; their files are gone, or about to be.
    """
    row = {
        "version": manifest.version,
        "label_set": manifest.label_set,
        "parent_version": manifest.parent_version,
        "run": manifest.run,
        "manifest": manifest.model_dump(mode="json"),
        "watermark": manifest.training_data.watermark if watermark is None else watermark,
        "created_at": manifest.created_at,
    }
    connection.execute(insert(models).values(row).on_conflict_do_nothing())
    _require_kept(connection, manifest.version)


def deploy(
    connection: Connection, version: str, *, kind: DeploymentKind, actor: str, reason: str, expected_live: str | None
) -> Deployment:
    """
    Make a version live: the only function that moves the pointer.

    Deploying what is live already changes nothing and gives the line that made it so.

    Args:
        connection: with an open transaction; listeners learn of it at its commit.
        version: a registered one.
        kind: how it comes about.
        actor: who does it.
        reason: why, for those who read the history.
        expected_live: what the caller believes to be live; None: nothing is live yet.

    Raises:
        UnknownVersionError: the version is not registered, or was deleted.
        LiveModelChangedError: something else is live, now or by the time of the commit.
    """
    hold_model(connection, version)
    latest = find_live(connection)
    if (latest.version if latest else None) != expected_live:
        raise LiveModelChangedError(
            f"{latest.version if latest else 'Nothing'} is live, not {expected_live or 'nothing'}; look again first.",
            field="expected_live",
        )
    if latest and latest.version == version:
        return latest
    row = {
        "version": version,
        "previous_deployment": latest.deployment if latest else None,
        "kind": kind,
        "actor": actor,
        "reason": reason,
    }
    try:
        number = connection.execute(insert(deployments).values(row).returning(deployments.c.deployment)).scalar_one()
    except IntegrityError as violation:
        raise LiveModelChangedError(field="expected_live") from violation
    announce(connection, "deployment", {"deployment": number, "version": version})
    end_shadow_of(connection, version, actor=actor, reason="It went live.")
    return get_live(connection)


def roll_back(connection: Connection, *, actor: str, reason: str, expected_live: str | None = None) -> Deployment:
    """
    Make the version live that was live before the present one came; doing it again goes one further back.

    Args:
        connection: with an open transaction.
        actor: who does it.
        reason: why.
        expected_live: what the caller believes to be live; None: whatever is.

    Raises:
        NoLiveModelError: nothing is live.
        UnknownVersionError: nothing was live before.
        LiveModelChangedError: something else than expected is live.
    """
    live = get_live(connection).version
    previous = find_previous(connection)
    if previous is None:
        raise UnknownVersionError(f"{live} is the first version; there is nothing to roll back to.", field="version")
    return deploy(
        connection, previous, kind="rollback", actor=actor, reason=reason, expected_live=expected_live or live
    )


def find_previous(connection: Connection) -> str | None:
    """
    Find what a rollback would make live: what was live before the live version came; deleted versions are passed over.

    Args:
        connection: any.

    Returns:
        None where nothing was, or nothing is live.
    """
    live = find_live(connection)
    version, seen = live.version if live else None, set[str]()
    while version is not None and version not in seen:
        seen.add(version)
        arrival = _HISTORY.where(deployments.c.version == version, deployments.c.kind != "rollback").limit(1)
        version = connection.execute(arrival).one().previous_version
        if version is not None and not is_deleted(connection, version):
            return str(version)
    return None


def find_live(connection: Connection) -> Deployment | None:
    """Find the latest deployment; None before the first."""
    row = connection.execute(_HISTORY.limit(1)).first()
    return _deployment(row) if row else None


def get_live(connection: Connection) -> Deployment:
    """
    Get the latest deployment.

    Raises:
        NoLiveModelError: there is none yet.
    """
    live = find_live(connection)
    if live is None:
        raise NoLiveModelError
    return live


def get_manifest(connection: Connection, version: str) -> Manifest:
    """
    Get a version's manifest.

    Raises:
        UnknownVersionError: the version is not registered.
    """
    return Manifest.model_validate(get_model(connection, version).manifest)


def get_model(connection: Connection, version: str) -> Row[Any]:
    """
    Get a version's row.

    Raises:
        UnknownVersionError: the version is not registered.
        VersionDeletedError: it was deleted.
    """
    row = connection.execute(select(models).where(models.c.version == version)).first()
    if row is None:
        shown = version if VERSION_PATTERN.fullmatch(version) else "of that name"
        raise UnknownVersionError(f"There is no version {shown}; see the list of models.", field="version")
    _require_kept(connection, version)
    return row


def hold_model(connection: Connection, version: str) -> Row[Any]:
    """
    Get a version's row, and keep the version from being deleted until the transaction ends: see doodle_db.deletions.

    Raises:
        UnknownVersionError: the version is not registered, or was deleted.
    """
    connection.execute(select(models.c.version).where(models.c.version == version).with_for_update(read=True))
    return get_model(connection, version)


def is_deleted(connection: Connection, version: str) -> bool:
    """Tell whether a version was deleted."""
    return connection.execute(select(deletions).where(deletions.c.version == version)).first() is not None


def _require_kept(connection: Connection, version: str) -> None:
    if is_deleted(connection, version):
        raise VersionDeletedError(f"Version {version} was deleted; its files are gone.", field="version")


def was_live(connection: Connection, version: str) -> bool:
    """Tell whether a version has ever been deployed: making it live again is a rollback."""
    return connection.execute(select(deployments).where(deployments.c.version == version).limit(1)).first() is not None


def list_deployments(connection: Connection, *, at_most: int = 100) -> list[Deployment]:
    """List the history, newest first."""
    return [_deployment(row) for row in connection.execute(_HISTORY.limit(at_most))]


def _deployment(row: Row[Any]) -> Deployment:
    return Deployment(
        row.deployment, row.version, row.previous_version, row.kind, row.actor, row.reason, row.created_at
    )
