"""What is live, with its manifest: the number of the deployment is asked each time, the manifest only once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from doodle_db.model_registry import Deployment, get_live, get_model

KEPT_MANIFESTS = 8
"""A manifest never changes, so it may be kept; few are asked for at any time: the live one, and back and forth."""


@dataclass(frozen=True)
class Live:
    """The live deployment and its version's manifest, as JSON."""

    deployment: Deployment
    manifest: dict[str, Any]


class LiveModel:
    """
    Tells what is live, without ever telling what no longer is.

    Which deployment is the latest is read from the database every time (one row, through its primary key), so no
    notification that went astray can leave an old answer. What costs something, the manifest, is kept by the
    version's name, which is the name of its content. Safe for any number of greenlets.
    """

    def __init__(self) -> None:
        self._manifests: dict[str, dict[str, Any]] = {}

    def read(self, connection: Connection) -> Live:
        """
        Read what is live.

        Raises:
            NoLiveModelError: nothing has been deployed yet.
        """
        deployment = get_live(connection)
        return Live(deployment, self._manifest_of(connection, deployment.version))

    def _manifest_of(self, connection: Connection, version: str) -> dict[str, Any]:
        manifest = self._manifests.get(version)
        if manifest is None:
            manifest = dict(get_model(connection, version).manifest)
            self._manifests[version] = manifest
            if len(self._manifests) > KEPT_MANIFESTS:
                del self._manifests[next(iter(self._manifests))]
        return manifest
