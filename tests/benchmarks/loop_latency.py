"""
Measure the loop: seconds from the last needed doodle's commit to the swap in an open page, split by step.

    DOODLE_DATA_DIR=... python tests/benchmarks/loop_latency.py [--doodles 1000] [--rounds 3]

Prints Markdown. Needs Chromium; without DOODLE_DATA_DIR the drawings are of our own making.
"""

import argparse
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, Page, expect

from doodle_db.doodles import Doodle
from doodle_db.splits import split_of
from doodle_testing.builders import LABEL_SET
from doodle_testing.chromium import find_chromium, running_chromium
from doodle_testing.drawings import generate_doodles
from doodle_testing.habits import draw_thinner, take_up
from doodle_testing.machine import describe_machine
from doodle_testing.real_drawings import sample_doodles
from doodle_testing.stack import Stack, running_stack, wait_until
from doodle_testing.wire import as_batches, as_json

RUN_SECONDS = 300
WORKER_SECONDS = 60
STAGES = ("screening", "reading", "training", "testing", "exporting", "checking", "judging")


def main() -> None:
    """Play the rounds, each with other drawings by people who use a finer pen, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--doodles", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        sys.exit("This benchmark needs Chromium: install Debian's package `chromium`.")
    with running_chromium(chromium) as browser:
        rounds = [play_round(browser, arguments.doodles, number) for number in range(arguments.rounds)]
    print_table(rounds, arguments.doodles)


def play_round(browser: Browser, num_doodles: int, number: int) -> dict[str, float]:
    """Measure once, in a new installation with a page open and a worker that waits."""
    with (
        tempfile.TemporaryDirectory(prefix="doodle-benchmark-") as folder,
        running_stack(Path(folder) / "home", DELTA_MIN_DOODLES=str(num_doodles)) as stack,
    ):
        wait_until(lambda: is_worker_idle(stack), WORKER_SECONDS, stack)
        page = browser.new_page()
        page.goto(stack.url)
        page.locator("#model-version").wait_for()
        measured = measure_round(stack, page, num_doodles, number)
        page.close()
    return measured


def is_worker_idle(stack: Stack) -> bool:
    with stack.operator as client:
        return any(worker["state"] == "idle" for worker in client.get("/api/v1/workers").json()["workers"])


def take_doodles(num_train: int, number: int) -> list[Doodle]:
    """Take as many doodles as leave `num_train` in the train split, the last of them one that counts."""
    doodles: list[Doodle] = []
    num_counted = 0
    for doodle in take_up(draw_thinner, draw_many(2 * num_train, Random(number))):
        doodles.append(doodle)
        num_counted += split_of(doodle.id) == "train"
        if num_counted == num_train:
            return doodles
    raise AssertionError("twice as many doodles were not enough")


def draw_many(num: int, random: Random) -> list[Doodle]:
    """Take real drawings where there are any, our own elsewhere."""
    data_dir = os.environ.get("DOODLE_DATA_DIR")
    if data_dir:
        return sample_doodles(Path(data_dir), LABEL_SET, num, random)
    return generate_doodles(LABEL_SET, num, random)


def measure_round(stack: Stack, page: Page, num_doodles: int, number: int) -> dict[str, float]:
    """Send all doodles but one, then the last one, and watch what happens when."""
    doodles = take_doodles(num_doodles, number)
    with stack.client as client:
        before = client.get("/api/v1/models/live").json()["version"]
        for body in as_batches(doodles[:-1]):
            client.post("/api/v1/doodles", json=body).raise_for_status()
        client.post("/api/v1/doodles", json=as_json(doodles[-1])).raise_for_status()
    committed = time.time()
    wait_until(lambda: is_over(stack, committed), RUN_SECONDS, stack)
    run = newest_run(stack)
    if run["verdict"]["outcome"] != "published":
        raise AssertionError(f"the candidate was not published: {run['verdict']['summary']}")
    expect(page.locator("#model-version")).not_to_contain_text(before, timeout=30_000)
    swapped = time.time()
    created, started, finished = (as_seconds(run[name]) for name in ("created_at", "started_at", "finished_at"))
    steps = {"queue the run": created - committed, "a worker takes it": started - created}
    steps |= {stage: run["metrics"]["seconds"][stage] for stage in STAGES}
    steps["publishing"] = finished - started - sum(run["metrics"]["seconds"].values())
    steps |= {"from publication to the swap in the page": swapped - finished, "in all": swapped - committed}
    return steps


def newest_run(stack: Stack) -> dict[str, Any]:
    with stack.operator as client:
        return dict(client.get("/api/v1/train").json()["runs"][0])


def is_over(stack: Stack, since: float) -> bool:
    with stack.operator as client:
        runs = client.get("/api/v1/train").json()["runs"]
    return bool(runs) and runs[0]["finished_at"] is not None and as_seconds(runs[0]["finished_at"]) > since


def as_seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).astimezone(UTC).timestamp()


def print_table(rounds: list[dict[str, float]], num_doodles: int) -> None:
    print(
        f"{num_doodles} new doodles, warm worker, {len(rounds)} rounds; {describe_machine(datetime.now(UTC).date())}\n"
    )
    print("| step | seconds (median) | share |\n|---|---:|---:|")
    total = median(each["in all"] for each in rounds)
    for step in rounds[0]:
        seconds = median(each[step] for each in rounds)
        print(f"| {step} | {seconds:.2f} | {seconds / total:.0%} |")


if __name__ == "__main__":
    main()
