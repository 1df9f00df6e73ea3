"""While time goes by, any worker keeps the doodles in order."""

from sqlalchemy import Engine, text

from doodle_db.doodles import store_doodles
from doodle_db.partitions import drop_month, list_months
from doodle_testing.builders import doodle, ids_of_split
from training_server.upkeep import keep_in_order


def test_a_tick_makes_the_coming_months_and_clears_what_was_dropped(engine: Engine) -> None:
    """A worker that runs for months needs no restart; a pruning that was killed is finished."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each) for each in ids_of_split("train", 3)])
    with engine.connect() as connection:
        this_month, _, _, last = before = list_months(connection)
    for month in (this_month, last):
        with engine.begin() as connection:
            drop_month(connection, month)

    keep_in_order(engine)

    with engine.connect() as connection:
        assert list_months(connection) == before
        for table in ("doodle_ids", "doodle_counts", "doodle_count_changes"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM pg_class WHERE relname ~ 'dropped'")).scalar_one() == 0
