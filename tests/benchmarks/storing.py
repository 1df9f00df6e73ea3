"""
Measure what storing a doodle costs in the database: three ways to say it, and what each rule kept there adds.

    python tests/benchmarks/storing.py [--rounds 40]

Prints Markdown: microseconds a doodle, the median of interleaved rounds. Makes a PostgreSQL of its own that does not
wait for the disk, because what is measured is the statement, not the commit.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from conftest import wait_for_postgres
from doodle_cli.postgres import PostgresCluster, free_port, start_server
from doodle_db.doodle_content import COLUMNS
from doodle_db.doodles import Doodle, content_hash, store_doodles
from doodle_db.engine import connect_to
from doodle_db.migrate import migrate
from doodle_db.splits import split_of
from doodle_db.tables import doodles
from doodle_testing.builders import LABEL_SET, doodle, manifest
from doodle_testing.first_release import register_then
from doodle_testing.machine import describe_machine

SIZES = (1, 16, 100)

VERSION = "0123456789ab"

# The rules are taken away one after the other, each time in a database of its own.
SCHEMAS: dict[str, tuple[str, tuple[str, ...]]] = {
    "as it is": ("head", ()),
    "without counts of guesses": ("0010", ()),
    "without counts": ("head", ("doodles_stored",)),
    "without counts and ids": ("head", ("doodles_stored", "doodles_have_one_id")),
    "the first release's table": ("0001", ()),
}

INSERT = insert(doodles).on_conflict_do_nothing().returning(doodles.c.id)

TYPES = {
    "id": "uuid",
    "label": "text",
    "bitmap": "bytea",
    "height": "smallint",
    "width": "smallint",
    "split": "text",
    "source": "text",
    "contributor": "bytea",
    "content_hash": "bytea",
    "guess": "text",
    "confidence": "double precision",
    "model_version": "text",
    "known": "boolean",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    with running_databases() as connections:
        here = connections["as it is"]
        ways: dict[str, Callable[[Connection, Sequence[Doodle]], object]] = {
            "one VALUES list, straight to the driver": store_doodles,
            "SQLAlchemy's insert": store_with_sqlalchemy,
            "arrays and unnest": store_arrays,
        }
        print_table("way", measure(rounds, {name: (way, here) for name, way in ways.items()}))
        print_table("table", measure(rounds, {name: (store_doodles, each) for name, each in connections.items()}))
    print(f"\n{describe_machine(datetime.now(UTC).date())}")


Way = tuple[Callable[[Connection, Sequence[Doodle]], object], Connection]


def measure(rounds: int, ways: dict[str, Way]) -> dict[str, list[float]]:
    """Give the microseconds a doodle of every way, by size; they take turns, so that noise meets all alike."""
    table: dict[str, list[float]] = {name: [] for name in ways}
    for size in SIZES:
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, (store, connection) in ways.items():
                taken[name].append(time_one(store, connection, size) * 1e6 / size)
        for name, times in taken.items():
            table[name].append(median(times))
    return table


def time_one(store: Callable[[Connection, Sequence[Doodle]], object], connection: Connection, size: int) -> float:
    """Give the seconds one transaction takes."""
    batch = make_batch(size)
    began = time.perf_counter()
    store(connection, batch)
    connection.commit()
    return time.perf_counter() - began


def make_batch(size: int) -> list[Doodle]:
    """Make new doodles, of every label, with guesses of every kind."""
    return [make_doodle(LABEL_SET.names[number % len(LABEL_SET.names)]) for number in range(size)]


def make_doodle(label: str) -> Doodle:
    """Make a new doodle, guessed by the live version, right in four of five."""
    chance = uuid4()
    guess = label if chance.int % 5 else LABEL_SET.names[chance.int % 6]
    confidence = (chance.int >> 64) / 2**64
    return replace(doodle(chance, label), guess=guess, confidence=confidence, model_version=VERSION, known=True)


def as_row(sent: Doodle) -> dict[str, Any]:
    """Give the columns that are not empty."""
    known = {name: getattr(sent, name, None) for name in TYPES}
    return {**known, "split": split_of(sent.id), "content_hash": content_hash(sent)}


def store_with_sqlalchemy(connection: Connection, batch: Sequence[Doodle]) -> object:
    """Store as the first release did."""
    return connection.execute(INSERT, [as_row(each) for each in batch]).all()


def store_arrays(connection: Connection, batch: Sequence[Doodle]) -> object:
    """Store with one array a column."""
    rows = [{**as_row(each), "id": str(each.id)} for each in batch]
    columns = ", ".join(f"%s::{kind}[]" for kind in TYPES.values())
    statement = f"INSERT INTO doodles ({', '.join(TYPES)}) SELECT * FROM unnest({columns}) ON CONFLICT DO NOTHING"
    return connection.exec_driver_sql(statement, tuple([row[name] for row in rows] for name in TYPES))


def print_table(title: str, rows: dict[str, list[float]]) -> None:
    """Print the microseconds a doodle, a row each."""
    print(f"\n| {title} | " + " | ".join(f"{size} in a transaction" for size in SIZES) + " |")
    print("|---" * (len(SIZES) + 1) + "|")
    for name, times in rows.items():
        print(f"| {name} | " + " | ".join(f"{each:.0f} µs" for each in times) + " |")


@contextmanager
def running_databases() -> Iterator[dict[str, Connection]]:
    """Run a PostgreSQL with a database for every schema, until the block ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doodle-benchmark-")))
        cluster = PostgresCluster(folder / "postgres", free_port(), "only-for-benchmarks")
        cluster.create()
        process = start_server(cluster, folder / "log", "fsync=off", "synchronous_commit=off")
        stack.callback(process.wait, timeout=60)
        stack.callback(process.send_signal, signal.SIGINT)
        wait_for_postgres(cluster.url("postgres"))
        yield {name: stack.enter_context(open_database(cluster, number)) for number, name in enumerate(SCHEMAS)}


@contextmanager
def open_database(cluster: PostgresCluster, number: int) -> Iterator[Connection]:
    """Make the database of a schema."""
    revision, triggers = list(SCHEMAS.values())[number]
    admin = connect_to(cluster.url("postgres"))
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE measured_{number}"))
    admin.dispose()
    engine = connect_to(cluster.url(f"measured_{number}"))
    migrate(engine, revision)
    with engine.connect() as connection:
        register_then(connection, manifest(VERSION), is_live=True)
        add_columns(connection)
        for trigger in triggers:
            connection.execute(text(f"ALTER TABLE doodles DISABLE TRIGGER {trigger}"))
        connection.commit()
        yield connection
    engine.dispose()


def add_columns(connection: Connection) -> None:
    """Add to an earlier release's table what doodles have today, so that the very same statement stores them."""
    for name in COLUMNS:
        kind = doodles.c[name].type.compile(connection.dialect)
        connection.execute(text(f"ALTER TABLE doodles ADD COLUMN IF NOT EXISTS {name} {kind}"))


if __name__ == "__main__":
    main()
