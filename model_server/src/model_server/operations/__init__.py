"""What each of this service's routes takes and answers; tests see to it that none is left out, and that all is true."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints

from doodle_db.manifest import Version
from doodle_web.openapi import Operation
from model_server.operations import (
    deployments,
    doodles,
    drift,
    erasures,
    gallery,
    health,
    labels,
    models,
    predictions,
    production,
    reviews,
    sessions,
    shadow,
)

OPERATIONS: Mapping[str, Operation] = {
    **health.OPERATIONS,
    **doodles.OPERATIONS,
    **labels.OPERATIONS,
    **models.OPERATIONS,
    **deployments.OPERATIONS,
    **sessions.OPERATIONS,
    **gallery.OPERATIONS,
    **reviews.OPERATIONS,
    **erasures.OPERATIONS,
    **shadow.OPERATIONS,
    **drift.OPERATIONS,
    **production.OPERATIONS,
    **predictions.OPERATIONS,
}
"""By Flask's endpoint."""

PATHS: Mapping[str, tuple[Any, Any]] = {
    "contributor": (Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,64}$")], "5f1c03aa"),
    "erasure": (int, 1),
    "doodle_id": (UUID, "0b6f9a4e-5d0c-4f3a-9b1e-2f6d8c7a1b30"),
    "name": (Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9 _-]{0,39}$")], "mouse"),
    "path": (Annotated[str, StringConstraints(pattern=r"^[a-z0-9_][a-z0-9_.]{0,39}$")], "manifest.json"),
    "version": (Version, "0123456789ab"),
}
"""What stands for each name in a path, with an example."""
