"""Files by name under one address, wherever that is: a folder, S3 (doodle_db.s3_files), or what fsspec knows."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Protocol
from urllib.parse import urlsplit
from uuid import uuid4

import fsspec

from doodle_db.errors import ArtifactStoreError

_HALF_WRITTEN = ".part"
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES})
"""What file systems without hard links answer (FAT, some network mounts)."""


MEDIA_TYPES = {"json": "application/json", "png": "image/png", "svg": "image/svg+xml", "txt": "text/plain"}
"""By the end of a name, as nginx tells them apart; anything else is bytes."""


def media_type_of(name: str) -> str:
    """
    Tell what is in a file, by the end of its name.

    >>> media_type_of("model.json"), media_type_of("weights.bin")
    ('application/json', 'application/octet-stream')
    """
    return MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")


class StoredFiles(Protocol):
    """
    A few small files. The contract, whatever lies underneath:

    * A name is relative, its parts joined by `/`; whoever calls has checked it.
    * A file is there as a whole or not at all, and is on the disk, or in the bucket, once its writing returns.
    * `create` never overwrites: of several who create a name at once, one succeeds. Where the store cannot promise
      that (a file system without hard links, S3 without conditional writes), it looks first, and then writes.
    * Any number of threads and processes may do anything at once.
    * A store that cannot be used is an ArtifactStoreError that says what to do and holds no secret: within half a
      minute, or after two where a file is being written.
    """

    def create(self, name: str, content: bytes) -> None:
        """
        Write a file that is not there yet.

        Raises:
            FileExistsError: it is there.
            ArtifactStoreError: the store cannot be used.
        """

    def replace(self, name: str, content: bytes) -> None:
        """
        Write a file, whether it is there or not.

        Raises:
            ArtifactStoreError: the store cannot be used.
        """

    def read(self, name: str) -> bytes:
        """
        Read a file.

        Raises:
            FileNotFoundError: it is not there.
            ArtifactStoreError: the store cannot be used.
        """

    def exists(self, name: str) -> bool:
        """
        Tell whether a file is there.

        Raises:
            ArtifactStoreError: the store cannot be used.
        """

    def remove(self, name: str) -> None:
        """
        Remove a file; nothing if it is not there.

        Raises:
            ArtifactStoreError: the store cannot be used.
        """

    def list_names(self, folder: str) -> list[str]:
        """
        List the files of a folder and of those in it, by name; nothing if there is no such folder.

        Raises:
            ArtifactStoreError: the store cannot be used.
        """


def open_files(url: str) -> StoredFiles:
    """
    Find out what an address means; nothing is connected or written yet.

    Args:
        url: a folder's path, file:///…, s3://bucket/prefix, memory://… or another address fsspec knows.

    Raises:
        ArtifactStoreError: it is no such address, or what it needs is not installed.
    """
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise ArtifactStoreError("An address holds no password: give s3://bucket/prefix, and AWS_* for who asks.")
    if parts.scheme == "s3":
        return _open_s3(url)
    try:
        files, root = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as unknown:
        raise ArtifactStoreError(f"{url} is no address that can be used here: {unknown}") from unknown
    if isinstance(files, fsspec.get_filesystem_class("file")):
        return FolderFiles(Path(root))
    return FsspecFiles(files, root)


def _open_s3(url: str) -> StoredFiles:
    # Loaded by whoever uses it only: obstore is an optional extra, and 15 MB of it need not be in every process.
    try:
        from doodle_db.s3_files import S3Files  # noqa: PLC0415
    except ImportError as missing:
        raise ArtifactStoreError(f"{url} needs the package obstore: install doodle-db[s3].") from missing
    return S3Files(url)


class FolderFiles:
    """Files in a folder: written aside, then given their name."""

    def __init__(self, folder: Path) -> None:
        """
        Args:
            folder: need not be there yet.
        """
        self._folder = folder

    def create(self, name: str, content: bytes) -> None:
        """Write a file that is not there yet: a second name is given only where there is none, by the system."""
        with self._explained(), self._aside(name, content) as aside:
            try:
                os.link(aside, self._folder / name)
            except OSError as refused:
                if refused.errno not in _NO_LINKS:
                    raise
                if (self._folder / name).exists():
                    raise FileExistsError(name) from refused
                aside.replace(self._folder / name)

    def replace(self, name: str, content: bytes) -> None:
        """Write a file, whether it is there or not."""
        with self._explained(), self._aside(name, content) as aside:
            aside.replace(self._folder / name)

    def read(self, name: str) -> bytes:
        """Read a file."""
        with self._explained():
            return (self._folder / name).read_bytes()

    def exists(self, name: str) -> bool:
        """Tell whether a file is there."""
        with self._explained():
            return (self._folder / name).is_file()

    def remove(self, name: str) -> None:
        """Remove a file, and its folder with the last one."""
        path = self._folder / name
        with self._explained():
            path.unlink(missing_ok=True)
            if path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()

    def list_names(self, folder: str) -> list[str]:
        """List the files of a folder, those left out that are still being written."""
        with self._explained():
            found = [path for path in (self._folder / folder).rglob("*") if path.is_file()]
        return sorted(path.relative_to(self._folder).as_posix() for path in found if path.suffix != _HALF_WRITTEN)

    @contextmanager
    def _aside(self, name: str, content: bytes) -> Iterator[Path]:
        """Hold a complete file beside the one to be; what is named in the block is on the disk after it."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.{uuid4().hex}{_HALF_WRITTEN}")
        try:
            with aside.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            yield aside
            _sync_folder(path.parent)
        finally:
            aside.unlink(missing_ok=True)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, FileExistsError):
            raise
        except OSError as refused:
            words = f"The artifact store's folder {self._folder} cannot be used: {refused.strerror}."
            raise ArtifactStoreError(f"{words} Look at its owner, its rights and the room on its disk.") from refused


def _sync_folder(folder: Path) -> None:
    """Bring a new name to the disk: a file whose content is there may still have lost it after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class FsspecFiles:
    """Files in a store fsspec knows: `memory://` in tests. fsspec promises no exclusive writing, so we look first."""

    _looking = Lock()
    """One for all: two stores may be at the same address."""

    def __init__(self, files: fsspec.AbstractFileSystem, root: str) -> None:
        """
        Args:
            files: the store.
            root: where in it.
        """
        self._files = files
        self._root = root.rstrip("/")

    def create(self, name: str, content: bytes) -> None:
        """Write a file that is not there yet."""
        with self._looking:
            if self._files.exists(self._at(name)):
                raise FileExistsError(name)
            self._files.pipe_file(self._at(name), content)

    def replace(self, name: str, content: bytes) -> None:
        """Write a file, whether it is there or not."""
        self._files.pipe_file(self._at(name), content)

    def read(self, name: str) -> bytes:
        """Read a file."""
        return bytes(self._files.cat_file(self._at(name)))

    def exists(self, name: str) -> bool:
        """Tell whether a file is there."""
        return bool(self._files.exists(self._at(name)))

    def remove(self, name: str) -> None:
        """Remove a file."""
        if self._files.exists(self._at(name)):
            self._files.rm_file(self._at(name))

    def list_names(self, folder: str) -> list[str]:
        """List the files of a folder."""
        return sorted(str(path).removeprefix(f"{self._root}/") for path in self._files.find(self._at(folder)))

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"
