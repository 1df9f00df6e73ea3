"""Months are made ahead and dropped as a whole; no doodle is ever refused for want of a partition."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from doodle_db.doodle_counts import count_by_label
from doodle_db.doodles import correct_label, store_doodles
from doodle_db.errors import DoodleConflictError, UnknownMonthError
from doodle_db.partitions import clear_dropped, drop_month, ensure_partitions, list_months
from doodle_testing.builders import SOMEBODY, doodle, ids_of_split

IDS = ids_of_split("train", 12)
LONG_AGO = datetime(2020, 1, 15, tzinfo=UTC)

STORE_AT = text("""
    INSERT INTO doodles (id, label, bitmap, height, width, split, source, contributor, content_hash, created_at)
    VALUES (:id, 'cat', '\\x00', 1, 1, 'train', 'user', :contributor, sha256('x'), :created_at)
""")


def store_at(engine: Engine, moment: datetime, ids: Sequence[UUID]) -> None:
    with engine.begin() as connection:
        rows = [{"id": each, "contributor": SOMEBODY, "created_at": moment} for each in ids]
        connection.execute(STORE_AT, rows)


def count_in(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def months(engine: Engine) -> list[date]:
    with engine.connect() as connection:
        return list_months(connection)


def test_the_coming_months_are_there(engine: Engine) -> None:
    """A migrated database has this month's partition and three more; asking again makes nothing."""
    now = datetime.now(UTC)

    assert len([month for month in months(engine) if month > now.date()]) == 3
    assert ensure_partitions(engine, now) == []


def test_months_are_made_across_the_year(engine: Engine) -> None:
    """December is followed by January."""
    assert ensure_partitions(engine, datetime(2030, 11, 2, tzinfo=UTC), months_ahead=2) == [
        date(2030, 11, 1),
        date(2030, 12, 1),
        date(2031, 1, 1),
    ]


def test_base_data_lies_apart(engine: Engine) -> None:
    """Whatever month it was imported in."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(IDS[0], contributor=None), doodle(IDS[1])])

    assert count_in(engine, "doodles_base") == 1
    assert count_in(engine, "doodles_user") == 1


def test_a_doodle_without_a_month_is_kept_and_moved_later(engine: Engine) -> None:
    """It lies in the default until its month is over, then in that month's partition; readers see no difference."""
    store_at(engine, LONG_AGO, IDS[:5])
    in_that_month = ensure_partitions(engine, LONG_AGO, months_ahead=0)
    assert (in_that_month, count_in(engine, "doodles_user_default")) == ([], 5)

    made = ensure_partitions(engine, datetime(2020, 2, 1, tzinfo=UTC), months_ahead=0)

    assert made == [date(2020, 1, 1), date(2020, 2, 1)]
    assert (count_in(engine, "doodles_user_default"), count_in(engine, "doodles_user_2020_01")) == (0, 5)
    with engine.begin() as connection:
        assert count_by_label(connection) == {"cat": 5}
        correct_label(connection, IDS[0], "dog", SOMEBODY)
        assert count_by_label(connection) == {"cat": 4, "dog": 1}


def test_many_make_the_months_at_once(engine: Engine) -> None:
    """Every worker's tick asks for them: one makes a month, nobody fails."""
    now = datetime(2031, 5, 1, tzinfo=UTC)

    with ThreadPoolExecutor(6) as workers:
        made = [month for each in workers.map(lambda _: ensure_partitions(engine, now), range(6)) for month in each]

    assert len(made) == len(set(made))
    assert date(2031, 8, 1) in months(engine)


def test_making_a_month_gives_way(engine: Engine) -> None:
    """While somebody reads the default partition for long, the month is left for later, and inserts go on."""
    with engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM doodles_user_default"))

        assert ensure_partitions(engine, datetime(2032, 1, 1, tzinfo=UTC), months_ahead=0) == []
        store_at(engine, datetime(2032, 1, 1, tzinfo=UTC), IDS[:1])

    assert count_in(engine, "doodles_user_default") == 1


def test_an_insert_in_progress_is_not_waited_for(engine: Engine) -> None:
    """A month is made while doodles are being stored in the months there are."""
    with engine.begin() as storing:
        store_doodles(storing, [doodle(IDS[0])])

        assert ensure_partitions(engine, datetime(2033, 1, 1, tzinfo=UTC), months_ahead=0) == [date(2033, 1, 1)]


def test_a_dropped_month_is_gone_from_everything(engine: Engine) -> None:
    """Rows, counts, and then ids; the neighbours and base data stay."""
    ensure_partitions(engine, LONG_AGO, months_ahead=1)
    store_at(engine, LONG_AGO, IDS[:3])
    store_at(engine, datetime(2020, 2, 2, tzinfo=UTC), IDS[3:5])
    with engine.begin() as connection:
        store_doodles(connection, [doodle(IDS[5], contributor=None)])
        correct_label(connection, IDS[0], "dog", SOMEBODY)

    with engine.begin() as connection:
        num_dropped = drop_month(connection, date(2020, 1, 1))

    assert num_dropped == 3
    with engine.connect() as connection:
        assert count_by_label(connection) == {"cat": 2}
    assert (count_in(engine, "doodles"), count_in(engine, "doodle_ids")) == (3, 6)
    assert clear_dropped(engine) == 3
    assert (count_in(engine, "doodle_ids"), clear_dropped(engine)) == (3, 0)
    assert date(2020, 1, 1) not in months(engine)
    assert ensure_partitions(engine, datetime(2020, 2, 3, tzinfo=UTC), months_ahead=0) == []


def test_a_doodle_of_a_dropped_month_was_stored(engine: Engine) -> None:
    """A client that sends it again between the dropping and the clearing gets the answer it always got."""
    ensure_partitions(engine, LONG_AGO, months_ahead=0)
    store_at(engine, LONG_AGO, IDS[:1])
    with engine.begin() as connection:
        drop_month(connection, date(2020, 1, 1))

    with engine.begin() as connection:
        outcome = store_doodles(connection, [doodle(IDS[0])])

    assert outcome == ["already_stored"]


def test_dropping_undone_is_nothing_done(engine: Engine) -> None:
    """Dropping is part of the caller's transaction."""
    ensure_partitions(engine, LONG_AGO, months_ahead=0)
    store_at(engine, LONG_AGO, IDS[:2])

    with engine.connect() as connection:
        drop_month(connection, date(2020, 1, 1))
        connection.rollback()
        assert count_by_label(connection) == {"cat": 2}
    assert count_in(engine, "doodles_user_2020_01") == 2


def test_dropping_gives_way_and_says_so(engine: Engine) -> None:
    """What is in use for longer than a moment is not dropped now: nobody queues up behind it."""
    ensure_partitions(engine, LONG_AGO, months_ahead=0)

    with engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM doodles"))
        with pytest.raises(OperationalError, match="lock timeout"), engine.begin() as connection:
            drop_month(connection, date(2020, 1, 1))


def test_a_month_that_is_not_there_cannot_be_dropped(engine: Engine) -> None:
    """The message says which there are to choose from."""
    with pytest.raises(UnknownMonthError, match="2019-05"), engine.begin() as connection:
        drop_month(connection, date(2019, 5, 1))


def partitions_touched(connection: Connection) -> set[str]:
    """Which partitions this transaction has so much as looked at: whoever plans a query over one locks it."""
    return set(
        connection.execute(
            text("""
                SELECT relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation
                WHERE pid = pg_backend_pid() AND relispartition AND relkind = 'r'
            """)
        ).scalars()
    )


def test_a_look_up_by_id_reads_one_partition(engine: Engine) -> None:
    """Correcting a label, and telling a repeated doodle from another, cost the same in the hundredth month."""
    ensure_partitions(engine, datetime(2020, 1, 1, tzinfo=UTC), months_ahead=24)
    store_at(engine, datetime(2020, 7, 1, tzinfo=UTC), IDS[:1])

    with engine.begin() as connection:
        correct_label(connection, IDS[0], "dog", SOMEBODY)
        with pytest.raises(DoodleConflictError):
            store_doodles(connection, [doodle(IDS[0])])

        # An insert opens the partition it would write to before it learns that the id is known.
        assert partitions_touched(connection) == {"doodles_user_2020_07", f"doodles_user_{datetime.now(UTC):%Y_%m}"}


def test_months_come_and_go_while_doodles_are_stored(engine: Engine) -> None:
    """Nobody who stores or reads meets an error, or waits for long, while months are made and dropped."""
    ensure_partitions(engine, LONG_AGO, months_ahead=5)
    old = [month for month in months(engine) if month.year == 2020]
    for number, month in enumerate(old):
        store_at(engine, datetime(month.year, month.month, 2, tzinfo=UTC), [IDS[number]])
    is_over = threading.Event()

    def store(number: int) -> int:
        num_stored = 0
        while not is_over.is_set():
            (new,) = ids_of_split("train", 1, start=1_000_000 * (number + 1) + 100 * num_stored)
            with engine.begin() as connection:
                store_doodles(connection, [doodle(new)])
            num_stored += 1
        return num_stored

    def read() -> None:
        while not is_over.is_set():
            with engine.connect() as connection:
                connection.execute(text("SELECT label, count(*) FROM doodles GROUP BY label")).all()

    with ThreadPoolExecutor(4) as pool:
        storing, reading = [pool.submit(store, number) for number in range(3)], pool.submit(read)
        try:
            dropped = sum(drop_when_free(engine, month) for month in old)
            made = ensure_partitions(engine, datetime(2040, 1, 1, tzinfo=UTC))
        finally:
            is_over.set()
        num_stored = sum(each.result() for each in storing)
        reading.result()

    assert (dropped, len(made)) == (6, 4)
    assert clear_dropped(engine) == 6
    with engine.connect() as connection:
        assert count_by_label(connection) == {"cat": num_stored}
    assert count_in(engine, "doodles") == count_in(engine, "doodle_ids") == num_stored


def drop_when_free(engine: Engine, month: date) -> int:
    while True:
        try:
            with engine.begin() as connection:
                return drop_month(connection, month)
        except OperationalError as busy:
            if "lock timeout" not in str(busy.orig):
                raise


def test_the_month_doodles_come_in_for_is_made_under_their_feet(engine: Engine) -> None:
    """An installation that slept for months wakes up without a partition for today: no insert is refused for it."""
    this_month = datetime.now(UTC).date().replace(day=1)
    for number in range(8):
        drop_when_free(engine, this_month)
        clear_dropped(engine)
        is_over = threading.Event()
        with ThreadPoolExecutor(3) as pool:
            starts = [(3 * number + each) * 1_000 for each in range(3)]
            storing = [pool.submit(store_until, engine, start, is_over) for start in starts]
            ensure_partitions(engine, datetime.now(UTC))
            is_over.set()
            for each in storing:
                each.result()
        if this_month not in months(engine):
            with engine.begin() as connection:
                connection.execute(text("DELETE FROM doodles"))
            ensure_partitions(engine, datetime.now(UTC))

    assert this_month in months(engine)


def store_until(engine: Engine, start: int, is_over: threading.Event) -> None:
    for new in ids_of_split("train", 300, start=start):
        if is_over.is_set():
            return
        with engine.begin() as connection:
            store_doodles(connection, [doodle(new)])
