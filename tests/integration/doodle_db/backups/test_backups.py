"""A backup brings back everything, wherever it lies."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import BackupPlace, make_backup, restore_backup, table_copies
from doodle_db.doodles import store_doodles
from doodle_db.migrate import find_differences, is_migrated
from doodle_db.model_registry import deploy, find_live
from doodle_db.runs import find_lost_runs
from doodle_db.tables import operators
from doodle_db.training_counts import count_for_training, read_last_look, read_live_watermark
from doodle_db.training_sets import select_new
from doodle_db.watermark import read_horizon
from doodle_testing.backups import ENOUGH, NOW, drop_everything, read_rows, save, training_view
from doodle_testing.builders import LABEL_SET, doodle
from doodle_testing.kept import FIRST_VERSION, RUNNING, SECOND_VERSION, TRAIN


def test_everything_comes_back(
    filled: Engine, store: ArtifactStore, place: BackupPlace, empty: Engine, other_store: ArtifactStore
) -> None:
    """Every row equal, every version with its files, and the schema as it should be."""
    save(filled, store, place)

    restore_backup(empty, other_store, place, place.read_record())

    assert read_rows(empty) == read_rows(filled)
    assert training_view(empty) == training_view(filled)
    for version in (FIRST_VERSION, SECOND_VERSION):
        manifest = store.read_manifest(version)
        assert [other_store.read_file(manifest, file.path) for file in manifest.files] == [
            store.read_file(manifest, file.path) for file in manifest.files
        ]
    with empty.connect() as connection:
        assert is_migrated(connection)
        assert find_differences(connection) == []
    assert read_indexes(empty) == read_indexes(filled)


def read_indexes(engine: Engine) -> set[tuple[str, str]]:
    """Read what is indexed how, in every table and partition, whatever an index is called."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'"))
        return {(row.tablename, re.sub(r"INDEX \S+ ON", "INDEX ON", row.indexdef)) for row in rows}


def test_many_parts_are_one_table(
    filled: Engine,
    store: ArtifactStore,
    folder_place: BackupPlace,
    empty: Engine,
    other_store: ArtifactStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Memory is bounded by the size of a part, and no row is cut by it."""
    monkeypatch.setattr(table_copies, "PART_BYTES", 2_000)
    record = save(filled, store, folder_place)

    restore_backup(empty, other_store, folder_place, record)

    assert max(len(copy.parts) for copy in record.tables) > 3
    assert read_rows(empty) == read_rows(filled)


def test_what_is_recorded_after_a_restore_is_new(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, empty: Engine, other_store: ArtifactStore
) -> None:
    """The new cluster's numbers may be lower than the old one's: they count as later all the same."""
    save(filled, store, folder_place)
    before = training_view(filled)[0]
    restore_backup(empty, other_store, folder_place, folder_place.read_record())

    with empty.begin() as connection:
        store_doodles(connection, [doodle(TRAIN[8], ink=99)])

    with empty.connect() as connection:
        assert count_for_training(connection, at_most=ENOUGH).num_new == before + 1
        new = select_new(connection, LABEL_SET, read_last_look(connection), read_horizon(connection))
    assert 99 in new.bitmaps.max(axis=(1, 2))


def test_a_second_restore_counts_as_the_first(
    filled: Engine,
    store: ArtifactStore,
    folder_place: BackupPlace,
    empty: Engine,
    other_store: ArtifactStore,
    tmp_path: Path,
) -> None:
    """Numbers that were moved once are moved again, and none overflows."""
    save(filled, store, folder_place)
    restore_backup(empty, other_store, folder_place, folder_place.read_record())
    again = BackupPlace(str(tmp_path / "again"))

    record = save(empty, other_store, again)
    drop_everything(filled)
    restore_backup(filled, store, again, record)

    assert read_rows(filled) == read_rows(empty)
    assert training_view(filled) == training_view(empty)


def test_a_version_made_elsewhere_has_learnt_nothing_here(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, empty: Engine, other_store: ArtifactStore
) -> None:
    """Watermark zero, of a shipped version, stays below every doodle, though those of a restore are below zero."""
    with filled.begin() as connection:
        deploy(
            connection, FIRST_VERSION, kind="rollback", actor="operator", reason="Worse.", expected_live=SECOND_VERSION
        )
    save(filled, store, folder_place)
    restore_backup(empty, other_store, folder_place, folder_place.read_record())

    assert training_view(empty) == training_view(filled)
    with empty.connect() as connection:
        new = select_new(connection, LABEL_SET, read_live_watermark(connection), read_horizon(connection))
    assert len(new) == 7


def test_the_history_goes_on_with_numbers_nobody_has_seen(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, empty: Engine, other_store: ArtifactStore
) -> None:
    """Deployments keep their numbers; one made after the backup, and lost, has left its number in browsers' caches."""
    save(filled, store, folder_place)
    restore_backup(empty, other_store, folder_place, folder_place.read_record())

    with empty.begin() as connection:
        before = find_live(connection)
        after = deploy(
            connection, FIRST_VERSION, kind="rollback", actor="operator", reason="Worse.", expected_live=SECOND_VERSION
        )

    assert before is not None
    assert (before.deployment, before.version) == (2, SECOND_VERSION)
    assert after.deployment == 2 + 1_000 + 1


def test_a_run_that_was_under_way_wants_a_job(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, empty: Engine, other_store: ArtifactStore
) -> None:
    """Its worker is silent in the new installation, so a worker there takes it up again."""
    save(filled, store, folder_place)

    restore_backup(empty, other_store, folder_place, folder_place.read_record())

    with empty.connect() as connection:
        assert find_lost_runs(connection, NOW) == [RUNNING]


def test_nobody_may_steer_by_a_backup(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, empty: Engine, other_store: ArtifactStore
) -> None:
    """A token that was changed since, because somebody knew it, does not come back to life."""
    with filled.begin() as connection:
        connection.execute(operators.insert().values(name="operator", token_hash=bytes(32)))
    save(filled, store, folder_place)
    restore_backup(empty, other_store, folder_place, folder_place.read_record())

    with empty.connect() as connection:
        assert connection.execute(select(operators)).all() == []


def test_a_backup_is_of_one_moment(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, empty: Engine
) -> None:
    """What is written while it is being made is not in it, neither the doodle nor the version."""
    before = read_rows(filled)
    added: list[str] = []

    def go_on(what: str) -> None:
        if what.startswith("runs") and not added:
            added.append(what)
            with filled.begin() as connection:
                store_doodles(connection, [doodle(TRAIN[8])])

    record = make_backup(filled, store, folder_place, now=NOW, contributor_key_check=None, tell=go_on)
    restore_backup(empty, store, folder_place, record)

    assert added
    assert read_rows(empty) == before


def test_versions_are_copied_once(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, tmp_path: Path
) -> None:
    """They never change, so the next backup at a place finds them there."""
    save(filled, store, folder_place)
    copied = {path: path.stat().st_mtime_ns for path in (tmp_path / "place" / "versions").rglob("*") if path.is_file()}

    save(filled, store, folder_place, NOW.replace(second=6))

    assert folder_place.list_backups() == ["20261121T030405Z", "20261121T030406Z"]
    assert {path: path.stat().st_mtime_ns for path in copied} == copied
    assert len(copied) == 6


def test_deleted_versions_are_not_missed(filled: Engine, store: ArtifactStore, folder_place: BackupPlace) -> None:
    """Their rows are kept, their files are gone on purpose: the backup is whole without them."""
    record = save(filled, store, folder_place)

    assert (set(record.versions), record.missing_versions) == ({FIRST_VERSION, SECOND_VERSION}, [])
