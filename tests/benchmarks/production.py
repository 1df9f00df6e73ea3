"""
Measure how long the page of production takes over many drawings, in a real browser, and that more cost no more.

    python tests/benchmarks/production.py [--num 100000] [--many 500000] [--rounds 9]

Prints Markdown. Runs an installation of its own, fills it with generated drawings of 60 days, all triggers on, opens
the page, then fills it further and opens it again. A page is complete when every chart is drawn; its time begins with
the address.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, Page
from sqlalchemy import Engine, text

from doodle_db.engine import connect_to
from doodle_testing.chromium import find_chromium, running_chromium
from doodle_testing.load_generator import NO_TRAINING
from doodle_testing.machine import describe_machine
from doodle_testing.produced import fill_installation, produce
from doodle_testing.stack import Stack, is_worker_idle, running_stack, wait_until
from doodle_testing.windows import DESKTOP, sign_in

DAYS = 60
START_SECONDS = 120
ADDRESS = "#production&range=90d"

# From the address until the last chart is in the page and the browser has drawn it.
SHOW = """address => new Promise((resolve) => {
    const begins = performance.now();
    const section = () => document.querySelector("#production[data-state=shown]");
    const look = () => {
        const charts = section()?.querySelectorAll(".figure-chart > *").length ?? 0;
        if (charts === 7) requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begins)));
        else requestAnimationFrame(look);
    };
    location.hash = address;
    look();
})"""


def main() -> None:
    """Fill, measure, fill further, measure again."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--num", type=int, default=100_000)
    parser.add_argument("--many", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        sys.exit("There is no chromium here.")
    settings = {"DELTA_MIN_DOODLES": NO_TRAINING, "DOODLE_DATA_DIR": ""}
    with ExitStack() as opened:
        browser = opened.enter_context(running_chromium(chromium))
        folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="doodle-production-"))
        stack = opened.enter_context(running_stack(Path(folder) / "home", **settings))
        wait_until(lambda: is_worker_idle(stack), START_SECONDS, stack)
        engine = connect_to(stack.database_url, statement_timeout_ms=0)
        now = datetime.now(UTC)
        fill_installation(engine, arguments.num, now, timedelta(days=DAYS))
        print_table(arguments.num, measure(stack, browser, arguments.rounds), engine)
        fill_further(engine, arguments.num, arguments.many, now)
        print_table(arguments.many, measure(stack, browser, arguments.rounds), engine)
        engine.dispose()
    print(f"\n{describe_machine(datetime.now(UTC).date())}")


def fill_further(engine: Engine, num: int, many: int, now: datetime) -> None:
    """Add as many drawings as are wanting, in the same days."""
    with engine.begin() as connection:
        produce(connection, many - num, now - timedelta(days=DAYS), now, first=num + 1)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def measure(stack: Stack, browser: Browser, rounds: int) -> dict[str, list[float]]:
    """Give milliseconds of each round: the page opened anew, gone to from another view, and its one request."""
    context = browser.new_context(**DESKTOP)
    context.add_cookies(sign_in(browser, stack))
    page = context.new_page()
    query = "by=day" + "".join(f"&{name}={moment:%Y-%m-%d}" for name, moment in span().items())
    ways: dict[str, Callable[[], float]] = {
        "the page opened anew, complete": lambda: open_anew(page, stack),
        "gone to from another view, complete": lambda: go_to(page, stack),
        "its request, 90 days": lambda: ask(stack, query),
        "a request by hour, 14 days": lambda: ask(stack, "by=hour&from=" + f"{span(13)['from']:%Y-%m-%d}"),
    }
    taken = {name: [way() for _ in range(rounds + 1)][1:] for name, way in ways.items()}
    context.close()
    return taken


def span(days: int = 89) -> dict[str, datetime]:
    now = datetime.now(UTC)
    return {"from": now - timedelta(days=days), "to": now + timedelta(days=1)}


def open_anew(page: Page, stack: Stack) -> float:
    """Load the page at this address, signed in; code and styles come from the server."""
    page.goto("about:blank")
    began = time.perf_counter()
    page.goto(f"{stack.url}/console.html{ADDRESS}", wait_until="commit")
    page.locator("#production[data-state=shown] .figure-chart > *").nth(6).wait_for(state="attached")
    return 1_000 * (time.perf_counter() - began)


def go_to(page: Page, stack: Stack) -> float:
    """Go there from the desk, whose code is there already."""
    page.goto(f"{stack.url}/console.html#desk")
    page.locator("[data-version]").first.wait_for()
    return float(page.evaluate(SHOW, ADDRESS))


def ask(stack: Stack, query: str) -> float:
    with stack.operator as client:
        client.get("/healthz")
        began = time.perf_counter()
        answer: Any = client.get(f"/api/v1/production?{query}")
        taken = 1_000 * (time.perf_counter() - began)
    assert answer.status_code == 200, answer.text
    return taken


def print_table(num: int, taken: dict[str, list[float]], engine: Engine) -> None:
    with engine.connect() as connection:
        counted = connection.execute(text("SELECT count(*) FROM doodles WHERE source = 'user'")).scalar_one()
        rows = connection.execute(text("SELECT count(*) FROM production_guesses")).scalar_one()
        rows += connection.execute(text("SELECT count(*) FROM production_confidences")).scalar_one()
    assert counted >= num
    print(f"\n| {counted:,} drawings, {rows:,} rows of counts | median ms | most |\n|---|---:|---:|")
    for name, times in taken.items():
        print(f"| {name} | {median(times):.0f} | {max(times):.0f} |")


if __name__ == "__main__":
    main()
