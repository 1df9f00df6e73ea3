"""The files of versions, from wherever the artifact store is: each is fetched and checked once, then kept a while."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

import gevent
from sqlalchemy import Engine

from doodle_db.artifacts import MANIFEST_NAME, ArtifactStore
from doodle_db.errors import ArtifactError, UnknownVersionError
from doodle_db.manifest import VERSION_PATTERN, Manifest, parse_manifest
from doodle_db.model_registry import get_manifest

MAX_KEPT_BYTES = 16 * 1024 * 1024
"""Per process: a version is below 2 MB, and few are asked for at any time."""

NUM_QUEUES = 16

Result = TypeVar("Result")


@dataclass(frozen=True)
class KeptFile:
    """
    A file of a version.

    Attributes:
        content: what the manifest says it is.
        sha256: of the content, in hex.
    """

    content: bytes
    sha256: str


class VersionFiles:
    """
    Reads the files of registered versions.

    What a version's manifest does not list is never asked of the store, and what is no registered version costs one
    look into the database. Safe for any number of greenlets: of those who ask for the same file at once, one fetches
    it, and the others wait for it.
    """

    def __init__(self, engine: Engine, store: ArtifactStore | None, max_kept_bytes: int = MAX_KEPT_BYTES) -> None:
        """
        Args:
            engine: the database.
            store: holds the versions; None: no file is there, because nginx reads the folder by itself.
            max_kept_bytes: what is kept of them in memory, in bytes.
        """
        self._engine = engine
        self._store = store
        self._kept: OrderedDict[tuple[str, str], KeptFile] = OrderedDict()
        self._max_kept_bytes = max_kept_bytes
        self._queues = [Lock() for _ in range(NUM_QUEUES)]
        self._keeping = Lock()

    @property
    def has_store(self) -> bool:
        """Whether there is a store to read from."""
        return self._store is not None

    def read(self, version: str, path: str) -> KeptFile:
        """
        Read a file of a version.

        Args:
            version: as a client wrote it.
            path: as a client wrote it; one of the manifest's, or manifest.json.

        Raises:
            UnknownVersionError: there is no such version, or it has no such file.
            ArtifactError: the file is not what the manifest says.
            ArtifactStoreError: the store cannot be used now.
        """
        if self._store is None or not VERSION_PATTERN.fullmatch(version):
            raise UnknownVersionError(field="version")
        key = (version, path)
        with self._queues[hash(key) % NUM_QUEUES]:
            file = self._kept.get(key) or self._fetch(self._store, version, path)
            self._keep(key, file)
            return file

    def _fetch(self, store: ArtifactStore, version: str, path: str) -> KeptFile:
        with self._engine.connect() as connection:
            manifest = get_manifest(connection, version)
        content = aside(lambda: _read_checked(store, manifest, path))
        return KeptFile(content, hashlib.sha256(content).hexdigest())

    def _keep(self, key: tuple[str, str], file: KeptFile) -> None:
        with self._keeping:
            self._kept[key] = file
            self._kept.move_to_end(key)
            while sum(len(kept.content) for kept in self._kept.values()) > self._max_kept_bytes:
                self._kept.popitem(last=False)


def _read_checked(store: ArtifactStore, manifest: Manifest, path: str) -> bytes:
    if path != MANIFEST_NAME:
        return store.read_file(manifest, path)
    content = store.read_manifest_file(manifest.version)
    if parse_manifest(content) != manifest:
        raise ArtifactError(f"{MANIFEST_NAME} of version {manifest.version} is not the one that was registered.")
    return content


def aside(task: Callable[[], Result]) -> Result:
    """Do what waits without gevent's knowing of it in a real thread, while other greenlets go on."""
    result: Result = gevent.get_hub().threadpool.apply(task)
    return result
