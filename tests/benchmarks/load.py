"""
Measure how many doodles a second are stored and acknowledged, through nginx, on a new installation.

    DOODLE_DATA_DIR=... python tests/benchmarks/load.py [--seconds 10] [--connections 16] [--rounds 3]

The load generator runs on the same machine, as do PostgreSQL and nginx. Afterwards every acknowledged doodle is looked
for in the database: it must be there once. Beside it, in the same run: what PostgreSQL and the disk allow, the plain
way of storing, and where the time goes. Prints Markdown; without DOODLE_DATA_DIR the drawings are of our own making.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import Engine, func, select

from doodle_db.doodles import Doodle
from doodle_db.engine import connect_to
from doodle_db.tables import doodles
from doodle_testing.builders import LABEL_SET
from doodle_testing.cpu_time import cpu_seconds
from doodle_testing.drawings import generate_doodles
from doodle_testing.hot_path import measure_hot_path
from doodle_testing.load_comparisons import commit_row_by_row, running_plain_service
from doodle_testing.load_generator import Outcome, send_load, write_requests
from doodle_testing.machine import describe_machine
from doodle_testing.real_drawings import sample_doodles
from doodle_testing.stack import Stack, running_stack, wait_until

NUM_DRAWINGS = 600
BATCH = 100
WARM_UP_SECONDS = 2.0
PAUSE_SECONDS = 60
NO_LIMIT = "1000000"
NO_TRAINING = "1000000"
"""So many doodles would start a run: none does, and what is measured is storing."""

IDS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Measured:
    """One load: what became of it, and the CPU it cost."""

    outcome: Outcome
    cpu_seconds: dict[str, float]


def main() -> None:
    """Load the installation, in rounds; then compare, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    drawings = take_drawings(NUM_DRAWINGS)
    with tempfile.TemporaryDirectory(prefix="doodle-load-") as folder, busy_stack(Path(folder) / "home") as stack:
        engine = connect_to(stack.database_url)
        wait_until(lambda: is_worker_idle(stack), PAUSE_SECONDS, stack)
        loads = Loads(stack, drawings, arguments.connections)
        rounds = [
            {batch: loads.measure(batch, arguments.seconds) for batch in (1, BATCH)} for _ in range(arguments.rounds)
        ]
        num_checked = check_each_is_there_once(engine, loads.acknowledged)
        print_loads(rounds, arguments.connections, num_checked)
        print_comparisons(rounds, stack, drawings, arguments.connections, arguments.seconds)
        print_cpu(rounds)
        print_hot_path(engine, drawings)
        engine.dispose()
    print(f"\n{describe_machine(datetime.now(UTC).date())}")


def busy_stack(home: Path) -> AbstractContextManager[Stack]:
    """Start an installation whose nginx lets one client send as much as it can."""
    limits = {"DOODLE_WRITES_PER_SECOND": NO_LIMIT, "DOODLE_WRITES_BURST": NO_LIMIT}
    return running_stack(home, DELTA_MIN_DOODLES=NO_TRAINING, **limits)


def is_worker_idle(stack: Stack) -> bool:
    """Tell whether the worker has started: while it loads TensorFlow, it takes a core."""
    with stack.operator as client:
        return any(worker["state"] == "idle" for worker in client.get("/api/v1/workers").json()["workers"])


def take_drawings(num: int) -> list[Doodle]:
    """Take real drawings where there are any, our own elsewhere."""
    data_dir = os.environ.get("DOODLE_DATA_DIR")
    if data_dir:
        return sample_doodles(Path(data_dir), LABEL_SET, num, Random(0))
    return generate_doodles(LABEL_SET, num, Random(0))


class Loads:
    """Loads one installation again and again, every doodle under an id of its own, and remembers all ids."""

    def __init__(self, stack: Stack, drawings: Sequence[Doodle], num_connections: int) -> None:
        self._stack, self._drawings, self._num_connections = stack, drawings, num_connections
        self._random = Random(1)
        self.acknowledged: list[UUID] = []

    def measure(self, batch: int, seconds: float) -> Measured:
        """Load it, after a little while of the same that is not counted."""
        self._send(batch, WARM_UP_SECONDS)
        before = cpu_seconds(self._stack.process.pid)
        outcome = self._send(batch, seconds)
        after = cpu_seconds(self._stack.process.pid)
        return Measured(outcome, {name: after[name] - before[name] for name in before})

    def _send(self, batch: int, seconds: float) -> Outcome:
        requests = write_requests(self._stack.url, self._drawings, batch, self._random)
        outcome = send_load(self._stack.url, requests, self._num_connections, seconds)
        self.acknowledged += outcome.acknowledged
        return outcome


def check_each_is_there_once(engine: Engine, acknowledged: Sequence[UUID]) -> int:
    """Look for every acknowledged doodle; gives how many were found, each once."""
    wrong = dict.fromkeys(acknowledged, 0)
    for start in range(0, len(acknowledged), IDS_AT_ONCE):
        some = acknowledged[start : start + IDS_AT_ONCE]
        counted = select(doodles.c.id, func.count()).where(doodles.c.id.in_(some)).group_by(doodles.c.id)
        with engine.connect() as connection:
            for id_, number in connection.execute(counted):
                wrong[id_] = number
    missing = [id_ for id_, number in wrong.items() if number != 1]
    if missing:
        sys.exit(f"{len(missing)} of {len(acknowledged)} acknowledged doodles are not there once: {missing[:3]}")
    return len(acknowledged)


def print_loads(rounds: list[dict[int, Measured]], num_connections: int, num_checked: int) -> None:
    """Print what was acknowledged, and how soon."""
    print(f"Through nginx, {num_connections} connections, {len(rounds)} rounds; median (and each round)\n")
    print("| | doodles/s | 50 of 100 within | 99 of 100 within | answers |\n|---|---:|---:|---:|---|")
    for batch, name in ((1, "single POSTs"), (BATCH, f"batches of {BATCH}")):
        outcomes = [each[batch].outcome for each in rounds]
        rates = [outcome.doodles_per_second for outcome in outcomes]
        half, most = (median(outcome.percentile_ms(percent) for outcome in outcomes) for percent in (50, 99))
        statuses = sum((outcome.statuses for outcome in outcomes), start=outcomes[0].statuses.__class__())
        answers = ", ".join(f"{number} with {status}" for status, number in sorted(statuses.items()))
        each = ", ".join(f"{rate:.0f}" for rate in rates)
        print(f"| {name} | **{median(rates):.0f}** ({each}) | {half:.1f} ms | {most:.1f} ms | {answers} |")
    print(f"\n{num_checked} acknowledged doodles looked for in the database: each is there, once.\n")


def print_comparisons(
    rounds: list[dict[int, Measured]], stack: Stack, drawings: Sequence[Doodle], num_connections: int, seconds: float
) -> None:
    """Print ours beside what it may be compared to, as a ratio."""
    ours = median(each[1].outcome.doodles_per_second for each in rounds)
    limit = commit_row_by_row(stack.database_url, drawings, num_connections, seconds)
    with running_plain_service(stack.database_url, stack.home) as url:
        requests = write_requests(url, drawings, 1, Random(2))
        send_load(url, requests, num_connections, WARM_UP_SECONDS)
        plain = send_load(url, requests, num_connections, seconds).doodles_per_second
    print("| single doodles, same machine, same PostgreSQL | a second | ours to it |\n|---|---:|---:|")
    print(f"| ours, through nginx | {ours:.0f} | 1.00 |")
    print(f"| Flask, SQLAlchemy, a commit a request; no checks, no proxy | {plain:.0f} | {ours / plain:.2f} |")
    print(f"| psycopg2 alone: one row a commit, {num_connections} connections | {limit:.0f} | {ours / limit:.2f} |\n")


def print_cpu(rounds: list[dict[int, Measured]]) -> None:
    """Print which process the CPU time of a doodle goes to."""
    names = list(rounds[0][1].cpu_seconds)
    print(f"| CPU microseconds a doodle | {' | '.join(names)} | together |\n|---|{'---:|' * (len(names) + 1)}")
    for batch, title in ((1, "single POSTs"), (BATCH, f"batches of {BATCH}")):
        costs = [median(per_doodle(each[batch], name) for each in rounds) for name in names]
        print(f"| {title} | {' | '.join(f'{cost:.0f}' for cost in (*costs, sum(costs)))} |")


def per_doodle(measured: Measured, name: str) -> float:
    return 1e6 * measured.cpu_seconds[name] / len(measured.outcome.acknowledged)


def print_hot_path(engine: Engine, drawings: Iterable[Doodle]) -> None:
    """Print what a single POST costs model_server, step by step."""
    print("\n| microseconds a single POST, in model_server | CPU | with waiting |\n|---|---:|---:|")
    for step in measure_hot_path(engine, list(drawings)):
        print(f"| {step.name} | {step.cpu_us:.0f} | {step.wall_us:.0f} |")


if __name__ == "__main__":
    main()
