"""Nothing is ever half made or half put back, and what is damaged is found out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import BackupPlace, check_backup, restore_backup
from doodle_db.backups.record import BackupRecord
from doodle_db.errors import ArtifactError, BackupError, NotEmptyError, UnknownBackupError
from doodle_db.tables import doodles
from doodle_testing.backups import NOW, read_rows, save
from doodle_testing.kept import FIRST_VERSION, SECOND_VERSION
from doodle_testing.store_accidents import KilledError


def kill_at(target: Any, method: str, survive: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let something die at its n-th call."""
    step: Callable[..., Any] = getattr(target, method)
    calls: list[int] = []

    def die(*arguments: Any, **named: Any) -> Any:
        calls.append(1)
        if len(calls) > survive:
            raise KilledError
        return step(*arguments, **named)

    monkeypatch.setattr(target, method, die)


@pytest.mark.parametrize("survive", range(8))
def test_a_backup_that_is_killed_is_none(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, survive: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before its last file it does not exist; the next one is made as if nothing had been."""
    with monkeypatch.context() as killing:
        kill_at(folder_place._files, "create", survive, killing)
        kill_at(folder_place.versions._files, "create", survive, killing)
        try:
            save(filled, store, folder_place)
        except KilledError:
            was_killed = True
        else:
            was_killed = False

    assert folder_place.list_backups() == ([] if was_killed else ["20261121T030405Z"])
    check_backup(folder_place, save(filled, store, folder_place, NOW.replace(second=9)))


@pytest.mark.parametrize("survive", range(5))
def test_a_restore_that_is_killed_leaves_nothing(
    filled: Engine,
    record: BackupRecord,
    folder_place: BackupPlace,
    empty: Engine,
    other_store: ArtifactStore,
    survive: int,
) -> None:
    """No row is there before all of them are; doing it again succeeds."""
    with pytest.MonkeyPatch.context() as killing:
        kill_at(folder_place, "read_part", survive, killing)
        with pytest.raises(KilledError):
            restore_backup(empty, other_store, folder_place, record)
    assert all(rows == [] for rows in read_rows(empty).values())

    restore_backup(empty, other_store, folder_place, record)

    assert read_rows(empty) == read_rows(filled)


def test_an_installation_in_use_is_left_alone(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, tmp_path: Path
) -> None:
    """Nothing is ever overwritten by a restore."""
    record = save(filled, store, folder_place)
    before = read_rows(filled)

    with pytest.raises(NotEmptyError, match=r"table \w+ is not empty.*nothing has been changed"):
        restore_backup(filled, store, folder_place, record)

    assert read_rows(filled) == before


def test_a_damaged_backup_is_found_out(
    filled: Engine,
    store: ArtifactStore,
    folder_place: BackupPlace,
    empty: Engine,
    other_store: ArtifactStore,
    tmp_path: Path,
) -> None:
    """One flipped bit in rows or in a version's file is enough, for the check and for the restore."""
    record = save(filled, store, folder_place)
    path = tmp_path / "place" / "backups" / record.name / "doodles-00001.copy.gz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    with pytest.raises(BackupError, match=r"doodles-00001\.copy\.gz of backup .* is damaged"):
        check_backup(folder_place, record)
    with pytest.raises(BackupError, match="damaged"):
        restore_backup(empty, other_store, folder_place, record)
    with empty.connect() as connection:
        assert connection.execute(select(func.count()).select_from(doodles)).scalar_one() == 0
    path.unlink()
    with pytest.raises(BackupError, match="is missing"):
        check_backup(folder_place, record)


def test_a_damaged_version_is_found_out(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, tmp_path: Path
) -> None:
    """Its files have their hashes in its manifest."""
    record = save(filled, store, folder_place)
    check_backup(folder_place, record)
    (tmp_path / "place" / "versions" / FIRST_VERSION / "weights.npz").write_bytes(b"other")

    with pytest.raises(ArtifactError):
        check_backup(folder_place, record)


def test_versions_the_store_has_lost_are_named(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, tmp_path: Path
) -> None:
    """What is left is saved all the same; whoever makes the backup is told what is missing."""
    (tmp_path / "artifacts" / "versions" / FIRST_VERSION / "manifest.json").unlink()

    record = save(filled, store, folder_place)

    assert (record.versions, record.missing_versions) == ([SECOND_VERSION], [FIRST_VERSION])


def test_a_place_without_the_backup_says_what_there_is(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace
) -> None:
    """Without a name the newest is meant."""
    with pytest.raises(UnknownBackupError, match="there is none"):
        folder_place.read_record()
    save(filled, store, folder_place)

    assert folder_place.read_record().name == "20261121T030405Z"
    with pytest.raises(UnknownBackupError, match="there are 20261121T030405Z"):
        folder_place.read_record("20260101T000000Z")


def test_two_backups_of_one_second_do_not_mix(filled: Engine, store: ArtifactStore, folder_place: BackupPlace) -> None:
    """The second is refused before it can change a file of the first."""
    save(filled, store, folder_place)

    with pytest.raises(BackupError, match="another backup was begun in the same second"):
        save(filled, store, folder_place)


def test_a_database_without_a_schema_is_no_backup(
    empty: Engine, store: ArtifactStore, folder_place: BackupPlace
) -> None:
    """Somebody named another database: better no backup than an empty one."""
    with pytest.raises(BackupError, match="has no schema"):
        save(empty, store, folder_place)
