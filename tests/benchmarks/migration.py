"""
Measure the migration to months on a filled database, while the code of the release before goes on storing.

    python tests/benchmarks/migration.py [--doodles 1000000] [--writers 2] [--folder DIR]

Prints Markdown. Makes a PostgreSQL of its own with the settings of `doodle up`; a million doodles take 4 GB and some
minutes.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import Engine, text

from conftest import wait_for_postgres
from doodle_cli.postgres import PostgresCluster, free_port, start_server
from doodle_db.engine import connect_to
from doodle_db.migrate import is_migrated, migrate
from doodle_testing.first_release import CONTRIBUTOR, FILL, Writer
from doodle_testing.machine import describe_machine

CHUNK = 50_000
QUIET_SECONDS = 5


def main() -> None:
    """Fill, write without a migration for comparison, write during it, and print both beside each other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--doodles", type=int, default=1_000_000)
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where the database lies for as long")
    arguments = parser.parse_args()
    with running_postgres(arguments.folder) as url:
        engine = connect_to(url)
        migrate(engine, "0001")
        fill(engine, arguments.doodles)
        with written_by(url, arguments.writers) as before:
            time.sleep(QUIET_SECONDS)
        began = time.perf_counter()
        with written_by(url, arguments.writers) as during:
            migrate(engine)
        seconds = time.perf_counter() - began
        print_table(arguments.doodles, seconds, before, during)
        check(engine, arguments.doodles, [*before, *during])
        engine.dispose()
    print(f"\n{describe_machine(datetime.now(UTC).date())}")


@contextmanager
def running_postgres(parent: Path | None) -> Iterator[str]:
    """Run a PostgreSQL as `doodle up` does, until the block ends, and give its address."""
    with tempfile.TemporaryDirectory(prefix="doodle-benchmark-", dir=parent) as folder:
        cluster = PostgresCluster(Path(folder) / "postgres", free_port(), "only-for-benchmarks")
        cluster.create()
        process = start_server(cluster, Path(folder) / "log")
        try:
            wait_for_postgres(cluster.url("postgres"))
            yield cluster.url("postgres")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def fill(engine: Engine, num_doodles: int) -> None:
    """Store doodles of the last 200 days; the filling itself need not be durable."""
    for first in range(1, num_doodles + 1, CHUNK):
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL synchronous_commit = off"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            rows = FILL.replace("generate_series(:first, :last)", "generate_series(:first, :end)")
            end = min(first + CHUNK - 1, num_doodles)
            connection.execute(text(rows), {"first": first, "end": end, "last": num_doodles})


@contextmanager
def written_by(url: str, num_writers: int) -> Iterator[list[Writer]]:
    """Let the first release's code write until the block ends."""
    with ExitStack() as stack:
        yield [stack.enter_context(Writer(url)) for _ in range(num_writers)]


def print_table(num_doodles: int, seconds: float, before: list[Writer], during: list[Writer]) -> None:
    """Print what the writers met, without the migration and with it."""
    print(f"\n{num_doodles:,} doodles migrated in {seconds:.0f} s.\n")
    print("| | without | during the migration |\n|---|---|---|")
    rates = [sum(len(each.acknowledged) for each in writers) for writers in (before, during)]
    print(f"| doodles stored a second | {rates[0] / QUIET_SECONDS:.0f} | {rates[1] / seconds:.0f} |")
    waits = [max(each.longest_seconds for each in writers) * 1000 for writers in (before, during)]
    print(f"| longest wait of a store or correction | {waits[0]:.0f} ms | {waits[1]:.0f} ms |")


def check(engine: Engine, num_doodles: int, writers: list[Writer]) -> None:
    """Make sure that nothing that was acknowledged is missing."""
    failures = [each.failure for each in writers if each.failure]
    acknowledged = {doodle_id: label for each in writers for doodle_id, label in each.acknowledged.items()}
    with engine.connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        mine = text("SELECT id, label FROM doodles WHERE contributor = :contributor AND guess = 'dog'")
        stored = {row.id: row.label for row in connection.execute(mine, {"contributor": CONTRIBUTOR})}
        num_stored = connection.execute(text("SELECT count(*) FROM doodles")).scalar_one()
        if failures or not is_migrated(connection) or stored != acknowledged:
            sys.exit(f"The migration has lost doodles, or refused some: {failures}")
        if num_stored != num_doodles + len(acknowledged):
            sys.exit(f"There are {num_stored} doodles; {num_doodles + len(acknowledged)} were expected.")


if __name__ == "__main__":
    main()
