"""The founder of the live version's line: the version a person put live last, from which runs have gone on since."""

from collections.abc import Iterable

from sqlalchemy import Connection

from doodle_db.errors import NoLiveModelError
from doodle_db.model_registry import Deployment, list_deployments

WHOLE_HISTORY = 1_000_000
"""More deployments than any installation has."""


def get_founder(connection: Connection) -> str:
    """
    Get the founder of the live version's line.

    Raises:
        NoLiveModelError: nothing is live.
    """
    return trace_founder(list_deployments(connection, at_most=WHOLE_HISTORY))


def trace_founder(history: Iterable[Deployment]) -> str:
    """
    Go back from what is live, publication by publication, to what no run has published.

    That is the first version of an installation, or one that an operator deployed by hand: a person answers for it. A
    rollback founds nothing: what it makes live again is of the line it came from.

    Args:
        history: all deployments, newest first.

    Raises:
        NoLiveModelError: there is no deployment.
    """
    version: str | None = None
    for each in history:
        version = version or each.version
        if each.version != version or each.kind == "rollback":
            continue
        if each.kind == "deploy" or each.previous_version is None:
            return version
        version = each.previous_version
    if version is None:
        raise NoLiveModelError
    return version
