"""What is live, with its manifest: the numbers of the decisions are asked each time, the manifest only once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from doodle_db.model_registry import Deployment, get_live, get_model
from doodle_db.shadows import ShadowDecision, find_shadow

KEPT_MANIFESTS = 8
"""A manifest never changes, so it may be kept; few are asked for at any time: the live one, and back and forth."""


@dataclass(frozen=True)
class Live:
    """
    The live deployment, its version's manifest as JSON, and what is tried beside it.

    Attributes:
        deployment: by which it is live.
        manifest: of its version.
        shadow: the decision by which a version is the shadow; None: none is.
    """

    deployment: Deployment
    manifest: dict[str, Any]
    shadow: ShadowDecision | None

    @property
    def tag(self) -> str:
        """Tell this answer from any other: the same numbers are the same answer."""
        number = str(self.deployment.deployment)
        return f"{number}.{self.shadow.shadow}" if self.shadow else number


class LiveModel:
    """
    Tells what is live, without ever telling what no longer is.

    Which deployment is the latest, and what is its shadow, is read from the database every time (a row of each, through
    its primary key), so no notification that went astray can leave an old answer. What costs something, the manifest,
    is kept by the version's name, which is the name of its content. Safe for any number of greenlets.
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
        return Live(deployment, self._manifest_of(connection, deployment.version), find_shadow(connection))

    def _manifest_of(self, connection: Connection, version: str) -> dict[str, Any]:
        manifest = self._manifests.get(version)
        if manifest is None:
            manifest = dict(get_model(connection, version).manifest)
            self._manifests[version] = manifest
            if len(self._manifests) > KEPT_MANIFESTS:
                del self._manifests[next(iter(self._manifests))]
        return manifest
