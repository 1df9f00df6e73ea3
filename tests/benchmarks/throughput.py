"""
Measure how many drawings a second pretraining sees: ours, the same network in PyTorch, and a generator of rows.

    python tests/benchmarks/throughput.py [--threads 2] [--rounds 5] [--no-pytorch] [--quick]

Prints Markdown. The three take turns, an epoch each, so that what else the machine does hits all of them. Drawings are
random dots: how long a step takes does not depend on what is drawn.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import tensorflow as tf

from benchmarks.comparisons.database import running_database
from benchmarks.comparisons.trainings import Clock, GeneratorTraining, OurTraining, PytorchProcess, running_pytorch
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.machine import describe_machine
from training_server.dataset import take

NETWORKS = ("doodlenet", "cnn")
NUM_LABELS = 6
NUM_ROWS, NUM_GENERATED = 12_800, 5_120
"""Rows an epoch, of which the generator gets fewer: it is slow."""

OURS, FLOAT32, BFLOAT16, GENERATOR = "ours", "PyTorch, float32", "PyTorch, bfloat16", "generator of rows from a table"
Epoch = Callable[[], float]


def main(words: Sequence[str] | None = None) -> None:
    """Play the rounds and print the table."""
    arguments = parse(words)
    if arguments.threads:
        tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    rows = make_rows(640 if arguments.quick else NUM_ROWS)
    few = take(rows, np.arange(min(NUM_GENERATED, len(rows))))
    with maybe_pytorch(rows, arguments) as pytorch, running_database(few) as database_url:
        measured = {}
        for name in NETWORKS:
            subjects = make_subjects(name, rows, pytorch, arguments.clock)
            subjects[GENERATOR] = make_generator(name, database_url, len(few), arguments.clock)
            measured[name] = measure(subjects, arguments.rounds)
    print_table(measured)
    print(
        f"\nMedians of {arguments.rounds} rounds, {num_threads(arguments)} threads, batches of 64."
        f"{' Seconds are those on a core.' if arguments.cpu else ''} {describe_machine(datetime.now(UTC).date())}."
    )


def parse(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--threads", type=int, help="of TensorFlow and of PyTorch; one a core, if not given")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-pytorch", action="store_true", help="leave PyTorch out (more than 1 GB to install)")
    parser.add_argument(
        "--cpu", action="store_true", help="count seconds on a core, where much else runs; takes a thread"
    )
    parser.add_argument("--quick", action="store_true", help="a round on a few rows: does it run at all?")
    arguments = parser.parse_args(words)
    if arguments.quick:
        arguments.rounds = 1
    if arguments.cpu:
        arguments.threads = 1
    arguments.clock = time.process_time if arguments.cpu else time.perf_counter
    return arguments


def num_threads(arguments: argparse.Namespace) -> int:
    """Tell how many threads a step may use."""
    return int(arguments.threads or os.cpu_count() or 1)


def make_rows(num: int) -> LabelledBitmaps:
    """Make random dots, on every fifth place as in drawings: uint8 (num, 28, 28)."""
    random = np.random.default_rng(0)
    bitmaps = random.integers(0, 256, (num, 28, 28), dtype=np.uint8)
    bitmaps[random.random(bitmaps.shape) > 0.2] = 0
    labels = np.arange(num, dtype=np.int64) % NUM_LABELS
    return LabelledBitmaps(bitmaps, labels)


@contextmanager
def maybe_pytorch(rows: LabelledBitmaps, arguments: argparse.Namespace) -> Iterator[PytorchProcess | None]:
    """Run PyTorch beside us, if it is wanted."""
    if arguments.no_pytorch:
        yield None
        return
    with running_pytorch(rows, num_threads(arguments), arguments.clock) as pytorch:
        yield pytorch


def make_subjects(name: str, rows: LabelledBitmaps, pytorch: PytorchProcess | None, clock: Clock) -> dict[str, Epoch]:
    """
    Give ours and, if it is wanted, PyTorch: each call trains an epoch.

    Returns:
        By what it is called: a function that gives images a second.
    """
    ours = OurTraining(name, rows, clock)
    subjects: dict[str, Epoch] = {OURS: lambda: len(rows) / ours.run_epoch()}
    if pytorch is not None:
        require_same_size(pytorch, name, ours)
        subjects[FLOAT32] = lambda: len(rows) / pytorch.run_epoch(name, "float32")["seconds"]
        subjects[BFLOAT16] = lambda: len(rows) / pytorch.run_epoch(name, "bfloat16")["seconds"]
    return subjects


def make_generator(name: str, database_url: str, num_rows: int, clock: Clock) -> Epoch:
    """Give the usual way: each call trains an epoch of the table's rows, and gives images a second."""
    training = GeneratorTraining(name, database_url, num_rows, NUM_LABELS, clock)
    return lambda: num_rows / training.run_epoch()


def require_same_size(pytorch: PytorchProcess, name: str, ours: OurTraining) -> None:
    """Refuse to compare networks that are not the same."""
    theirs = pytorch.run_epoch(name, "float32")["num_parameters"]
    if theirs != ours.network.count_params():
        sys.exit(
            f"{name} has {ours.network.count_params():,} parameters here and {theirs:,} in PyTorch; give it the same."
        )


def measure(subjects: Mapping[str, Epoch], num_rounds: int) -> dict[str, list[float]]:
    """Let everything train in turn; the first epoch, in which graphs are traced, does not count."""
    for run in subjects.values():
        run()
    measured: dict[str, list[float]] = {name: [] for name in subjects}
    for number in range(num_rounds):
        for name, run in subjects.items():
            measured[name].append(run())
        words = ", ".join(f"{name} {speeds[-1]:,.0f}" for name, speeds in measured.items())
        print(f"round {number + 1}: {words}", file=sys.stderr, flush=True)
    return measured


def print_table(measured: Mapping[str, Mapping[str, Sequence[float]]]) -> None:
    """Print images a second, and ratios as the median of the rounds' ratios."""
    print(f"| drawings a second | {' | '.join(f'`{name}` | ours to it' for name in measured)} |")
    print(f"|---|{'---:|---:|' * len(measured)}")
    for subject in next(iter(measured.values())):
        cells = [
            f"{median(speeds[subject]):,.0f} | {median(np.divide(speeds[OURS], speeds[subject]).tolist()):.2f}"
            for speeds in measured.values()
        ]
        print(f"| {subject} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
