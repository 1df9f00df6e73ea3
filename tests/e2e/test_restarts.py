"""Processes of model_server come and go under load, and nobody who sends doodles through nginx notices."""

import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import psutil
import pytest
from sqlalchemy import func, select

from doodle_db.engine import connect_to
from doodle_db.tables import doodles
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.load_generator import NO_LIMIT, NO_TRAINING, Outcome, send_load, write_requests
from doodle_testing.stack import Stack, running_stack, wait_until

NUM_CONNECTIONS = 8
LOAD_SECONDS = 12
COMEBACK_SECONDS = 60
LIMITS = ("DOODLE_WRITES_PER_SECOND", "DOODLE_WRITES_BURST")


def gunicorns(stack: Stack) -> tuple[psutil.Process, list[psutil.Process]]:
    """Give gunicorn's parent, and the processes that answer."""
    found = stack.processes("model_server.wsgi")
    numbers = {process.pid for process in found}
    (parent,) = [process for process in found if process.ppid() not in numbers]
    return parent, [process for process in found if process.ppid() == parent.pid]


def load(stack: Stack) -> Outcome:
    requests = write_requests(stack.url, generate_doodles(LABEL_SET, 60, Random(1)), 1, Random(2))
    return send_load(stack.url, requests, NUM_CONNECTIONS, LOAD_SECONDS)


def count_rows(stack: Stack) -> int:
    with connect_to(stack.database_url).connect() as connection:
        return connection.execute(select(func.count()).select_from(doodles)).scalar_one()


def replace_one(stack: Stack, end: Callable[[psutil.Process], None]) -> None:
    """End one of the processes that answer, while doodles come in, and wait until it is replaced."""
    before = count_rows(stack)
    wait_until(lambda: count_rows(stack) > before, COMEBACK_SECONDS, stack)
    _, workers = gunicorns(stack)
    end(workers[0])
    workers[0].wait(COMEBACK_SECONDS)
    wait_until(lambda: len(gunicorns(stack)[1]) == len(workers), COMEBACK_SECONDS, stack)


@pytest.mark.timeout(300)
def test_no_request_fails_while_processes_are_replaced(tmp_path: Path) -> None:
    """
    One is asked to stop, one is killed, all are reloaded: nginx asks again over another connection.

    A doodle that is sent twice for it is stored once, and told 201 or 200.
    """
    # Without base data: what is counted is what the load has stored.
    settings = {**dict.fromkeys(LIMITS, NO_LIMIT), "DOODLE_DATA_DIR": ""}
    with (
        running_stack(tmp_path / "home", DELTA_MIN_DOODLES=NO_TRAINING, **settings) as stack,
        ThreadPoolExecutor(1) as pool,
    ):
        loading = pool.submit(load, stack)
        replace_one(stack, lambda process: process.terminate())
        replace_one(stack, lambda process: process.kill())
        gunicorns(stack)[0].send_signal(signal.SIGHUP)
        outcome = loading.result()
        stored = count_rows(stack)

    assert set(outcome.statuses) <= {200, 201}
    assert outcome.statuses[201] > 0
    assert stored == len(set(outcome.acknowledged)) == len(outcome.acknowledged)
