"""A backup brings back everything, wherever it lies; and nothing is ever half made or half put back."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import fsspec
import pytest
from sqlalchemy import Engine, func, select, text

from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import BackupPlace, check_backup, make_backup, restore_backup, table_copies
from doodle_db.backups.record import BackupRecord
from doodle_db.doodle_counts import count_by_label
from doodle_db.doodles import store_doodles
from doodle_db.engine import connect_to
from doodle_db.errors import ArtifactError, BackupError, NotEmptyError, UnknownBackupError
from doodle_db.migrate import find_differences, is_migrated, migrate
from doodle_db.model_registry import deploy, find_live
from doodle_db.partitions import list_months
from doodle_db.runs import find_lost_runs
from doodle_db.tables import doodles, operators
from doodle_db.training_counts import count_for_training, read_last_look, read_live_watermark
from doodle_db.training_sets import select_new, select_replay
from doodle_db.watermark import read_horizon
from doodle_testing.artifact_contract import KilledError
from doodle_testing.builders import LABEL_SET, doodle
from doodle_testing.kept import FIRST_VERSION, RUNNING, SECOND_VERSION, TRAIN, fill_installation, read_kept
from doodle_testing.object_store import ObjectStore

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
ENOUGH = 100


@pytest.fixture(params=["folder", "memory", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BackupPlace]:
    """A place for backups: each kind there is."""
    if request.param == "s3":
        aws: ObjectStore = request.getfixturevalue("object_store")
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        for name, value in aws.environment.items():
            monkeypatch.setenv(name, value)
        yield BackupPlace(f"s3://{aws.make_bucket()}/backups")
    elif request.param == "memory":
        root = f"memory://{uuid4().hex}"
        yield BackupPlace(root)
        fsspec.filesystem("memory").rm(root, recursive=True)
    else:
        yield BackupPlace(str(tmp_path / "place"))


@pytest.fixture
def folder_place(tmp_path: Path) -> BackupPlace:
    """A folder for backups, for what does not depend on the kind."""
    return BackupPlace(str(tmp_path / "place"))


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    """The versions of the installation that is saved."""
    return ArtifactStore(str(tmp_path / "artifacts"))


@pytest.fixture
def other_store(tmp_path: Path) -> ArtifactStore:
    """The versions of the installation that is restored into."""
    return ArtifactStore(str(tmp_path / "other"))


@pytest.fixture
def filled(engine: Engine, store: ArtifactStore, tmp_path: Path) -> Engine:
    """An installation with some of everything."""
    fill_installation(engine, store, tmp_path / "made", NOW)
    return engine


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    """A database nobody has started anything on."""
    engine = connect_to(empty_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def record(filled: Engine, store: ArtifactStore, folder_place: BackupPlace) -> BackupRecord:
    """A backup of it in a folder."""
    return save(filled, store, folder_place)


def save(engine: Engine, store: ArtifactStore, place: BackupPlace, now: datetime = NOW) -> BackupRecord:
    return make_backup(engine, store, place, now=now, contributor_key_check=None)


def read_rows(engine: Engine) -> dict[str, Any]:
    with engine.connect() as connection:
        return read_kept(connection)


def training_view(engine: Engine) -> tuple[int, bool, bytes, bytes]:
    """What training sees: how many doodles are new, whether a run waits, which a run would read as new and as old."""
    with engine.connect() as connection:
        counts = count_for_training(connection, at_most=ENOUGH)
        watermark = read_live_watermark(connection)
        new = select_new(connection, LABEL_SET, watermark, read_horizon(connection))
        old = select_replay(connection, LABEL_SET, watermark, ENOUGH, UUID(int=0))
    return counts.num_new, counts.is_waiting, new.bitmaps.tobytes(), old.bitmaps.tobytes()


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

    with pytest.raises(NotEmptyError, match=r"table doodles is not empty.*nothing has been changed"):
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


def drop_everything(engine: Engine) -> None:
    """Make a database empty again."""
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


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
