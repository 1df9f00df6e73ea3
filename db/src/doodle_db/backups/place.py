"""Where backups lie: many beside each other, with the versions they share."""

import hashlib

from doodle_db.artifacts import ArtifactStore
from doodle_db.backups.record import RECORD_NAME, BackupRecord, Part, parse_record
from doodle_db.errors import BackupError, UnknownBackupError
from doodle_db.stored_files import open_files

FOLDER = "backups"


class BackupPlace:
    """
    Backups by name. The contract:

    * A backup exists if and only if its backup.json exists, and that is written last.
    * A backup never changes. Nothing is ever overwritten, and nothing is removed.
    * Versions lie beside the backups, as in an artifact store, once for all of them.

    Attributes:
        url: where they lie: `<url>/backups/<name>/…` and `<url>/versions/<version>/…`.
        versions: the files of versions.
    """

    def __init__(self, url: str) -> None:
        """
        Args:
            url: a folder's path, or an address: file:///…, s3://bucket/prefix, memory://…

        Raises:
            ArtifactStoreError: it is no address that can be used here.
        """
        self.url = url
        self.versions = ArtifactStore(url)
        self._files = open_files(url)

    def list_backups(self) -> list[str]:
        """List the names of the backups that are there as a whole, oldest first."""
        names = [name.split("/") for name in self._files.list_names(FOLDER)]
        return sorted(parts[1] for parts in names if parts[2:] == [RECORD_NAME])

    def read_record(self, name: str | None = None) -> BackupRecord:
        """
        Read what a backup holds.

        Args:
            name: of the backup; None: the newest.

        Raises:
            UnknownBackupError: it is not there.
            BackupError: its backup.json is damaged.
        """
        known = self.list_backups()
        chosen = name or (known[-1] if known else None)
        if chosen not in known:
            there = f"there are {', '.join(known[-5:])}" if known else "there is none"
            raise UnknownBackupError(f"No backup{f' {name}' if name else ''} is at {self.url}: {there}.")
        return parse_record(self._files.read(f"{FOLDER}/{chosen}/{RECORD_NAME}"))

    def write_record(self, record: BackupRecord) -> None:
        """
        Complete a backup.

        Raises:
            BackupError: another one of this name is there.
        """
        self._create(record.name, RECORD_NAME, record.model_dump_json(indent=1).encode())

    def write_part(self, backup: str, name: str, content: bytes) -> None:
        """
        Write one file of a backup that is being made.

        Raises:
            BackupError: another backup of this name is there, or is being made.
        """
        self._create(backup, name, content)

    def read_part(self, backup: str, part: Part) -> bytes:
        """
        Read one file of a backup, and make sure it is the one that was written.

        Raises:
            BackupError: it is missing or damaged.
        """
        try:
            content = self._files.read(f"{FOLDER}/{backup}/{part.name}")
        except FileNotFoundError as missing:
            raise BackupError(f"{part.name} of backup {backup} is missing; take another backup.") from missing
        if len(content) != part.size_bytes or hashlib.sha256(content).hexdigest() != part.sha256:
            raise BackupError(f"{part.name} of backup {backup} is damaged: its SHA-256 differs; take another backup.")
        return content

    def _create(self, backup: str, name: str, content: bytes) -> None:
        try:
            self._files.create(f"{FOLDER}/{backup}/{name}", content)
        except FileExistsError as there:
            raise BackupError(
                f"{FOLDER}/{backup}/{name} is there already: another backup was begun in the same second. Begin again."
            ) from there
