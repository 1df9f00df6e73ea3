"""A backup of an older release is brought up to date, one of a newer refused; months come back as months."""

from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import BackupPlace, restore_backup
from doodle_db.doodle_counts import count_by_label
from doodle_db.errors import BackupError
from doodle_db.migrate import find_differences, is_migrated, migrate
from doodle_db.partitions import list_months
from doodle_db.training_counts import count_for_training
from doodle_testing.backups import ENOUGH, drop_everything, save
from doodle_testing.builders import doodle
from doodle_testing.kept import TRAIN


def test_a_backup_of_a_newer_release_is_refused(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, empty: Engine, other_store: ArtifactStore
) -> None:
    """Its rows may mean what this release does not know."""
    newer = save(filled, store, folder_place).model_copy(update={"schema_revision": "9999"})

    with pytest.raises(BackupError, match="restore it with the release that made it"):
        restore_backup(empty, other_store, folder_place, newer)


def test_a_backup_of_an_older_release_is_brought_up_to_date(
    empty: Engine, store: ArtifactStore, folder_place: BackupPlace
) -> None:
    """It is restored into the schema of its time, and then migrated: rows, ids, counts and watermarks are right."""
    migrate(empty, "0001")
    with empty.begin() as connection:
        for index, each in enumerate(TRAIN):
            connection.execute(text(OLD_DOODLE), old_doodle(each, month=index))
    old = save(empty, store, folder_place)
    drop_everything(empty)

    restore_backup(empty, store, folder_place, old)

    assert old.schema_revision == "0001"
    with empty.connect() as connection:
        assert is_migrated(connection)
        assert find_differences(connection) == []
        assert count_for_training(connection, at_most=ENOUGH).num_new == len(TRAIN)
        assert count_by_label(connection) == {"cat": len(TRAIN)}
        assert connection.execute(text("SELECT count(*) FROM doodle_ids")).scalar_one() == len(TRAIN)
        assert len(list_months(connection)) >= len(TRAIN)


def old_doodle(doodle_id: UUID, month: int) -> dict[str, object]:
    """Give the parameters of OLD_DOODLE; month 0 is January 2025."""
    return {"id": doodle_id, "bitmap": doodle(doodle_id).bitmap, "hash": bytes(32), "month": month}


OLD_DOODLE = """
    INSERT INTO doodles (id, label, bitmap, height, width, split, source, contributor, content_hash, created_at)
    VALUES (:id, 'cat', :bitmap, 28, 28, 'train', 'user', substr(:hash, 1, 16), :hash,
        TIMESTAMPTZ '2025-01-15 00:00Z' + :month * interval '1 month')
"""


def test_months_come_back_as_months(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, empty: Engine, other_store: ArtifactStore
) -> None:
    """Old months have their partitions again, so that they can be dropped, and counts that are right."""
    with filled.begin() as connection:
        connection.execute(text("SELECT make_doodle_month('2024-02-01')"))
        connection.execute(text(OLD_DOODLE), old_doodle(TRAIN[8], month=-11))

    restore_backup(empty, other_store, folder_place, save(filled, store, folder_place))

    with filled.connect() as before, empty.connect() as after:
        assert list_months(after) == list_months(before)
        assert count_by_label(after) == count_by_label(before)
        in_february = text("SELECT count(*) FROM doodles_user_2024_02")
        assert after.execute(in_february).scalar_one() == 1
