"""
Compare the draw page with the obvious alternative: all of @tensorflow/tfjs on the page's thread, in layers format.

    python tests/benchmarks/alternatives.py [--visits 9] [--guesses 500] [--no-lighthouse]

Both stand behind the same nginx and are opened in turns by one browser, each time with empty caches; the network is the
shipped version's, in its own format for each. The alternative takes the backend it takes by itself. Then the page
is drawn full of points, and audited with Lighthouse. Needs what `npm ci` installs in tests/benchmarks/alternatives.
Prints Markdown.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, Page, sync_playwright

from doodle_testing.chromium import CHROMIUM_ARGUMENTS, find_chromium
from doodle_testing.counted_wire import CountedWire, counted_wire
from doodle_testing.hands import draw_with_mouse
from doodle_testing.layers_format import write_layers_model
from doodle_testing.machine import describe_machine
from doodle_testing.page_loads import Visit, visit
from doodle_testing.page_site import running_page_site
from doodle_testing.page_speed import (
    find_worker,
    guess,
    percentile_95,
    scribble,
    start_watching,
    stop_watching,
    tasks_of,
)
from doodle_testing.shipped_version import find_shipped, load_shipped

HERE = Path(__file__).with_name("alternatives")
LIBRARY = HERE / "node_modules" / "@tensorflow" / "tfjs" / "dist" / "tf.es2017.min.js"
"""The smaller of its two: the other one (tf.min.js) evaluates text, which no strict content security policy lets it."""
WEBGL = ["--enable-unsafe-swiftshader"]
"""Without a graphics card Chromium paints WebGL by itself, but only when told to: the alternative's default backend."""

MOST_POINTS = 9_999
NUM_AUDITS = 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


@dataclass(frozen=True)
class Measured:
    """
    One of the two pages.

    Attributes:
        visits: first visits.
        guesses: wall seconds of guesses, one after the other, once warm.
        backend: what it guesses with.
    """

    visits: list[Visit]
    guesses: list[float]
    backend: str


def main() -> None:
    """Visit both in turns, time their guesses, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--visits", type=int, default=9)
    parser.add_argument("--guesses", type=int, default=500)
    parser.add_argument("--lighthouse", action=argparse.BooleanOptionalAction, default=True, help="audit the page, too")
    arguments = parser.parse_args()
    if not LIBRARY.exists():
        sys.exit(f"{LIBRARY.name} is missing: npm --prefix {HERE} ci")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*CHROMIUM_ARGUMENTS, *WEBGL])
        with serving_both(Path(folder)) as (ours, alternative):
            print_comparison(*measure_both(browser, ours, alternative, arguments.visits, arguments.guesses))
            print_drawing(browser, ours)
            if arguments.lighthouse:
                print_lighthouse(ours.url, Path(folder))
        browser.close()
    print(f"\n{describe_machine(datetime.now(UTC).date())}")


@contextmanager
def serving_both(folder: Path) -> Iterator[tuple[CountedWire, CountedWire]]:
    """Put both pages behind nginx, and a counted wire before each."""
    pages = folder / "alternative"
    shutil.copytree(HERE / "page", pages)
    shutil.copy(LIBRARY, pages)
    write_layers_model(load_shipped(find_shipped()[0]), pages)
    (folder / "ours").mkdir()
    (folder / "other").mkdir()
    with (
        running_page_site(folder / "ours") as ours,
        running_page_site(folder / "other", pages) as other,
        counted_wire(*address_of(ours.url)) as our_wire,
        counted_wire(*address_of(other.url)) as other_wire,
    ):
        yield our_wire, other_wire


def address_of(url: str) -> tuple[str, int]:
    """Split host and port off."""
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 0)


def measure_both(
    browser: Browser, ours: CountedWire, alternative: CountedWire, num_visits: int, num_guesses: int
) -> tuple[Measured, Measured]:
    """Take turns, so that what else the machine does befalls both."""
    ways: list[tuple[CountedWire, Callable[[Page, int], tuple[list[float], str]]]] = [
        (ours, time_our_guesses),
        (alternative, time_other_guesses),
    ]
    measured = [Measured([], [], "") for _ in ways]
    for number in range(num_visits):
        for index, (wire, time_guesses) in enumerate(ways):
            context = browser.new_context(service_workers="block")
            page, visited = visit(context, wire)
            before = measured[index]
            guesses, backend = time_guesses(page, num_guesses) if number == num_visits // 2 else ([], before.backend)
            measured[index] = Measured([*before.visits, visited], [*before.guesses, *guesses], backend)
            context.close()
    return measured[0], measured[1]


def time_our_guesses(page: Page, num_guesses: int) -> tuple[list[float], str]:
    """In the worker, where they are made."""
    worker = find_worker(page)
    draw_with_mouse(page, [(0.2, 0.6), (0.8, 0.3), (0.4, 0.8)])
    page.wait_for_timeout(500)
    guess(worker, 100)
    return guess(worker, num_guesses), (page.locator("#backend").text_content() or "").removeprefix("on ")


def time_other_guesses(page: Page, num_guesses: int) -> tuple[list[float], str]:
    """On the page's thread, where they are made."""
    page.evaluate("() => timeGuesses(100)")
    timed = page.evaluate("(num) => timeGuesses(num)", num_guesses)
    return list(timed["seconds"]), str(timed["backend"])


ROWS: dict[str, Callable[[Measured], float]] = {
    "kB over the wire until the first guess, headers and all": lambda one: median(
        each.num_bytes / 1_000 for each in one.visits
    ),
    "ms until the first guess": lambda one: median(each.guess_seconds * 1_000 for each in one.visits),
    "ms a guess, median": lambda one: median(one.guesses) * 1_000,
    "ms a guess, 95 of 100 below": lambda one: percentile_95(one.guesses) * 1_000,
}


def print_comparison(ours: Measured, other: Measured) -> None:
    """Print both, and how many times as much the alternative takes."""
    print(f"\n| | ours ({ours.backend}, worker) | alternative ({other.backend}, page) | ratio |")
    print("|---|---:|---:|---:|")
    for name, value in ROWS.items():
        one, two = value(ours), value(other)
        print(f"| {name} | {one:.1f} | {two:.1f} | {two / one:.1f} |")


def print_drawing(browser: Browser, wire: CountedWire) -> None:
    """Print what the page's thread does while as many points are drawn as may be."""
    context = browser.new_context(service_workers="block")
    page, _ = visit(context, wire)
    page.locator("#clear").click()
    start_watching(page)
    scribble(page, MOST_POINTS)
    tasks = tasks_of(stop_watching(page), "CrRendererMain")
    context.close()
    print("\n| tasks on the page's thread while 10,000 points are drawn | of the processor | by the clock |")
    print("|---|---:|---:|")
    print(f"| longest, ms | {max(tasks.cpu_ms):.1f} | {max(tasks.wall_ms):.1f} |")
    print(f"| over 50 ms | {count_long(tasks.cpu_ms)} | {count_long(tasks.wall_ms)} |")


def count_long(milliseconds: Sequence[float]) -> int:
    """Count what people notice."""
    return sum(each > 50 for each in milliseconds)


def print_lighthouse(url: str, folder: Path) -> None:
    """Audit the page as a phone on a slow line would load it (Lighthouse's own simulation), and as a desktop."""
    print("\n| Lighthouse | phone | desktop |\n|---|---:|---:|")
    phone, desktop = (audit_best(url, folder, more) for more in ([], ["--preset=desktop"]))
    for name in CATEGORIES:
        print(f"| {name} | {score(phone, name):.0f} | {score(desktop, name):.0f} |")
    for name in (
        "first-contentful-paint",
        "largest-contentful-paint",
        "total-blocking-time",
        "cumulative-layout-shift",
    ):
        shown = [report["audits"][name]["displayValue"] for report in (phone, desktop)]
        print(f"| {name.replace('-', ' ')} | {shown[0]} | {shown[1]} |")


def audit_best(url: str, folder: Path, more: Sequence[str]) -> dict[str, Any]:
    """Of some audits give the one the rest of the machine disturbed least: it only ever makes a page slower."""
    return max((audit(url, folder, more) for _ in range(NUM_AUDITS)), key=lambda report: score(report, "performance"))


def score(report: dict[str, Any], category: str) -> float:
    """Give a category's score, 0 to 100."""
    return 100 * float(report["categories"][category]["score"])


def audit(url: str, folder: Path, more: Sequence[str]) -> dict[str, Any]:
    """Run Lighthouse in a browser of its own."""
    flags = " ".join(["--headless=new", *CHROMIUM_ARGUMENTS])
    output = folder / "lighthouse.json"
    node, script = Path(sys.executable).with_name("node"), HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
    wanted = ["--quiet", "--output=json", f"--output-path={output}", f"--only-categories={','.join(CATEGORIES)}"]
    subprocess.run(
        [str(node), str(script), url, *wanted, f"--chrome-flags={flags}", "--no-enable-error-reporting", *more],
        check=True,
        env={**os.environ, "CHROME_PATH": str(find_chromium())},
    )
    report: dict[str, Any] = json.loads(output.read_text())
    return report


if __name__ == "__main__":
    main()
