"""What each of this service's routes takes and answers; tests see to it that none is left out, and that all is true."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints

from doodle_db.manifest import Version
from doodle_web.openapi import Operation
from training_server.config import WORKER_NAME
from training_server.operations import runs, searches, versions, workers

OPERATIONS: Mapping[str, Operation] = {
    **runs.OPERATIONS,
    **searches.OPERATIONS,
    **workers.OPERATIONS,
    **versions.OPERATIONS,
}
"""By Flask's endpoint."""

PATHS: Mapping[str, tuple[Any, Any]] = {
    "key": (UUID, "6f0c0a4e-5d0c-4f3a-9b1e-2f6d8c7a1b30"),
    "name": (Annotated[str, StringConstraints(pattern=f"^{WORKER_NAME.pattern}$")], "colab-1"),
    "version": (Version, "0123456789ab"),
}
"""What stands for each name in a path, with an example."""
