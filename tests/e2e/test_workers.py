"""The workers on the operator's page, in a real browser: they come, work, are asked to end, and are lost."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import Engine, text

from doodle_cli.home import Home
from doodle_db.engine import connect_to
from doodle_db.run_orders import RunOrder
from doodle_db.workers import Worker, ask_worker, register_worker
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.installation import post_all
from doodle_testing.pages import keep_screenshot
from doodle_testing.stack import Stack, running_stack
from doodle_testing.training_server import read_run, running_worker, wait_for_state, wait_until
from doodle_testing.windows import PATIENCE_MS, SCHEMES, SIZES
from training_server.clock import read_time
from training_server.queue import TrainingQueue
from training_server.trigger import queue_run

START_MS = 120_000
"""For the stack's own worker, which loads TensorFlow first."""

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation with drawings to train on, which nothing but an operator starts."""
    home = tmp_path_factory.mktemp("workers") / "home"
    with running_stack(home, DOODLE_DATA_DIR="", DELTA_MIN_DOODLES="100000") as running:
        post_all(running, generate_doodles(LABEL_SET, 60, Random(5)))
        yield running


@pytest.fixture
def engine(stack: Stack) -> Iterator[Engine]:
    made = connect_to(stack.database_url)
    yield made
    made.dispose()


def open_workers(stack: Stack, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"{stack.url}/console.html#workers")
    card(page, "worker-1").wait_for(timeout=START_MS)
    return page


def card(page: Page, name: str) -> Locator:
    return page.locator(f'#workers [data-worker="{name}"]')


def send_run(engine: Engine, worker: str, **arguments: Any) -> UUID:
    """Queue a run for a paper worker."""
    request = RunOrder("operator", "ada", "a test", arguments, sent_to=worker)
    with engine.begin() as connection:
        return queue_run(connection, TrainingQueue(engine), uuid4(), request).key


def press(page: Page, name: str, action: str) -> None:
    """Ask a worker to end, and mean it."""
    card(page, name).locator(f"[data-action={action}]").click()
    page.get_by_role("button", name=f"{action.capitalize()} {name}", exact=True).click()


def read(log: Path) -> str:
    """Read a log that may not have been begun."""
    return log.read_text() if log.is_file() else ""


def test_a_workers_life_is_seen_as_it_goes(
    stack: Stack, engine: Engine, context: BrowserContext, tmp_path: Path
) -> None:
    """It comes, works, is drained, thinks better of it when stopped, comes back for its run, and is killed."""
    page = open_workers(stack, context)
    log = tmp_path / "log"
    with running_worker(stack.database_url, log, name="colab-1") as worker:
        expect(card(page, "colab-1")).to_have_attribute("data-state", "idle", timeout=PATIENCE_MS)
        key = send_run(engine, "colab-1", behaviour="wait")
        wait_for_state(engine, key, "running")
        began = time.monotonic()
        expect(card(page, "colab-1")).to_have_attribute("data-state", "busy", timeout=PATIENCE_MS)
        seconds = time.monotonic() - began
        expect(card(page, "colab-1").get_by_role("progressbar")).to_be_visible()
        expect(card(page, "colab-1")).to_contain_text(f"Works on run {str(key)[:8]}")
        assert seconds < 3, f"the page was told {seconds:.1f} s late"
        print(f"busy on the page {seconds:.2f} s after the claim")
        keep_screenshot(page, "workers-busy")

        press(page, "colab-1", "drain")

        expect(card(page, "colab-1")).to_contain_text("asked it just now to drain", timeout=PATIENCE_MS)
        expect(card(page, "colab-1").locator("[data-action=train]")).to_be_hidden()
        press(page, "colab-1", "stop")
        assert worker.process.wait(timeout=30) == 3
    expect(card(page, "colab-1")).to_be_hidden(timeout=PATIENCE_MS)
    expect(page.locator("#workers summary")).to_have_text("1 worker ended within the last day")
    run = read_run(engine, key)
    assert (run.state, run.attempt, run.sent_to) == ("waiting", 0, "colab-1")
    keep_screenshot(page, "workers-ended")

    with running_worker(stack.database_url, log, name="colab-1") as worker:
        expect(card(page, "colab-1")).to_have_attribute("data-state", "busy", timeout=PATIENCE_MS)
        worker.kill()
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE workers SET heartbeat_at = heartbeat_at - interval '31 s' WHERE name = 'colab-1'")
        )
    expect(card(page, "colab-1")).to_have_attribute("data-state", "lost", timeout=PATIENCE_MS)
    expect(card(page, "colab-1")).to_contain_text("It fell silent in the middle of a run")
    with stack.operator as client:
        assert client.delete(f"/api/v1/train/{key}").status_code == 202


def test_a_run_is_sent_from_the_page(stack: Stack, engine: Engine, context: BrowserContext, tmp_path: Path) -> None:
    """By a worker's own button, and by the keyboard; the worker takes it."""
    page = open_workers(stack, context)
    with running_worker(stack.database_url, tmp_path / "log", name="paper"):
        button = card(page, "paper").get_by_role("button", name="Train here: paper")
        button.wait_for(timeout=PATIENCE_MS)
        button.focus()
        page.keyboard.press("Enter")

        expect(page.locator("#notice")).to_have_text("A run is queued for paper.", timeout=PATIENCE_MS)
        with stack.operator as client:
            newest = client.get("/api/v1/train").json()["runs"][0]
        assert wait_for_state(engine, UUID(newest["key"]), "finished", seconds=60).worker == "paper"


def test_a_server_that_is_away_is_told_of(stack: Stack, context: BrowserContext) -> None:
    """What was known stays on the page, and the page says that it may be old."""
    page = open_workers(stack, context)
    context.set_offline(True)

    expect(page.locator("#connection")).to_be_visible(timeout=PATIENCE_MS)
    expect(card(page, "worker-1")).to_be_visible()
    context.set_offline(False)
    expect(page.locator("#connection")).to_be_hidden(timeout=PATIENCE_MS)


@pytest.fixture
def fleet(engine: Engine) -> Iterator[None]:
    """Workers of every kind, whose hearts beat from the future, so that none of them is lost by itself."""
    with engine.begin() as connection:
        now = read_time(connection)
        connection.execute(text("DELETE FROM workers WHERE name <> 'worker-1'"))
        for name, host, device, cores, gpu in [
            ("colab-1", "4f1c2b77a0de", "GPU:0", 12, "NVIDIA L4"),
            (
                "rented-with-a-very-long-name-that-somebody-gave-it-2",
                "ip-10-0-3-17",
                "GPU:0, GPU:1",
                96,
                "2 x NVIDIA H100",
            ),
            ("studio", "studio.local", "CPU (8 cores)", 8, None),
            ("gone", "ip-10-0-3-18", "CPU (4 cores)", 4, None),
        ]:
            register_worker(connection, Worker(name, host, device, cores, uuid4(), gpu, "0.1.0", "m"), now)
        connection.execute(text("UPDATE workers SET heartbeat_at = now() + interval '1 hour' WHERE machine = 'm'"))
        connection.execute(text("UPDATE workers SET heartbeat_at = now() - interval '9 min' WHERE name = 'gone'"))
        ask_worker(connection, "colab-1", "drain", actor="ada", now=now)
    yield
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM workers WHERE machine = 'm'"))


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(
    "context", [(size, scheme) for size in SIZES for scheme in SCHEMES], indirect=True, ids="-".join
)
def test_every_kind_of_worker(request: pytest.FixtureRequest, stack: Stack, context: BrowserContext) -> None:
    """On a desk and on a phone, in the light and in the dark: all that is to be known, and nothing beside the page."""
    page = open_workers(stack, context)

    expect(page.locator("#workers .worker-card")).to_have_count(5)
    expect(card(page, "colab-1")).to_contain_text("NVIDIA L4 (GPU:0)")
    expect(card(page, "colab-1")).to_contain_text("ada asked it")
    expect(card(page, "gone")).to_have_attribute("data-state", "lost")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    keep_screenshot(page, f"workers-{request.node.callspec.id}", whole=True)


def test_the_stacks_own_worker_rests(stack: Stack, context: BrowserContext, tmp_path: Path) -> None:
    """Stopped from the page it stays so, and `doodle worker` takes its place and its name until Ctrl-C."""
    page = open_workers(stack, context)

    press(page, "worker-1", "stop")

    expect(card(page, "worker-1")).to_be_hidden(timeout=PATIENCE_MS)
    up = Home(stack.home).log_of("up")
    wait_until(lambda: "worker has ended, as it was asked to" in read(up), "the worker's rest", seconds=60)
    command = [sys.executable, "-m", "doodle_cli", "worker", "--name", "worker-1", "--home", str(stack.home)]
    with (tmp_path / "log").open("wb") as output:
        successor = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
    try:
        expect(card(page, "worker-1")).to_have_attribute("data-state", "idle", timeout=START_MS)
        wait_until(lambda: "worker_entered" in read(tmp_path / "log"), "its log")
        successor.send_signal(signal.SIGINT)
        assert successor.wait(timeout=60) == 0
    finally:
        successor.kill()
    expect(card(page, "worker-1")).to_be_hidden(timeout=PATIENCE_MS)
