"""0016 meets checks for drift that still name erased drawings: only those that are there stay, in every check."""

from uuid import UUID, uuid4

from sqlalchemy import Engine, select, text, update

from doodle_db.doodles import store_doodles
from doodle_db.drift import SIDES
from doodle_db.engine import connect_to
from doodle_db.migrate import find_differences, is_migrated, migrate
from doodle_db.migrations.versions.v0016_forgotten_samples import _CLEAN
from doodle_db.tables import drift_checks
from doodle_testing.builders import doodle
from doodle_testing.reported import show_in_check

KEPT, GONE = UUID(int=1, version=4), uuid4()


def samples(engine: Engine) -> list[dict[str, object]]:
    with engine.connect() as connection:
        return [each["samples"] for each in connection.execute(select(drift_checks.c.pictures)).scalars()]


def test_ids_of_drawings_that_are_gone_go_too(empty_database_url: str) -> None:
    """A check without a gap stays as it is; done twice, as after a kill, it is the same."""
    engine = connect_to(empty_database_url)
    migrate(engine, "0015")
    with engine.begin() as connection:
        store_doodles(connection, [doodle(KEPT)])
        show_in_check(connection, KEPT, GONE)
        show_in_check(connection, KEPT)
        # What erasing left behind.
        left = text("jsonb_set(pictures, '{samples,then}', '[]')")
        connection.execute(update(drift_checks).values(pictures=left))
    with engine.connect() as killed:
        killed.execute(text(_CLEAN))
        killed.rollback()
    assert [len(each["before"]) for each in samples(engine)] == [2, 1]  # type: ignore[arg-type]  # lists

    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text(_CLEAN))

    assert samples(engine) == [{"chosen_by": "difference", **{side: [str(KEPT)] for side in SIDES}}] * 2
    with engine.connect() as connection:
        assert (is_migrated(connection), find_differences(connection)) == (True, [])
    engine.dispose()
