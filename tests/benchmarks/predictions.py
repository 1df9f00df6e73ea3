"""
Measure predictions on the server: how long each kind takes, how many a second, and what a process grows by.

    python tests/benchmarks/predictions.py [--seconds 5]

Starts PostgreSQL and one process of the service with the shipped version; prints Markdown.
"""

import argparse
import base64
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from statistics import median, quantiles
from threading import Event
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
import psutil
from PIL import Image, ImageDraw

from conftest import wait_for_postgres
from doodle_cli.postgres import PostgresCluster, free_port, start_server
from doodle_db.artifacts import ArtifactStore
from doodle_db.engine import connect_to
from doodle_db.ink import draw
from doodle_db.migrate import migrate
from doodle_db.model_registry import register_version
from doodle_testing.drawings import cat, draw_again
from doodle_testing.machine import describe_machine
from doodle_testing.model_server import Server, deploy_version, running_server
from doodle_testing.shipped_version import find_shipped, load_shipped

URL = "/api/v1/predict"
NUM_CLIENTS = 4

Question = dict[str, Any]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--seconds", type=float, default=5, help="for each kind, alone and with four clients")
    seconds = parser.parse_args().seconds
    with running_service() as server:
        process = psutil.Process(server.workers()[0].pid)
        print("| request | processor time | alone: median | 95th percentile | 4 clients: a second | process grew by |")
        print("|---|---|---|---|---|---|")
        for name, question in make_questions().items():
            print_line(name, server, question, process, seconds)
    print(f"\nOne process. {describe_machine(datetime.now(UTC).date())}.")


def make_questions() -> Mapping[str, Question]:
    """Make a question of each kind, as httpx takes it."""
    random = Random(1)
    ink, bitmap = draw(draw_again("cat", random), 28, 28)
    batch = [{"strokes": draw(draw_again("dog", random), 28, 28)[0]} for _ in range(64)]
    return {
        "a bitmap": {"json": {"bitmap": base64.b64encode(bitmap.tobytes()).decode()}},
        "strokes": {"json": {"strokes": ink}},
        "64 drawings' strokes": {"json": {"items": batch}},
        "a PNG of 280 x 280": make_picture((280, 280), "PNG"),
        "a JPEG of 12 megapixels": make_picture((4000, 3000), "JPEG"),
    }


def make_picture(size: tuple[int, int], form: str) -> Question:
    """Draw a cat with a thick pen, on paper that is not quite even."""
    picture = Image.linear_gradient("L").resize(size).point(lambda value: 200 + value // 6).convert("RGB")
    pen, scale = ImageDraw.Draw(picture), min(size) / 300
    for stroke in cat():
        pen.line([(x * scale, y * scale) for x, y in stroke], fill=(40, 40, 70), width=round(6 * scale), joint="curve")
    content = BytesIO()
    picture.save(content, form)
    return {"content": content.getvalue(), "headers": {"Content-Type": f"image/{form.lower()}"}}


def print_line(name: str, server: Server, question: Question, process: psutil.Process, seconds: float) -> None:
    """Ask alone, then from several clients at once, and print what that came to."""
    ask_for(server, question, 0.5)
    before = process.memory_info().rss
    with watching(process) as peak:
        spent = spent_by(process)
        alone = ask_for(server, question, seconds)
        spent = 1_000 * (spent_by(process) - spent) / len(alone)
        with ThreadPoolExecutor(NUM_CLIENTS) as pool:
            together = list(pool.map(lambda _: len(ask_for(server, question, seconds)), range(NUM_CLIENTS)))
    late = quantiles(alone, n=20)[-1] if len(alone) > 1 else alone[0]
    grown = max(0, max(peak) - before) / 1e6
    waited = f"{median(alone):.1f} ms | {late:.1f} ms"
    print(f"| {name} | {spent:.1f} ms | {waited} | {sum(together) / seconds:.0f} | {grown:.0f} MB |", flush=True)


def spent_by(process: psutil.Process) -> float:
    """Give the seconds of processor time a process has taken; others on the machine hardly change it."""
    times = process.cpu_times()
    return float(times.user + times.system)


def ask_for(server: Server, question: Question, seconds: float) -> list[float]:
    """Ask one question after another for a while; gives the milliseconds of each."""
    taken: list[float] = []
    with server.client() as client:
        until = time.perf_counter() + seconds
        while not taken or time.perf_counter() < until:
            began = time.perf_counter()
            answer = client.post(URL, timeout=60, **question)
            taken.append(1_000 * (time.perf_counter() - began))
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                taken.pop()  # too many waited; nothing was computed
            elif answer.status_code != httpx.codes.OK:
                sys.exit(f"{answer.status_code}: {answer.text}")
    return taken


@contextmanager
def watching(process: psutil.Process) -> Iterator[list[int]]:
    """Note how much memory a process holds, again and again until the block ends."""
    seen, enough = [process.memory_info().rss], Event()

    def look() -> None:
        while not enough.wait(0.01):
            seen.append(process.memory_info().rss)

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        try:
            yield seen
        finally:
            enough.set()
            looking.result()


@contextmanager
def running_service() -> Iterator[Server]:
    """Run PostgreSQL and the service, with the shipped version live."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doodle-benchmark-")))
        cluster = PostgresCluster(folder / "postgres", free_port(), "only-for-benchmarks")
        cluster.create()
        process = start_server(cluster, folder / "postgres-log")
        stack.callback(process.wait, timeout=60)
        stack.callback(process.send_signal, signal.SIGINT)
        wait_for_postgres(cluster.url("postgres"))
        engine, store = connect_to(cluster.url("postgres")), ArtifactStore(str(folder / "artifacts"))
        stack.callback(engine.dispose)
        migrate(engine)
        shipped = load_shipped(find_shipped()[-1])
        store.store_version(shipped.folder, shipped.manifest)
        with engine.begin() as connection:
            register_version(connection, shipped.manifest)
        deploy_version(engine, shipped.manifest.version, None)
        told = {"ARTIFACT_URL": store.url, "MODEL_SERVER_PROCESSES": "1"}
        yield stack.enter_context(running_server(cluster.url("postgres"), folder / "log", **told))


if __name__ == "__main__":
    main()
