"""The artifact store: the files of every version, in a folder, on S3, or wherever else doodle_db.stored_files can."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from doodle_db.errors import ArtifactError, UnknownVersionError, VersionConflictError
from doodle_db.manifest import VERSION_PATTERN, Manifest, parse_manifest
from doodle_db.stored_files import open_files

MANIFEST_NAME = "manifest.json"


class ArtifactStore:
    """
    Versions by name. The contract, whatever lies underneath (doodle_testing.artifact_contract holds every store to it):

    * A version exists if and only if its manifest.json exists, and that is written last: a version is there as a
      whole or not at all, whoever is killed when.
    * A version that is removed loses its manifest first: it is gone as a whole, too, and removing it again goes on.
    * A version never changes. Storing the same one again does nothing; storing another under its name is refused.
      Of two who store it at once, the one whose manifest comes first has stored it, and the other finds it there.
    * Every file is compared with the manifest's size and SHA-256: as it is handed in, as it has arrived, before the
      manifest is written, and whenever it is read.
    * Any number of processes and threads may store and read at once.
    * A store that cannot be used is an ArtifactStoreError: it says what to do, holds no secret, and comes within half a
      minute, or after two where a file is being written.

    Attributes:
        url: where versions lie, as `<url>/versions/<version>/<file>`.
    """

    def __init__(self, url: str) -> None:
        """
        Args:
            url: a folder's path, or an address: file:///…, s3://bucket/prefix, memory://…

        Raises:
            ArtifactStoreError: it is no address that can be used here.
        """
        self.url = url
        self._files = open_files(url)

    def store_version(self, folder: Path, manifest: Manifest) -> None:
        """
        Copy a finished version into the store, its manifest last.

        Args:
            folder: holds manifest.json and every file it lists.
            manifest: the folder's manifest, parsed.

        Raises:
            ArtifactError: a file is not what the manifest says, here or after its way into the store.
            ArtifactStoreError: the store cannot be used.
            VersionConflictError: another version of this name is stored.
        """
        if self.has_version(manifest.version):
            self._compare(manifest)
            return
        named = (folder / MANIFEST_NAME).read_bytes()
        contents = {file.path: (folder / file.path).read_bytes() for file in manifest.files}
        for path, content in contents.items():
            _check(manifest, path, content, "is not what its manifest says")
            self._write(manifest.version, path, content)
        if not all(self._holds(manifest.version, path, content) for path, content in contents.items()):
            self._explain_arrival(manifest)
        elif self._write_manifest(manifest, named):
            self._have_the_last_word(manifest, contents)

    def has_version(self, version: str) -> bool:
        """Tell whether a version is stored as a whole."""
        return self._files.exists(_name_of(version, MANIFEST_NAME))

    def list_versions(self) -> list[str]:
        """List the versions stored as a whole, in alphabetical order."""
        names = [name.split("/") for name in self._files.list_names("versions")]
        whole = [parts[1] for parts in names if parts[2:] == [MANIFEST_NAME]]
        return sorted(version for version in whole if VERSION_PATTERN.fullmatch(version))

    def read_manifest(self, version: str) -> Manifest:
        """
        Read a version's manifest.

        Raises:
            UnknownVersionError: it is not stored.
            ManifestError: it breaks a rule.
        """
        return parse_manifest(self.read_manifest_file(version))

    def read_manifest_file(self, version: str) -> bytes:
        """
        Read a version's manifest.json as it was stored.

        Raises:
            UnknownVersionError: it is not stored.
        """
        return self._read(version, MANIFEST_NAME)

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
        if path not in {file.path for file in manifest.files}:
            raise UnknownVersionError(f"Version {manifest.version} lists no such file.", field="path")
        content = self._read(manifest.version, path)
        _check(manifest, path, content, "has changed since it was stored")
        return content

    def remove_version(self, version: str) -> None:
        """
        Remove a version; nothing if it is not there. Whoever calls has made sure that nobody wants it any more.

        Raises:
            ArtifactStoreError: the store cannot be used.
        """
        self._files.remove(_name_of(version, MANIFEST_NAME))
        for name in self._files.list_names(f"versions/{version}"):
            self._files.remove(name)

    def _compare(self, manifest: Manifest) -> None:
        stored = self.read_manifest(manifest.version)
        if stored.file_of("weights").sha256 != manifest.file_of("weights").sha256:
            raise VersionConflictError(f"Version {manifest.version} is stored already, with other weights.")

    def _read(self, version: str, path: str) -> bytes:
        name = _name_of(version, path)
        try:
            return self._files.read(name)
        except FileNotFoundError as missing:
            raise UnknownVersionError(f"Version {version} is not in the artifact store.", field="version") from missing

    def _write(self, version: str, path: str, content: bytes) -> None:
        """Write a file of a version that is not there yet; what a killed publish has left of it gives way."""
        try:
            self._files.create(_name_of(version, path), content)
        except FileExistsError:
            if not self._holds(version, path, content) and not self.has_version(version):
                self._files.replace(_name_of(version, path), content)

    def _write_manifest(self, manifest: Manifest, content: bytes) -> bool:
        """Complete a version; False if somebody else has completed it meanwhile, with the same weights."""
        try:
            self._files.create(_name_of(manifest.version, MANIFEST_NAME), content)
        except FileExistsError:
            self._compare(manifest)
            return False
        return True

    def _explain_arrival(self, manifest: Manifest) -> None:
        """Files are not there as they were sent: well, if somebody else has completed the version meanwhile."""
        if not self.has_version(manifest.version):
            words = "did not arrive in the artifact store as they were sent; store it again"
            raise ArtifactError(f"The files of version {manifest.version} {words}.")
        self._compare(manifest)

    def _have_the_last_word(self, manifest: Manifest, contents: Mapping[str, bytes]) -> None:
        """Put right what somebody who stored other files under this name at once wrote before they saw our manifest."""
        for path, content in contents.items():
            if not self._holds(manifest.version, path, content):
                self._files.replace(_name_of(manifest.version, path), content)

    def _holds(self, version: str, path: str, content: bytes) -> bool:
        try:
            return self._files.read(_name_of(version, path)) == content
        except FileNotFoundError:
            return False


def _name_of(version: str, path: str) -> str:
    if not VERSION_PATTERN.fullmatch(version):
        raise UnknownVersionError("A version's name is 12 hex digits.", field="version")
    return f"versions/{version}/{path}"


def _check(manifest: Manifest, path: str, content: bytes, words: str) -> None:
    (file,) = [file for file in manifest.files if file.path == path]
    if len(content) != file.size_bytes or hashlib.sha256(content).hexdigest() != file.sha256:
        raise ArtifactError(f"{path} of version {manifest.version} {words}.")
