"""
Measure a backup and its restore: seconds, bytes, memory, and what storing a doodle takes meanwhile.

    python tests/benchmarks/backup.py [--num 1000000] [--folder DIR]

Prints Markdown. Makes a PostgreSQL of its own with the settings of `doodle up`; a million doodles take about 8 GB,
database, backup and restored database together, and a few minutes.
"""

import argparse
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import quantiles
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import Engine, text

from conftest import wait_for_postgres
from doodle_cli.postgres import PostgresCluster, free_port, start_server
from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import BackupPlace, BackupRecord, check_backup, make_backup, restore_backup
from doodle_db.doodles import Doodle, store_doodles
from doodle_db.engine import connect_to
from doodle_db.migrate import migrate
from doodle_testing.builders import LABEL_SET, SOMEBODY
from doodle_testing.drawings import generate_doodles
from doodle_testing.machine import describe_machine

NUM_SAMPLE = 1_000
"""Different drawings; so many lie between two that are alike that compression cannot see it."""

PAUSE_SECONDS = 0.005

MULTIPLY = text("""
    INSERT INTO doodles (id, label, bitmap, height, width, strokes, split, source, contributor, content_hash)
    SELECT gen_random_uuid(), label, bitmap, height, width, strokes, split, source, contributor, content_hash
    FROM (SELECT * FROM doodles LIMIT :num_sample) AS sample
""")


@contextmanager
def running_cluster(folder: Path) -> Iterator[PostgresCluster]:
    """Run a PostgreSQL as `doodle up` does, with two databases."""
    cluster = PostgresCluster(folder / "postgres", free_port(), "only-for-tests")
    cluster.create()
    process = start_server(cluster, folder / "log")
    try:
        wait_for_postgres(cluster.url("postgres"))
        engine = connect_to(cluster.url("postgres"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in ("saved", "restored"):
                connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        yield cluster
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def fill(engine: Engine, num_doodles: int) -> list[Doodle]:
    """Store some drawings many times over, each time under new ids; give them."""
    sample = generate_doodles(LABEL_SET, NUM_SAMPLE, Random(1), turn=0.25)
    with engine.begin() as connection:
        store_doodles(connection, sample)
    for _ in range(num_doodles // NUM_SAMPLE - 1):
        with engine.begin() as connection:
            connection.execute(MULTIPLY, {"num_sample": NUM_SAMPLE})
    return sample


class Storing:
    """Stores doodles one after the other until its block ends, each in a transaction, and notes how long each took."""

    def __init__(self, engine: Engine, sample: list[Doodle]) -> None:
        self.seconds: list[float] = []
        self._engine, self._sample = engine, sample
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._store)

    def __enter__(self) -> "Storing":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()

    def p99_ms(self) -> float:
        """Give what one in a hundred took longer than."""
        return 1_000 * quantiles(self.seconds, n=100)[98]

    def _store(self) -> None:
        while not self._enough.wait(PAUSE_SECONDS):
            made = replace(self._sample[len(self.seconds) % NUM_SAMPLE], id=uuid4(), contributor=SOMEBODY)
            began = time.monotonic()
            with self._engine.begin() as connection:
                store_doodles(connection, [made])
            self.seconds.append(time.monotonic() - began)


def measure(folder: Path, num_doodles: int) -> Iterator[str]:
    """Fill, save, check, restore; give the lines of a table."""
    place, store = BackupPlace(str(folder / "place")), ArtifactStore(str(folder / "artifacts"))
    with running_cluster(folder) as cluster:
        saved, restored = connect_to(cluster.url("saved")), connect_to(cluster.url("restored"))
        migrate(saved)
        sample = fill(saved, num_doodles)
        with Storing(saved, sample) as alone:
            time.sleep(10)
        with Storing(saved, sample) as beside:
            began = time.monotonic()
            record = make_backup(saved, store, place, now=datetime.now(UTC), contributor_key_check=None)
            yield row("backup", time.monotonic() - began, record)
        began = time.monotonic()
        check_backup(place, record)
        yield row("check", time.monotonic() - began, record)
        began = time.monotonic()
        restore_backup(restored, store, place, record)
        yield row("restore", time.monotonic() - began, record)
        saved.dispose()
        restored.dispose()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    size_mb = record.size_bytes / 1e6
    yield f"\n{record.num_rows_of('doodles'):,} doodles, {size_mb:,.0f} MB; peak memory {peak_mb:.0f} MB."
    yield f"Storing one doodle, p99: {alone.p99_ms():.1f} ms alone, {beside.p99_ms():.1f} ms while a backup is made."


def row(name: str, seconds: float, record: BackupRecord) -> str:
    """Give a line of the table."""
    num_doodles = record.num_rows_of("doodles")
    return f"| {name} | {seconds:.1f} s | {num_doodles / seconds:,.0f} |"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--num", type=int, default=1_000_000, help="doodles")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary one otherwise")
    arguments = parser.parse_args()
    print(f"{describe_machine(datetime.now(UTC).date())}\n\n| | time | doodles/s |\n|---|---|---|")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for line in measure(Path(folder), arguments.num):
            print(line, flush=True)


if __name__ == "__main__":
    main()
