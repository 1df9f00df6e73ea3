"""Making a version the shadow, or none: what an operator may order."""

from sqlalchemy import Connection

from doodle_db.errors import InvalidError
from doodle_db.model_registry import get_live, hold_model
from doodle_db.shadows import ShadowDecision, add_decision, find_shadow, lock_shadow


def set_shadow(
    connection: Connection, version: str | None, *, label_set: str, actor: str, reason: str
) -> ShadowDecision | None:
    """
    Make a version the shadow, or end the shadow; what holds already is not written again.

    Args:
        connection: with an open transaction, READ COMMITTED; listeners learn of it at its commit.
        version: the version; None: none.
        label_set: what the pages draw; a version of another one would know none of their labels.
        actor: who decides.
        reason: why.

    Returns:
        The decision that holds now; None where there is no shadow.

    Raises:
        UnknownVersionError: the version is not registered, or was deleted.
        NoLiveModelError: nothing is live that it could be compared with.
        InvalidError: the version is live, or of another label set.
    """
    if version is not None:
        _hold(connection, version, label_set)
    lock_shadow(connection)
    found = find_shadow(connection)
    if (found.version if found else None) == version:
        return found
    # Read under the lock: whoever deploys it at the same time ends its shadow afterwards.
    if version is not None and get_live(connection).version == version:
        raise InvalidError(f"Version {version} is live: everybody sees its guesses. Name another one.", field="version")
    made = add_decision(connection, version, actor=actor, reason=reason)
    return made if version else None


def _hold(connection: Connection, version: str, label_set: str) -> None:
    model = hold_model(connection, version)
    if model.label_set != label_set:
        raise InvalidError(
            f"Version {version} is of the label set {model.label_set}; this service runs {label_set}.", field="version"
        )
