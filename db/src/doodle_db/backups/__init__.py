"""Backups: database and versions together, checked by hashes, and put back into an empty installation."""

from doodle_db.backups.backup import make_backup
from doodle_db.backups.check import check_backup
from doodle_db.backups.key_check import check_value_of
from doodle_db.backups.place import BackupPlace
from doodle_db.backups.record import BackupRecord
from doodle_db.backups.restoration import restore_backup

__all__ = ["BackupPlace", "BackupRecord", "check_backup", "check_value_of", "make_backup", "restore_backup"]
