"""The artifact store: the files of every version, in a folder or any object store fsspec knows."""

import hashlib
import os
from pathlib import Path
from typing import Any

import fsspec

from doodle_db.errors import ArtifactError, UnknownVersionError, VersionConflictError
from doodle_db.manifest import VERSION_PATTERN, Manifest, parse_manifest

MANIFEST_NAME = "manifest.json"


class ArtifactStore:
    """
    Versions by name. The contract, whatever lies underneath:

    * A version exists if and only if its manifest.json exists, and that is written last: a version is there as a
      whole or not at all, whoever is killed when.
    * A version never changes. Storing the same one again does nothing; storing another under its name is refused.
    * Every file is compared with the manifest's size and SHA-256 before the manifest is written.
    * Any number of processes and threads may store and read at once.

    Attributes:
        url: where versions lie, as `<url>/versions/<version>/<file>`.
    """

    def __init__(self, url: str) -> None:
        """
        Args:
            url: a folder's path, or an address fsspec understands (file:///…, s3://bucket/prefix, memory://…).
        """
        self.url = url
        self._fs, self._root = fsspec.core.url_to_fs(url)

    def store_version(self, folder: Path, manifest: Manifest) -> None:
        """
        Copy a finished version into the store, its manifest last.

        Args:
            folder: holds manifest.json and every file it lists.
            manifest: the folder's manifest, parsed.

        Raises:
            ArtifactError: a file is not what the manifest says.
            VersionConflictError: another version of this name is stored.
        """
        if self.has_version(manifest.version):
            self._compare(manifest)
            return
        for file in manifest.files:
            content = (folder / file.path).read_bytes()
            if len(content) != file.size_bytes or hashlib.sha256(content).hexdigest() != file.sha256:
                raise ArtifactError(f"{file.path} of version {manifest.version} is not what its manifest says.")
            self._write(f"{self._folder(manifest.version)}/{file.path}", content)
        self._write(f"{self._folder(manifest.version)}/{MANIFEST_NAME}", (folder / MANIFEST_NAME).read_bytes())

    def has_version(self, version: str) -> bool:
        """Tell whether a version is stored as a whole."""
        return bool(self._fs.exists(f"{self._folder(version)}/{MANIFEST_NAME}"))

    def list_versions(self) -> list[str]:
        """List the versions stored as a whole, in alphabetical order."""
        found = self._fs.glob(f"{self._root}/versions/*/{MANIFEST_NAME}")
        return sorted(str(path).rsplit("/", 2)[-2] for path in found)

    def read_manifest(self, version: str) -> Manifest:
        """
        Read a version's manifest.

        Raises:
            UnknownVersionError: it is not stored.
            ManifestError: it breaks a rule.
        """
        return parse_manifest(self._read(version, MANIFEST_NAME))

    def read_file(self, manifest: Manifest, path: str) -> bytes:
        """
        Read a file of a version and make sure it is the one that was stored.

        Args:
            manifest: the version's.
            path: as the manifest lists it; anything else is refused.

        Raises:
            UnknownVersionError: the version or file is not there.
            ArtifactError: the content is not what the manifest says.
        """
        listed = [file for file in manifest.files if file.path == path]
        if not listed:
            raise UnknownVersionError(f"Version {manifest.version} lists no such file.", field="path")
        content = self._read(manifest.version, path)
        if hashlib.sha256(content).hexdigest() != listed[0].sha256:
            raise ArtifactError(f"{path} of version {manifest.version} has changed since it was stored.")
        return content

    def _compare(self, manifest: Manifest) -> None:
        stored = self.read_manifest(manifest.version)
        if stored.file_of("weights").sha256 != manifest.file_of("weights").sha256:
            raise VersionConflictError(f"Version {manifest.version} is stored already, with other weights.")

    def _folder(self, version: str) -> str:
        if not VERSION_PATTERN.fullmatch(version):
            raise UnknownVersionError("A version's name is 12 hex digits.", field="version")
        return f"{self._root}/versions/{version}"

    def _read(self, version: str, path: str) -> bytes:
        try:
            return bytes(self._fs.cat_file(f"{self._folder(version)}/{path}"))
        except FileNotFoundError as missing:
            raise UnknownVersionError(f"Version {version} is not in the artifact store.", field="version") from missing

    def _write(self, path: str, content: bytes) -> None:
        """Write aside, then rename: a reader sees the whole file or none."""
        self._fs.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        aside = f"{path}.{os.getpid()}.part"
        with self._fs.open(aside, "wb") as file:
            file.write(content)
            _sync(file)
        self._fs.mv(aside, path)


def _sync(file: Any) -> None:
    """Bring a local file to the disk before its name says it is complete; object stores do that by themselves."""
    file.flush()
    try:
        descriptor = file.fileno()
    except (AttributeError, OSError):
        return
    os.fsync(descriptor)
