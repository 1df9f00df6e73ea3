"""
Publishes a version and is killed on the way: `python -m doodle_testing.killed_publisher <point> <folder> <run>`.

The database and the store come from DATABASE_URL and ARTIFACT_URL; the run has been claimed by "first".
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from doodle_db.artifacts import MANIFEST_NAME, ArtifactStore
from doodle_db.engine import connect_to
from doodle_db.manifest import parse_manifest
from doodle_db.runs import get_run
from doodle_testing.training_server import LIVE
from training_server import publish
from training_server.claims import ClaimedRun
from training_server.publish import Conclusion, conclude, store_candidate

VERDICT = {"outcome": "published", "summary": "better", "checks": []}


def die(*_: Any, **__: Any) -> None:
    """Be killed."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(point: str) -> None:
    """Put the killing into one place of the way."""
    places: dict[str, tuple[object, str]] = {
        "before the first file": (ArtifactStore, "_write"),
        "before the manifest": (ArtifactStore, "_write_manifest"),
        "before the version's row": (publish, "register_version"),
        "before the deployment": (publish, "deploy"),
        "before the run's end": (publish, "finish_run"),
        "before the commit": (Connection, "_commit_impl"),
    }
    owner, name = places[point]
    setattr(owner, name, die)


def main(point: str, folder: Path, key: UUID) -> None:
    """Publish, and be killed."""
    engine = connect_to(os.environ["DATABASE_URL"])
    store = ArtifactStore(os.environ["ARTIFACT_URL"])
    manifest = parse_manifest((folder / MANIFEST_NAME).read_bytes())
    with engine.connect() as connection:
        row = get_run(connection, key)
    run = ClaimedRun(key, row.worker, row.attempt, row.arguments, LIVE, row.watermark_from, row.watermark_to)
    die_at(point)
    candidate = store_candidate(store, folder, manifest)
    with engine.begin() as connection:
        conclude(connection, run, candidate, Conclusion(VERDICT, {}, LIVE))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), UUID(sys.argv[3]))
