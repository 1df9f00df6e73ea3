"""Whether a backup is still what was written: every file is read, nothing is changed."""

import gzip
import zlib

from doodle_db.backups.backup import Tell
from doodle_db.backups.place import BackupPlace
from doodle_db.backups.record import BackupRecord, Part
from doodle_db.backups.versions import check_version
from doodle_db.errors import BackupError


def check_backup(place: BackupPlace, record: BackupRecord, tell: Tell = lambda _: None) -> None:
    """
    Compare every file of a backup with its hash, and count its rows.

    Raises:
        BackupError: a file of the database is missing or damaged.
        ArtifactError, UnknownVersionError: one of a version is.
    """
    for copy in record.tables:
        for part in copy.parts:
            tell(part.name)
            read_rows(place, record.name, part)
    for version in record.versions:
        tell(f"version {version}")
        check_version(place.versions, version)


def read_rows(place: BackupPlace, backup: str, part: Part) -> bytes:
    """
    Read the rows of a part, in COPY's text format.

    Raises:
        BackupError: the file is missing or damaged.
    """
    content = place.read_part(backup, part)
    try:
        rows = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as broken:
        raise BackupError(f"{part.name} of backup {backup} is no gzip file; take another backup.") from broken
    if rows.count(b"\n") != part.num_rows:
        raise BackupError(f"{part.name} of backup {backup} has not {part.num_rows} rows; take another backup.")
    return rows
