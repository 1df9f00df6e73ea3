"""
Measure what grows with the number of doodles: the same questions asked of few and of many.

    python tests/benchmarks/scale.py [--few 100000] [--many 5000000] [--folder DIR]

Prints Markdown. Makes a PostgreSQL of its own with the settings of `doodle up` (only filling it is not durable) and
fills it with generated doodles of 24 months; five million take about 10 GB and a quarter of an hour.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import Connection, Engine, text

from conftest import wait_for_postgres
from doodle_cli.postgres import PostgresCluster, free_port, start_server
from doodle_db.doodle_counts import count_by_label
from doodle_db.engine import connect_to
from doodle_db.gallery import GalleryFilter, list_doodles
from doodle_db.gallery_place import Place
from doodle_db.migrate import migrate
from doodle_db.partitions import ensure_partitions
from doodle_db.training_counts import count_for_training
from doodle_db.training_sets import LabelledBitmaps, select_holdout, select_new, select_replay
from doodle_db.watermark import read_horizon
from doodle_testing.builders import LABEL_SET
from doodle_testing.machine import describe_machine

MONTHS = 24
BEGIN = datetime(2024, 11, 15, tzinfo=UTC)
CHUNK = 50_000
NUM_NEW = 1_000
NUM_MANY_NEW = 100_000
REPEATS = 9
DELTA_MIN_DOODLES = 200
EVERYTHING = 2**62

# One drawing in ten is a test drawing, one label is as common as the other, and a thousand people draw.
FILL = text(
    """
    INSERT INTO doodles (id, label, bitmap, height, width, split, source, contributor, content_hash, created_at)
    SELECT gen_random_uuid(), (CAST(:labels AS text[]))[1 + number % :num_labels],
           decode(repeat(md5(number::text), :num_pixels / 16), 'hex'), :height, :width,
           CASE WHEN number % 10 = 0 THEN 'test' ELSE 'train' END, 'user', decode(md5((number % 1000)::text), 'hex'),
           sha256(number::text::bytea), CAST(:begin AS timestamptz) + (number - :origin) * CAST(:step AS interval)
    FROM generate_series(:first, :last) AS number
    """
)


@dataclass(frozen=True)
class Filled:
    """
    A filled database.

    Attributes:
        engine: reaches it.
        num_doodles: in it.
        watermark: NUM_NEW training drawings were recorded since.
        far_watermark: NUM_MANY_NEW of them were, or all there are.
    """

    engine: Engine
    num_doodles: int
    watermark: int
    far_watermark: int


def main() -> None:
    """Fill, measure, fill further, measure again, and print both beside each other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--few", type=int, default=100_000)
    parser.add_argument("--many", type=int, default=5_000_000)
    parser.add_argument(
        "--folder", type=Path, help="where the database lies for as long; a temporary folder if left out"
    )
    arguments = parser.parse_args()
    with running_postgres(arguments.folder) as engine:
        few = measure(fill(engine, 0, arguments.few))
        filled = fill(engine, arguments.few, arguments.many)
        many = measure(filled)
        print_times(few, many, arguments.few, arguments.many)
        print_arrays(filled)
        print_sizes(filled)
    print(f"\n{describe_machine(datetime.now(UTC).date())}")


@contextmanager
def running_postgres(parent: Path | None) -> Iterator[Engine]:
    """Run a PostgreSQL as `doodle up` does, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="doodle-benchmark-", dir=parent) as folder:
        cluster = PostgresCluster(Path(folder) / "postgres", free_port(), "only-for-benchmarks")
        cluster.create()
        process = start_server(cluster, Path(folder) / "log")
        try:
            wait_for_postgres(cluster.url("postgres"))
            engine = connect_to(cluster.url("postgres"))
            migrate(engine)
            ensure_partitions(engine, BEGIN, MONTHS)
            try:
                yield engine
            finally:
                engine.dispose()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def fill(engine: Engine, begin: int, end: int) -> Filled:
    """Add doodles `begin` to `end`, spread over all months, the newest last."""
    when = {"origin": begin, "begin": BEGIN, "step": timedelta(days=30 * MONTHS) / (end - begin)}
    first_new, first_far = (max(begin, end - num * 10 // 9) for num in (NUM_NEW, NUM_MANY_NEW))
    far_watermark = insert(engine, begin, first_far, when)
    watermark = insert(engine, first_far, first_new, when)
    insert(engine, first_new, end, when)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
    return Filled(engine, end, watermark, far_watermark)


def insert(engine: Engine, begin: int, end: int, when: dict[str, object]) -> int:
    """Add doodles `begin` to `end`; give the horizon then."""
    for first in range(begin, end, CHUNK):
        insert_chunk(engine, first, min(first + CHUNK, end) - 1, when)
    with engine.connect() as connection:
        return read_horizon(connection)


def insert_chunk(engine: Engine, first: int, last: int, when: dict[str, object]) -> None:
    """Add doodles `first` to `last` in one transaction."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL synchronous_commit = off; SET LOCAL statement_timeout = 0"))
        connection.execute(
            FILL,
            {
                "first": first,
                "last": last,
                "labels": list(LABEL_SET.names),
                "num_labels": len(LABEL_SET.names),
                "height": LABEL_SET.height,
                "width": LABEL_SET.width,
                "num_pixels": LABEL_SET.height * LABEL_SET.width,
            }
            | when,
        )


def measure(filled: Filled) -> dict[str, float]:
    """Ask every question several times; gives the median of each in milliseconds."""
    page = find_place(filled)
    pivot = UUID(int=1 << 127)
    names = LABEL_SET.names
    questions: dict[str, Callable[[Connection], object]] = {
        "trigger check": lambda it: count_for_training(it, at_most=DELTA_MIN_DOODLES),
        f"delta set: {NUM_NEW:,} new": lambda it: select_new(it, LABEL_SET, filled.watermark, EVERYTHING),
        "delta set: 6,000 of replay": lambda it: select_replay(it, LABEL_SET, filled.watermark, 1_000, pivot),
        "holdout: 1,000 recent": lambda it: select_holdout(it, LABEL_SET, "user", 1_000),
        "statistics": count_by_label,
        "gallery: first page": lambda it: list_doodles(it, GalleryFilter(), 50),
        "gallery: page in the middle": lambda it: list_doodles(it, GalleryFilter(), 50, page),
        "gallery: page of one label": lambda it: list_doodles(it, GalleryFilter(label=names[0]), 50, page),
    }
    return {name: time_question(filled.engine, ask) for name, ask in questions.items()}


def find_place(filled: Filled) -> Place:
    """Find a place in the middle of the gallery."""
    oldest, newest = text("SELECT min(created_at) FROM doodles"), text("SELECT max(created_at) FROM doodles")
    with filled.engine.connect() as connection:
        first, last = connection.execute(oldest).scalar_one(), connection.execute(newest).scalar_one()
    return Place(first + (last - first) / 2, UUID(int=0))


def time_question(engine: Engine, ask: Callable[[Connection], object]) -> float:
    """Give the median of some answers' times, in milliseconds; the first answer, which warms up, does not count."""
    milliseconds = []
    for _ in range(REPEATS + 1):
        with engine.connect() as connection:
            begin = time.perf_counter()
            ask(connection)
            milliseconds.append(1_000 * (time.perf_counter() - begin))
    return median(milliseconds[1:])


def print_times(few: dict[str, float], many: dict[str, float], num_few: int, num_many: int) -> None:
    print(f"| milliseconds (median of {REPEATS}) | {num_few:,} | {num_many:,} | ratio |\n|---|---:|---:|---:|")
    for name, before in few.items():
        print(f"| {name} | {before:.2f} | {many[name]:.2f} | {many[name] / before:.2f} |")


def print_arrays(filled: Filled) -> None:
    """Read a hundred thousand drawings into an array: those that came in last, and a sample of all."""
    per_label = NUM_MANY_NEW // len(LABEL_SET.names)
    questions: dict[str, Callable[[Connection], LabelledBitmaps]] = {
        "the newest": lambda it: select_new(it, LABEL_SET, filled.far_watermark, EVERYTHING),
        "of replay, drawn from all": lambda it: select_replay(it, LABEL_SET, filled.watermark, per_label, UUID(int=0)),
    }
    print("\n| to one array | drawings | seconds, first time | again |\n|---|---:|---:|---:|")
    for name, ask in questions.items():
        num_drawings, seconds = time_reading(filled.engine, ask)
        print(f"| {name} | {num_drawings:,} | {seconds[0]:.2f} | {median(seconds[1:]):.2f} |")


def time_reading(engine: Engine, ask: Callable[[Connection], LabelledBitmaps]) -> tuple[int, list[float]]:
    """Read some times; give the number of drawings, and each reading's seconds."""
    seconds = []
    for _ in range(4):
        with engine.connect() as connection:
            begin = time.perf_counter()
            num_drawings = len(ask(connection))
            seconds.append(time.perf_counter() - begin)
    return num_drawings, seconds


def print_sizes(filled: Filled) -> None:
    """Say how large tables and indexes are, all partitions together."""
    sizes = text(
        """
        SELECT regexp_replace(relname, '^(doodles)_(user_default|user_\\d{4}_\\d{2}|base)', '\\1'),
               sum(pg_relation_size(oid))
        FROM pg_class WHERE relname LIKE 'doodle%' AND relkind IN ('r', 'i')
        GROUP BY 1 HAVING sum(pg_relation_size(oid)) > 1e6 ORDER BY 2 DESC
        """
    )
    print(f"\n| of {filled.num_doodles:,} doodles | MB | bytes a doodle |\n|---|---:|---:|")
    with filled.engine.connect() as connection:
        for name, size in connection.execute(sizes):
            print(f"| {name} | {float(size) / 1e6:,.0f} | {float(size) / filled.num_doodles:,.0f} |")


if __name__ == "__main__":
    main()
