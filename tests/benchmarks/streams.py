"""
Measure what a thousand open event streams cost a process of model_server, and how soon a deployment reaches them all.

    DOODLE_DATA_DIR=... python tests/benchmarks/streams.py [--streams 1000] [--seconds 6] [--rounds 2]

One process, a new installation, everything through nginx and on this machine, the load generator and the listeners
included. Each round sends doodles without streams, then with all of them open and some deployments meanwhile. Prints
Markdown; without DOODLE_DATA_DIR the drawings are of our own making.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import Engine

from doodle_db.engine import connect_to
from doodle_db.model_registry import get_live, register_version
from doodle_testing.builders import manifest
from doodle_testing.load_generator import (
    NO_LIMIT,
    NO_TRAINING,
    Outcome,
    Request,
    send_load,
    take_drawings,
    write_requests,
)
from doodle_testing.machine import describe_machine
from doodle_testing.model_server import FIRST, SECOND, deploy_version
from doodle_testing.stack import Stack, is_worker_idle, running_stack, wait_until
from doodle_testing.stream_holder import StreamHolder, holding_streams

NUM_DRAWINGS = 300
NUM_CONNECTIONS = 16
NUM_DEPLOYMENTS = 4
WARM_UP_SECONDS = 2.0
START_SECONDS = 60
ARRIVAL_SECONDS = 20
LIMITS = ("DOODLE_WRITES_PER_SECOND", "DOODLE_WRITES_BURST", "DOODLE_STREAMS_AT_ONCE", "DOODLE_REQUESTS_AT_ONCE")


ROWS: dict[str, Callable[[Outcome], float]] = {
    "doodles a second": lambda outcome: outcome.doodles_per_second,
    "ms, 50 of 100 POSTs within": lambda outcome: outcome.percentile_ms(50),
    "ms, 99 of 100 POSTs within": lambda outcome: outcome.percentile_ms(99),
}


@dataclass(frozen=True)
class Round:
    """
    One round's measurements.

    Attributes:
        without: the load while no stream was open.
        beside: the same load with all of them.
        delays: seconds from just before a deployment's commit until each stream was told.
        bytes_per_stream: by which the process grew.
    """

    without: Outcome
    beside: Outcome
    delays: list[float]
    bytes_per_stream: float


def main() -> None:
    """Play the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--streams", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    limits = dict.fromkeys(LIMITS, NO_LIMIT)
    # Twice as many: streams of the round before are missed only when the next comment is sent to them.
    settings = {
        "MODEL_SERVER_PROCESSES": "1",
        "MAX_STREAMS": str(2 * arguments.streams),
        "DELTA_MIN_DOODLES": NO_TRAINING,
    }
    with (
        tempfile.TemporaryDirectory(prefix="doodle-streams-") as folder,
        running_stack(Path(folder) / "home", **limits, **settings) as stack,
    ):
        wait_until(lambda: is_worker_idle(stack), START_SECONDS, stack)
        engine = connect_to(stack.database_url)
        requests = write_requests(stack.url, take_drawings(NUM_DRAWINGS), 1, Random(1))
        send_load(stack.url, requests, NUM_CONNECTIONS, WARM_UP_SECONDS)
        with engine.begin() as connection:
            for version in (FIRST, SECOND):
                register_version(connection, manifest(version))
        rounds = [play_round(stack, engine, requests, arguments) for _ in range(arguments.rounds)]
        engine.dispose()
    print_table(rounds, arguments.streams)


def play_round(stack: Stack, engine: Engine, requests: Iterator[Request], arguments: argparse.Namespace) -> Round:
    """Send doodles without streams, then with them."""
    without = send_load(stack.url, requests, NUM_CONNECTIONS, arguments.seconds)
    before = resident_bytes(stack)
    with holding_streams(stack.url, arguments.streams) as holder:
        grown = resident_bytes(stack) - before
        moments: dict[int, float] = {}
        deploying = threading.Thread(target=deploy_now_and_then, args=(engine, arguments.seconds, moments))
        deploying.start()
        beside = send_load(stack.url, requests, NUM_CONNECTIONS, arguments.seconds)
        deploying.join()
        delays = await_arrivals(holder, moments, arguments.streams)
    return Round(without, beside, delays, grown / arguments.streams)


def resident_bytes(stack: Stack) -> int:
    """Give the memory of the one process that answers: gunicorn's parent is the other."""
    parent, *children = stack.processes("model_server.wsgi")
    return max(int(process.memory_info().rss) for process in children or [parent])


def deploy_now_and_then(engine: Engine, seconds: float, moments: dict[int, float]) -> None:
    """Deploy a few times, evenly spread; note the moment just before each."""
    for _ in range(NUM_DEPLOYMENTS):
        time.sleep(seconds / (NUM_DEPLOYMENTS + 1))
        with engine.connect() as connection:
            live = get_live(connection)
        began = time.monotonic()
        deploy_version(engine, FIRST if live.version != FIRST else SECOND, live.version)
        with engine.connect() as connection:
            moments[get_live(connection).deployment] = began


def await_arrivals(holder: StreamHolder, moments: dict[int, float], num_streams: int) -> list[float]:
    """
    Give for each deployment and stream the seconds it took.

    Raises:
        SystemExit: a stream was cut, or was not told of every deployment.
    """
    ends = time.monotonic() + ARRIVAL_SECONDS
    while True:
        heard = holder.hear()
        counts = {deployment: len(heard.moments.get(deployment, [])) for deployment in moments}
        if set(counts.values()) == {num_streams}:
            return [told - moments[deployment] for deployment in moments for told in heard.moments[deployment]]
        if time.monotonic() > ends:
            sys.exit(f"{heard.num_open} streams are open, and so many were told of each deployment: {counts}")
        time.sleep(0.1)


def print_table(rounds: Sequence[Round], num_streams: int) -> None:
    """Print what was measured, with the median over the rounds."""
    delays = sorted(delay for each in rounds for delay in each.delays)
    half, most, last = (1000 * delays[int(share * (len(delays) - 1))] for share in (0.5, 0.99, 1))
    print(f"One process of model_server, {NUM_CONNECTIONS} connections sending single doodles, {len(rounds)} rounds\n")
    print(f"| | without streams | with {num_streams} open | ratio |\n|---|---:|---:|---:|")
    for title, read in ROWS.items():
        without = median(read(each.without) for each in rounds)
        beside = median(read(each.beside) for each in rounds)
        print(f"| {title} | {without:.1f} | {beside:.1f} | {beside / without:.2f} |")
    print(f"\nA deployment, while doodles come in, reaches half of the streams within {half:.0f} ms of its commit,")
    print(f"99 of 100 within {most:.0f} ms, the last within {last:.0f} ms ({len(delays)} arrivals).")
    memory = max(each.bytes_per_stream for each in rounds) / 1024
    print(f"Memory of model_server for each stream: {memory:.0f} KiB.\n\n{describe_machine(datetime.now(UTC).date())}")


if __name__ == "__main__":
    main()
