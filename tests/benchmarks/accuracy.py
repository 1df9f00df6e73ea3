"""
Measure how often each network is right on held-out drawings, and how far that is from simpler means.

    DOODLE_DATA_DIR=... python tests/benchmarks/accuracy.py [--label-set digits] [--versions DIR] [--results DIR]

Prints Markdown: every recipe on the same rows with three seeds, mean and range; then what the first version takes for
what. What is measured is kept in a folder, a file a recipe and seed: begun again, it goes on where it was.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from benchmarks.comparisons.measured import Measured
from benchmarks.comparisons.recipes import Recipe, Task, ask_versions, grow_tree, guess_commonest, train_network
from benchmarks.comparisons.results import recall_or_make
from doodle_db.label_sets import load_label_set
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.machine import describe_machine
from doodle_testing.shipped_version import MODELS, load_shipped
from training_server.base_material import find_base_data, read_splits
from training_server.dataset import take
from training_server.evaluate import evaluate_logits, predict_logits
from training_server.progress import Progress, SilentObserver

NETWORKS = ("mlp", "lenet5", "cnn", "doodlenet")
SEEDS = (0, 1, 2)
QUICK_ROWS = 600
DEFAULT_RESULTS = Path(".doodle/accuracy")


@dataclass(frozen=True)
class Line:
    """A recipe with what it came to, a result a seed."""

    recipe: Recipe
    results: tuple[Measured, ...]


def main(words: Sequence[str] | None = None) -> None:
    """Measure what has not been measured yet, and print the tables."""
    arguments = parse(words)
    if "DOODLE_DATA_DIR" not in os.environ:
        sys.exit("This benchmark needs real drawings: set DOODLE_DATA_DIR to a folder of base data.")
    task = make_task(arguments, Path(os.environ["DOODLE_DATA_DIR"]))
    versions = find_versions(arguments)
    lines = [
        measure(task, recipe, arguments.seeds, arguments.results) for recipe in make_recipes(task, arguments, versions)
    ]
    print_table(lines)
    if versions:
        print_confusion(task, versions[0])
    print(
        f"\n{len(task.training):,} drawings to train on, {len(task.holdout):,} held out."
        f" Tables of {describe_machine(datetime.now(UTC).date())}."
    )


def parse(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--label-set", default="animals")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--epochs", type=int, help="instead of those `pretrain` takes")
    parser.add_argument("--networks", nargs="*", default=NETWORKS)
    parser.add_argument("--versions", type=Path, help="a folder of finished versions; the shipped ones, if not given")
    parser.add_argument("--results", type=Path, default=DEFAULT_RESULTS, help="where what is measured is kept")
    parser.add_argument("--no-tree", action="store_true", help="leave out the decision tree (200 MB to install)")
    parser.add_argument("--quick", action="store_true", help="an epoch on a few rows: does it run at all?")
    arguments = parser.parse_args(words)
    if arguments.quick:
        arguments.seeds, arguments.epochs, arguments.no_tree = (0,), 1, True
        arguments.results /= "quick"
    return arguments


def make_task(arguments: argparse.Namespace, data: Path) -> Task:
    """Read the drawings."""
    label_set = load_label_set(arguments.label_set)
    training, holdout = read_splits(find_base_data(data, label_set), label_set)
    if arguments.quick:
        training, holdout = thin_out(training), thin_out(holdout)
    return Task(label_set, training, holdout, arguments.epochs, SpokenProgress())


def thin_out(rows: LabelledBitmaps) -> LabelledBitmaps:
    """Keep some rows, evenly."""
    return take(rows, np.linspace(0, len(rows) - 1, QUICK_ROWS).astype(np.int64))


def find_versions(arguments: argparse.Namespace) -> list[Path]:
    """Find folders of versions, in the order they were made."""
    folder = arguments.versions or MODELS / arguments.label_set
    found = [load_shipped(path) for path in folder.glob("*/manifest.json")]
    return [
        version.folder
        for version in sorted(found, key=lambda each: each.manifest.created_at)
        if version.manifest.label_set == arguments.label_set
    ]


def make_recipes(task: Task, arguments: argparse.Namespace, versions: list[Path]) -> Iterable[Recipe]:
    """Name the lines of the table, from the simplest."""
    yield guess_commonest(task)
    if not arguments.no_tree:
        yield grow_tree(task)
    for network in arguments.networks:
        yield train_network(task, network)
    if versions:
        yield ask_versions(task, versions)


def measure(task: Task, recipe: Recipe, seeds: Sequence[int], results: Path) -> Line:
    """Measure a recipe with every seed, unless that is known."""
    rows = {"num_training": len(task.training), "num_holdout": len(task.holdout)}
    measured = []
    for seed in seeds if recipe.seeds is None else recipe.seeds:
        print(f"{recipe.name}, seed {seed}", file=sys.stderr, flush=True)
        path = results / task.label_set.name / f"{recipe.name}-{seed}.json"
        made_with = {**recipe.made_with, **rows, "seed": seed}
        measured.append(recall_or_make(path, made_with, Measured, partial(recipe.measure, seed)))
    return Line(recipe, tuple(measured))


class SpokenProgress(SilentObserver):
    """Says how far a training is, an epoch a line; to stderr, for the tables go to stdout."""

    def report(self, progress: Progress) -> None:
        """Speak at an epoch's end."""
        if progress.step * progress.num_epochs == progress.epoch * progress.num_steps:
            words = f"  epoch {progress.epoch}/{progress.num_epochs}, {progress.eta_seconds or 0:.0f} s left"
            print(words, file=sys.stderr, flush=True)


def print_table(lines: Sequence[Line]) -> None:
    """Print what each recipe came to."""
    print("| | parameters | multiply-adds | accuracy | range | lowest recall | log-loss | minutes to train |")
    print("|---|---:|---:|---:|---|---|---:|---:|")
    for line in lines:
        first = line.results[0]
        accuracies = [each.accuracy for each in line.results]
        span = f"{min(accuracies):.1%} to {max(accuracies):.1%}" if len(accuracies) > 1 else ""
        label, recall = find_lowest_recall(line.results)
        seconds = mean(each.seconds for each in line.results)
        print(
            f"| {line.recipe.title} | {write_number(first.num_parameters)} | {write_number(first.num_multiply_adds)} "
            f"| {mean(accuracies):.1%} | {span} | {recall:.1%} ({label}) "
            f"| {mean(each.log_loss for each in line.results):.3f} | {f'{seconds / 60:.1f}' if seconds else ''} |"
        )


def find_lowest_recall(results: Sequence[Measured]) -> tuple[str, float]:
    """Name the label that is found least often, over all seeds, and how often it is."""
    means = {label: mean(each.recalls[label] for each in results) for label in results[0].recalls}
    label = min(means, key=lambda each: means[each])
    return label, means[label]


def write_number(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def print_confusion(task: Task, folder: Path) -> None:
    """Print what a version takes for what: rows are labels, columns first guesses."""
    logits = predict_logits(load_shipped(folder / "manifest.json").build(), task.holdout.bitmaps)
    evaluation = evaluate_logits(logits, task.holdout.labels)
    names = task.label_set.names
    print(f"\n`{folder.name}`: rows are labels, columns first guesses.\n")
    print(f"| | {' | '.join(names)} | recall |\n|---|{'---:|' * (len(names) + 1)}")
    for name, counts, recall in zip(names, evaluation.confusion.tolist(), evaluation.recalls, strict=True):
        print(f"| {name} | {' | '.join(map(str, counts))} | {recall:.1%} |")


if __name__ == "__main__":
    main()
