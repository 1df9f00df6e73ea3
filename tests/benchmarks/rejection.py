"""
Measure what a version calls unknown: how well photos, noise, scribbles, digits and drawings of other things are told
from held-out drawings of its labels.

    DOODLE_DATA_DIR=... python tests/benchmarks/rejection.py [--version models/animals/0123456789ab] [--kinds] [--quick]

Prints Markdown: what the manifest's score and threshold come to, then other scores beside it. Known drawings and those
of other things are of the test split, noise and scribbles of a seed of their own, and of the things never seen there is
no training drawing at all. Photos are the exception: which two numbers tell ink was chosen by looking at them.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from numpy.typing import NDArray

from doodle_db.base_data import read_base_data
from doodle_db.manifest import Rejection
from doodle_db.rejection import is_unknown, measure_strangeness
from doodle_db.splits import Split, split_of
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.machine import describe_machine
from doodle_testing.shipped_version import ShippedVersion, load_shipped
from doodle_testing.strange_sets import StrangeSet, read_strange_sets
from doodle_testing.strangeness import Answers, Scores, ask, make_scores, measure_area, measure_missed
from training_server.dataset import join, take

SHIPPED = Path(__file__).parents[2] / "models" / "animals"
QUICK_SHARE = 0.1


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print; give the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    shipped = next(path for path in sorted(SHIPPED.iterdir()) if path.is_dir())
    parser.add_argument("--version", type=Path, default=shipped, help="folder of a version: manifest.json, weights.npz")
    parser.add_argument("--kinds", action="store_true", help="print every kind of picture on its own, too")
    parser.add_argument("--quick", action="store_true", help=f"take {QUICK_SHARE:.0%} of everything")
    arguments = parser.parse_args(words)
    if "DOODLE_DATA_DIR" not in os.environ:
        print("This benchmark needs real drawings: set DOODLE_DATA_DIR to a folder that holds quickdraw/ and ood/.")
        return 1
    version = load_shipped(arguments.version / "manifest.json")
    share = QUICK_SHARE if arguments.quick else 1.0
    data_dir = Path(os.environ["DOODLE_DATA_DIR"])
    report(version, data_dir, share, with_kinds=arguments.kinds)
    print(f"\nMeasured on {describe_machine(datetime.now(UTC).date())}.")
    return 0


def report(version: ShippedVersion, data_dir: Path, share: float, *, with_kinds: bool) -> None:
    """Ask the version about everything and print what it comes to."""
    network = version.build()
    training, holdout = read_known(data_dir, version, share)
    known = ask(network, holdout.bitmaps)
    strange_sets = read_strange_sets(data_dir, version.label_set, share)
    groups = {name: ask(network, bitmaps) for name, bitmaps in group(strange_sets).items()}
    rejection = version.manifest.rejection
    print_verdicts(version, known, groups)
    if with_kinds:
        singles = [each for each in strange_sets if not each.group.startswith("drawings")]
        print_rows(rejection, known, {each.kind: ask(network, each.bitmaps) for each in singles})
    print_scores(rejection, ask(network, training.bitmaps), training.labels, known, groups)


def read_known(data_dir: Path, version: ShippedVersion, share: float) -> tuple[LabelledBitmaps, LabelledBitmaps]:
    """Read drawings of the version's labels: of the train and of the test split."""
    drawings = list(read_base_data(data_dir / version.label_set.base_data, version.label_set))
    splits: list[LabelledBitmaps] = []
    for split in ("train", "test"):
        wanted: Split = "train" if split == "train" else "test"
        rows = [np.flatnonzero([split_of(each) == wanted for each in of_label.ids]) for of_label in drawings]
        chosen = [of_label.bitmaps[kept] for of_label, kept in zip(drawings, rows, strict=True)]
        parts = [LabelledBitmaps(each, np.full(len(each), label, np.int64)) for label, each in enumerate(chosen)]
        joined = join(*parts)
        splits.append(take(joined, np.arange(0, len(joined), round(1 / share), dtype=np.int64)))
    return splits[0], splits[1]


def group(strange_sets: Sequence[StrangeSet]) -> dict[str, NDArray[np.uint8]]:
    """Put the pictures of all kinds together that are summed up under one name."""
    groups: dict[str, list[NDArray[np.uint8]]] = {}
    for each in strange_sets:
        groups.setdefault(each.group, []).append(each.bitmaps)
    return {name: np.concatenate(parts) for name, parts in groups.items()}


def print_verdicts(version: ShippedVersion, known: Answers, groups: Mapping[str, Answers]) -> None:
    """Print what the version's own score and threshold come to."""
    rejection = version.manifest.rejection
    kept = 1 - is_unknown(rejection, known.logits, known.bitmaps).mean()
    num_known, name = len(known.logits), version.manifest.version
    print(f"Version {name}: of {num_known:,} held-out drawings of its labels, {kept:.1%} stay known.\n")
    print_rows(rejection, known, groups)


def print_rows(rejection: Rejection, known: Answers, strange: Mapping[str, Answers]) -> None:
    """Print AUROC, FPR95 and what is called unknown, by the manifest's score."""
    print("| | pictures | AUROC | FPR95 | called unknown |\n|---|---|---|---|---|")
    for name, answers in strange.items():
        scores = (score(rejection, known), score(rejection, answers))
        unknown = is_unknown(rejection, answers.logits, answers.bitmaps).mean()
        area, missed = measure_area(*scores), measure_missed(*scores)
        print(f"| {name} | {len(answers.logits):,} | {area:.3f} | {missed:.1%} | {unknown:.1%} |")
    print()


def score(rejection: Rejection, answers: Answers) -> Scores:
    """Give the manifest's score."""
    return measure_strangeness(rejection.ink, answers.logits, answers.bitmaps)


def print_scores(
    rejection: Rejection, training: Answers, labels: NDArray[np.int64], known: Answers, strange: Mapping[str, Answers]
) -> None:
    """Print the AUROC of several scores side by side."""
    scores = make_scores(rejection, training, labels)
    print(f"| AUROC | {' | '.join(scores)} |\n|---|{'---|' * len(scores)}")
    of_known = {name: measure(known) for name, measure in scores.items()}
    for group_name, answers in strange.items():
        areas = [measure_area(of_known[name], measure(answers)) for name, measure in scores.items()]
        print(f"| {group_name} | {' | '.join(f'{area:.3f}' for area in areas)} |")


if __name__ == "__main__":
    sys.exit(main())
