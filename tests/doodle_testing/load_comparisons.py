"""What storing single doodles may be compared to: the plain way, and what PostgreSQL and the disk allow."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg2

from doodle_cli.postgres import free_port
from doodle_db.doodles import Doodle
from doodle_db.engine import connect_to
from doodle_testing.model_server import wait_until
from doodle_testing.plain_service import NUM_PROCESSES, NUM_THREADS, plain_doodles

TESTS = Path(__file__).parents[1]
INSERT = "INSERT INTO plain_doodles (id, label, bitmap, strokes) VALUES (%s, %s, %s, %s)"


@contextmanager
def running_plain_service(database_url: str, folder: Path) -> Iterator[str]:
    """
    Run the plain service until the block ends; gives its address.

    Args:
        database_url: where it may make a table.
        folder: for its log.
    """
    engine = connect_to(database_url)
    plain_doodles.metadata.create_all(engine)
    engine.dispose()
    url = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", "--bind", url[7:], "--workers", str(NUM_PROCESSES)]
    command += ["--worker-class", "gthread", "--threads", str(NUM_THREADS), "doodle_testing.plain_service:make_app()"]
    environ = {**os.environ, "DATABASE_URL": database_url, "PYTHONPATH": str(TESTS)}
    with (folder / "plain_service.log").open("wb") as log:
        process = subprocess.Popen([*command, "--no-control-socket"], stderr=log, env=environ)
    try:
        wait_until(lambda: _answers(url))
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 404
    except httpx.TransportError:
        return False


def commit_row_by_row(database_url: str, drawings: Sequence[Doodle], num_connections: int, seconds: float) -> float:
    """
    Insert one row a transaction over as many connections at once, with the driver alone.

    Args:
        database_url: where a table may be made.
        drawings: the rows, again and again, each time under a new id.
        num_connections: each in a thread.
        seconds: for how long.

    Returns:
        Commits a second.
    """
    engine = connect_to(database_url)
    plain_doodles.metadata.create_all(engine)
    engine.dispose()
    rows = [(drawing.label, drawing.bitmap, json.dumps(drawing.strokes)) for drawing in drawings]

    def commit_for_a_while(_: int) -> int:
        num_committed, ends = 0, time.perf_counter() + seconds
        with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
            while time.perf_counter() < ends:
                cursor.execute(INSERT, (str(uuid4()), *rows[num_committed % len(rows)]))
                connection.commit()
                num_committed += 1
        return num_committed

    with ThreadPoolExecutor(num_connections) as pool:
        return sum(pool.map(commit_for_a_while, range(num_connections))) / seconds
