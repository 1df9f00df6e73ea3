"""
Measure what the draw page costs: bytes over the wire and time to the first guess, at a first visit and at a second one.

    python tests/benchmarks/page_load.py [--visits 15]

Prints Markdown. Runs the whole product as `make up` does, and a browser whose every byte passes a wire that counts.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser

from doodle_testing.chromium import find_chromium, running_chromium
from doodle_testing.counted_wire import CountedWire, counted_wire
from doodle_testing.cpu_time import measure_crowding
from doodle_testing.machine import describe_machine
from doodle_testing.page_loads import Visit, visit
from doodle_testing.stack import is_worker_idle, running_stack, wait_until

GROUPS = (
    ("WebAssembly", "/assets/tfjs-backend-wasm"),
    ("the worker's script", "/assets/worker-"),
    ("model", "/models/"),
    ("API", "/api/"),
    ("scripts and styles", "/assets/"),
    ("HTML and the rest", "/"),
)
"""What a file is, by what its path begins with; the first that fits."""

WORKER_SECONDS = 120


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print; give the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=15)
    num_visits = parser.parse_args(words).visits
    chromium = find_chromium()
    if chromium is None:
        print("error: there is no Chromium; install it to measure with", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder) / "home") as stack:
        wait_until(lambda: is_worker_idle(stack), WORKER_SECONDS, stack)
        address = urlsplit(stack.url)
        with counted_wire(str(address.hostname), int(address.port or 0)) as wire, running_chromium(chromium) as browser:
            crowding = measure_crowding()
            visits = [visit_twice(browser, wire) for _ in range(num_visits)]
            crowding = (crowding + measure_crowding()) / 2
    print_visits([first for first, _ in visits], [second for _, second in visits])
    print(
        f"\nMedians of {num_visits} visits each, {describe_machine(datetime.now(UTC).date())}; "
        f"work took {crowding:.1f} times as long as on a core of its own."
    )
    return 0


def visit_twice(browser: Browser, wire: CountedWire) -> tuple[Visit, Visit]:
    """Come with empty caches, and once more when the page has put itself aside for later."""
    context = browser.new_context()
    page, first = visit(context, wire)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
    page.close()
    _, second = visit(context, wire)
    context.close()
    return first, second


def print_visits(first: Sequence[Visit], second: Sequence[Visit]) -> None:
    """Print both kinds of visit beside each other."""
    print("| | first visit | second visit |\n|---|---:|---:|")
    bodies = [{name: 0 for name, _ in GROUPS}, {name: 0 for name, _ in GROUPS}]
    for sizes, each in zip(bodies, (first[0], second[0]), strict=True):
        for file in each.files:
            if file["transferSize"]:
                sizes[group_of(file["name"])] += file["encodedBodySize"]
    for name, _ in GROUPS:
        print_row(name, *(f"{sizes[name] / 1000:.1f} kB" for sizes in bodies))
    totals = [median(each.num_bytes for each in visits) for visits in (first, second)]
    print_row(
        "headers",
        *(f"{(total - sum(body.values())) / 1000:.1f} kB" for total, body in zip(totals, bodies, strict=True)),
    )
    print_row("**over the wire until the first guess**", *(f"**{total / 1000:.1f} kB**" for total in totals))
    print_row("until one can draw", *(f"{median(each.drawable_seconds for each in v):.2f} s" for v in (first, second)))
    print_row("until the first guess", *(f"{median(each.guess_seconds for each in v):.2f} s" for v in (first, second)))


def group_of(path: str) -> str:
    """
    Say what a file is.

    >>> group_of("/models/0123456789ab/weights.bin")
    'model'
    """
    return next(name for name, start in GROUPS if path.startswith(start))


def print_row(*cells: str) -> None:
    """Print a line of the table."""
    print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    sys.exit(main())
