"""A table of drawings as the system ours started from had it: a pixel a number, NUMERIC[]."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2.extras import execute_values

from conftest import wait_for_postgres
from doodle_cli.postgres import PostgresCluster, free_port, start_server
from doodle_db.training_sets import LabelledBitmaps


@contextmanager
def running_database(rows: LabelledBitmaps) -> Iterator[str]:
    """Run a PostgreSQL whose table `drawings` holds these rows until the block ends; give its address."""
    with tempfile.TemporaryDirectory(prefix="doodle-benchmark-") as folder:
        cluster = PostgresCluster(Path(folder) / "postgres", free_port(), "only-for-benchmarks")
        cluster.create()
        process = start_server(cluster, Path(folder) / "log")
        try:
            wait_for_postgres(cluster.url("postgres"))
            fill(cluster.url("postgres"), rows)
            yield cluster.url("postgres")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def fill(url: str, rows: LabelledBitmaps) -> None:
    """Make the table and store the rows."""
    values = (
        (label, bitmap.ravel().tolist()) for label, bitmap in zip(rows.labels.tolist(), rows.bitmaps, strict=True)
    )
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE drawings (id serial PRIMARY KEY, label integer, pixels numeric[])")
        execute_values(cursor, "INSERT INTO drawings (label, pixels) VALUES %s", values)
    connection.close()
