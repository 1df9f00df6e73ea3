"""
Measure how many doodles a second are stored and acknowledged, through nginx, on a new installation.

    DOODLE_DATA_DIR=... python tests/benchmarks/load.py [--seconds 10] [--connections 16] [--rounds 3]

The load generator runs on the same machine, as do PostgreSQL and nginx. Afterwards every acknowledged doodle is looked
for in the database: it must be there once. Beside it, in the same run: what PostgreSQL and the disk allow, the plain
way of storing, and where the time goes. Prints Markdown; without DOODLE_DATA_DIR the drawings are of our own making.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
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
from doodle_testing.cpu_time import cpu_seconds
from doodle_testing.hot_path import measure_hot_path
from doodle_testing.load_comparisons import commit_row_by_row, running_plain_service
from doodle_testing.load_generator import NO_LIMIT, NO_TRAINING, Outcome, send_load, take_drawings, write_requests
from doodle_testing.machine import describe_machine
from doodle_testing.stack import Stack, is_worker_idle, running_stack, wait_until

NUM_DRAWINGS = 600
BATCH = 100
WARM_UP_SECONDS = 2.0
START_SECONDS = 60
LIMITS = ("DOODLE_WRITES_PER_SECOND", "DOODLE_WRITES_BURST", "DOODLE_REQUESTS_AT_ONCE")
IDS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Measured:
    """One load: what became of it, and the CPU seconds each part spent on it."""

    outcome: Outcome
    cpu_seconds: dict[str, float]


@dataclass(frozen=True)
class Round:
    """
    One round: one after the other, so that what else the machine does meets them alike.

    Attributes:
        loads: ours, by the number of doodles a request.
        plain_rate: doodles a second by the plain way.
        commit_rate: rows a second, one a commit, with the driver alone.
    """

    loads: dict[int, Measured]
    plain_rate: float
    commit_rate: float


def main() -> None:
    """Play the rounds, check what was acknowledged, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    drawings = take_drawings(NUM_DRAWINGS)
    with tempfile.TemporaryDirectory(prefix="doodle-load-") as folder, busy_stack(Path(folder) / "home") as stack:
        engine = connect_to(stack.database_url)
        wait_until(lambda: is_worker_idle(stack), START_SECONDS, stack)
        with running_plain_service(stack.database_url, stack.home) as plain_url:
            site = Site(stack, plain_url, drawings, arguments.connections, arguments.seconds)
            rounds = [site.play_round() for _ in range(arguments.rounds)]
        num_checked = check_each_is_there_once(engine, site.acknowledged)
        print_loads([each.loads for each in rounds], arguments.connections, num_checked)
        print_comparisons(rounds, arguments.connections)
        print_cpu([each.loads for each in rounds])
        print_hot_path(engine, drawings)
        engine.dispose()
    print(f"\n{describe_machine(datetime.now(UTC).date())}")


def busy_stack(home: Path) -> AbstractContextManager[Stack]:
    """Start an installation whose nginx lets one client send as much as it can, and which does not train meanwhile."""
    return running_stack(home, DELTA_MIN_DOODLES=NO_TRAINING, **dict.fromkeys(LIMITS, NO_LIMIT))


class Site:
    """What is loaded: an installation, and the plain service beside it; every doodle goes under an id of its own."""

    def __init__(
        self, stack: Stack, plain_url: str, drawings: Sequence[Doodle], num_connections: int, seconds: float
    ) -> None:
        self._stack, self._plain_url = stack, plain_url
        self._drawings, self._num_connections, self._seconds = drawings, num_connections, seconds
        self._random = Random(1)
        self.acknowledged: list[UUID] = []

    def play_round(self) -> Round:
        """Load each way once."""
        loads = {batch: self._measure(batch) for batch in (1, BATCH)}
        self._send(self._plain_url, 1, WARM_UP_SECONDS)
        plain = self._send(self._plain_url, 1, self._seconds)
        rate = commit_row_by_row(self._stack.database_url, self._drawings, self._num_connections, self._seconds)
        return Round(loads, plain.doodles_per_second, rate)

    def _measure(self, batch: int) -> Measured:
        """Load the installation, after a little while of the same that is not counted."""
        warm_up = self._send(self._stack.url, batch, WARM_UP_SECONDS)
        before = cpu_seconds(self._stack.process.pid)
        outcome = self._send(self._stack.url, batch, self._seconds)
        after = cpu_seconds(self._stack.process.pid)
        self.acknowledged += warm_up.acknowledged + outcome.acknowledged
        return Measured(outcome, {name: after[name] - before[name] for name in before})

    def _send(self, url: str, batch: int, seconds: float) -> Outcome:
        requests = write_requests(url, self._drawings, batch, self._random)
        return send_load(url, requests, self._num_connections, seconds)


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


def print_loads(rounds: Sequence[dict[int, Measured]], num_connections: int, num_checked: int) -> None:
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


def print_comparisons(rounds: Sequence[Round], num_connections: int) -> None:
    """Print ours beside what it may be compared to, as a ratio."""
    ours = median(each.loads[1].outcome.doodles_per_second for each in rounds)
    plain = median(each.plain_rate for each in rounds)
    limit = median(each.commit_rate for each in rounds)
    print("| single doodles, same machine, same PostgreSQL | a second | ours to it |\n|---|---:|---:|")
    print(f"| ours, through nginx | {ours:.0f} | 1.00 |")
    print(f"| Flask, SQLAlchemy, a commit a request; no checks, no proxy | {plain:.0f} | {ours / plain:.2f} |")
    print(f"| psycopg2 alone: one row a commit, {num_connections} connections | {limit:.0f} | {ours / limit:.2f} |\n")


def print_cpu(rounds: Sequence[dict[int, Measured]]) -> None:
    """Print which process the CPU time of a doodle goes to."""
    names = list(rounds[0][1].cpu_seconds)
    print(f"| CPU microseconds a doodle | {' | '.join(names)} | together |\n|---|{'---:|' * (len(names) + 1)}")
    for batch, title in ((1, "single POSTs"), (BATCH, f"batches of {BATCH}")):
        costs = [median(per_doodle(each[batch], name) for each in rounds) for name in names]
        print(f"| {title} | {' | '.join(f'{cost:.0f}' for cost in (*costs, sum(costs)))} |")


def per_doodle(measured: Measured, name: str) -> float:
    return 1e6 * measured.cpu_seconds[name] / len(measured.outcome.acknowledged)


def print_hot_path(engine: Engine, drawings: Sequence[Doodle]) -> None:
    """Print what a single POST costs model_server, step by step."""
    print("\n| microseconds a single POST, in model_server | CPU | with waiting |\n|---|---:|---:|")
    for step in measure_hot_path(engine, drawings):
        print(f"| {step.name} | {step.cpu_us:.0f} | {step.wall_us:.0f} |")


if __name__ == "__main__":
    main()
