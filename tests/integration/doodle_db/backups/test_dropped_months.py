"""What is left of a dropped month until it is cleared up keeps no backup from coming back."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, Engine, insert, select, text

from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import BackupPlace, check_backup, restore_backup, table_copies
from doodle_db.backups.record import BackupRecord
from doodle_db.partitions import clear_dropped, drop_month
from doodle_db.tables import reviews, screenings
from doodle_testing.backups import NOW, read_rows, save
from doodle_testing.builders import SOMEBODY, doodle
from doodle_testing.kept import TRAIN

JANUARY = date(2020, 1, 1)
DROPPED = TRAIN[8]

STORE = text("""
    INSERT INTO doodles (id, label, bitmap, height, width, split, source, contributor, content_hash, created_at)
    VALUES (:id, 'cat', :bitmap, 28, 28, 'train', 'user', :contributor, sha256(:bitmap), :created_at)
""")


@pytest.fixture
def dropped(filled: Engine) -> Engine:
    """An installation with some of everything, and a month dropped by a command that was killed before it cleared."""
    with filled.begin() as connection:
        connection.execute(text("SELECT make_doodle_month(:month)"), {"month": JANUARY})
        _draw_in_january(connection)
    with filled.begin() as connection:
        assert drop_month(connection, JANUARY) == 1
    return filled


def _draw_in_january(connection: Connection) -> None:
    """Store a doodle that a run has screened out, and an operator has accepted."""
    moment = datetime(2020, 1, 15, tzinfo=UTC)
    bitmap = doodle(DROPPED).bitmap
    drawn = {"id": DROPPED, "bitmap": bitmap, "contributor": SOMEBODY, "created_at": moment}
    connection.execute(STORE, drawn)
    was = {"label_before": "cat", "status_before": "quarantined", "label": "cat", "status": "accepted"}
    accepted = insert(reviews).values(
        doodle=DROPPED, action="accept", **was, operator="ada", reason="a cat", reviewed_at=NOW
    )
    number = connection.execute(accepted.returning(reviews.c.review)).scalar_one()
    why = {"outcome": "quarantined", "reason": "label", "words": "Looks like a dog.", "numbers": {}}
    screened = {"screener": 1, "screened_at": NOW, "review": number}
    connection.execute(insert(screenings).values(doodle=DROPPED, created_at=moment, **why, **screened))


def num_rows(record: BackupRecord) -> tuple[int, int]:
    return record.num_rows_of("screenings"), record.num_rows_of("reviews")


def test_a_backup_holds_nothing_about_what_it_does_not_hold(
    dropped: Engine, store: ArtifactStore, folder_place: BackupPlace, empty: Engine, other_store: ArtifactStore
) -> None:
    """Decisions about doodles of a dropped month wait to be cleared; a backup is what is there when they are."""
    record = save(dropped, store, folder_place)
    check_backup(folder_place, record)

    restore_backup(empty, other_store, folder_place, record)

    assert num_rows(record) == (1, 1)
    assert clear_dropped(dropped) == 1
    assert read_rows(empty) == read_rows(dropped)


def test_a_backup_that_holds_such_decisions_comes_back_without_them(
    dropped: Engine,
    store: ArtifactStore,
    folder_place: BackupPlace,
    empty: Engine,
    other_store: ArtifactStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Backups were made with them: all else in them is restored, and reviews go on with numbers nobody has seen."""
    with monkeypatch.context() as before:
        before.setattr(table_copies, "find_doodle_column", lambda _connection, _table: None)
        record = save(dropped, store, folder_place)
    assert num_rows(record) == (2, 2)

    restore_backup(empty, other_store, folder_place, record)

    assert clear_dropped(dropped) == 1
    assert read_rows(empty) == read_rows(dropped)
    with empty.connect() as connection:
        next_review = text("SELECT nextval(pg_get_serial_sequence('reviews', 'review'))")
        assert connection.execute(next_review).scalar_one() == 2 + 1_000 + 1
        assert connection.execute(select(screenings.c.doodle)).scalars().all() == [TRAIN[1]]
