"""Versions on their way between two stores."""

import tempfile
from pathlib import Path

from doodle_db.artifacts import MANIFEST_NAME, ArtifactStore


def copy_version(source: ArtifactStore, target: ArtifactStore, version: str) -> None:
    """
    Copy a version's files; one that is there already stays as it is.

    Raises:
        UnknownVersionError: the source has lost it.
        ArtifactError: a file is not what its manifest says.
        VersionConflictError: another version of this name is in the target.
    """
    if target.has_version(version):
        return
    manifest = source.read_manifest(version)
    with tempfile.TemporaryDirectory(prefix="doodle-backup-") as name:
        folder = Path(name)
        for file in manifest.files:
            (folder / file.path).write_bytes(source.read_file(manifest, file.path))
        (folder / MANIFEST_NAME).write_bytes(source.read_manifest_file(version))
        target.store_version(folder, manifest)


def check_version(store: ArtifactStore, version: str) -> None:
    """
    Read every file of a version and compare it with its manifest.

    Raises:
        UnknownVersionError: a file is missing.
        ArtifactError: a file is not what its manifest says.
    """
    manifest = store.read_manifest(version)
    for file in manifest.files:
        store.read_file(manifest, file.path)
