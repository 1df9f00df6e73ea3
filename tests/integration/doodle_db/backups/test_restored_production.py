"""How the guesses did is counted anew from the doodles that come back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import BackupPlace, restore_backup
from doodle_db.doodles import store_doodles
from doodle_db.production import Production, Span, read_production
from doodle_testing.backups import save
from doodle_testing.builders import doodle, ids_of_split
from doodle_testing.kept import SECOND_VERSION


def read(engine: Engine) -> Production:
    """Read a few years of it: the installation's own clock is a test's."""
    now = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with engine.connect() as connection:
        return read_production(connection, Span("day", now - timedelta(days=10), now + timedelta(days=2)))


def test_a_restore_counts_guesses_under_their_versions(
    filled: Engine, store: ArtifactStore, folder_place: BackupPlace, empty: Engine, other_store: ArtifactStore
) -> None:
    """What was live comes back before the doodles do, so each is counted under the version that guessed."""
    sent = [doodle(each) for each in ids_of_split("test", 4, start=5_000)]
    guessed: dict[str, Any] = {"guess": "cat", "confidence": 0.8, "model_version": SECOND_VERSION, "known": True}
    with filled.begin() as connection:
        store_doodles(connection, [replace(each, **guessed) for each in sent])
    before = read(filled)
    save(filled, store, folder_place)

    restore_backup(empty, other_store, folder_place, folder_place.read_record())

    assert before.versions[SECOND_VERSION].num_right == 4
    assert read(empty) == before
