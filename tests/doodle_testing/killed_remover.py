"""
Deletes a version and is killed on the way: `python -m doodle_testing.killed_remover <point> <version>`.

The database and the store come from DATABASE_URL and ARTIFACT_URL.
"""

import os
import signal
import sys
from typing import Any

from sqlalchemy.engine import Connection

from doodle_db.artifacts import ArtifactStore
from doodle_db.engine import connect_to
from doodle_db.stored_files import FolderFiles
from training_server import version_removal
from training_server.clock import read_time
from training_server.version_removal import Decision, remove_files, remove_version


def die(*_: Any, **__: Any) -> None:
    """Be killed."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(point: str) -> None:
    """Put the killing into one place of the way."""
    places: dict[str, tuple[object, str]] = {
        "before the commit": (Connection, "_commit_impl"),
        "before the manifest": (ArtifactStore, "remove_version"),
        "before the other files": (FolderFiles, "list_names"),
        "before the note": (version_removal, "note_files_removed"),
    }
    owner, name = places[point]
    setattr(owner, name, die)


def main(point: str, version: str) -> None:
    """Delete, and be killed."""
    engine = connect_to(os.environ["DATABASE_URL"])
    store = ArtifactStore(os.environ["ARTIFACT_URL"])
    die_at(point)
    remove_version(engine, version, Decision("ada", "a test"))
    remove_files(engine, store, read_time)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
