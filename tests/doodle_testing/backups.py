"""Backups, and what must come back from them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import BackupPlace, make_backup
from doodle_db.backups.record import BackupRecord
from doodle_db.training_counts import count_for_training, read_live_watermark
from doodle_db.training_sets import select_new, select_replay
from doodle_db.watermark import read_horizon
from doodle_testing.builders import LABEL_SET
from doodle_testing.kept import read_kept

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
ENOUGH = 100


def save(engine: Engine, store: ArtifactStore, place: BackupPlace, now: datetime = NOW) -> BackupRecord:
    """Make a backup."""
    return make_backup(engine, store, place, now=now, contributor_key_check=None)


def read_rows(engine: Engine) -> dict[str, Any]:
    """Read what a backup must bring back."""
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


def drop_everything(engine: Engine) -> None:
    """Make a database empty again."""
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
