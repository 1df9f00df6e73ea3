"""
Measure whether a version goes on saying that it does not know, delta after delta.

    DOODLE_DATA_DIR=... python tests/benchmarks/rejection_after_deltas.py [--version models/animals/<v>] [--quick]

Each round trains on 500 drawings beside replay, which is held to the shipped version's answers, as a worker does;
nothing is judged, every candidate goes on.
The drawings come as they are, or a quarter turned, which the version has to learn. Prints Markdown: what share of known
drawings stays known by the threshold chosen anew, and the AUROC of the manifest's score.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import keras
import numpy as np
from numpy.typing import NDArray

from benchmarks.drills.rules import learn_beside
from benchmarks.rejection import SHIPPED, group, read_known, score
from doodle_db.rejection import is_unknown
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.machine import describe_machine
from doodle_testing.shipped_version import ShippedVersion, load_shipped
from doodle_testing.strange_sets import read_strange_sets
from doodle_testing.strangeness import ask, measure_area
from training_server.candidate import renew_rejection
from training_server.dataset import NUM_REPLAY, take
from training_server.fit_plan import DELTA_PLAN

NUM_NEW = 500
NUM_ROUNDS = 5
STRANGE_SHARE = 0.2

Bitmaps = NDArray[np.uint8]
CHANGES: Mapping[str, Callable[[Bitmaps], Bitmaps]] = {
    "as they are": lambda bitmaps: bitmaps,
    "a quarter turned": lambda bitmaps: np.ascontiguousarray(np.rot90(bitmaps, axes=(1, 2))),
}


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print; give the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    shipped = next(path for path in sorted(SHIPPED.iterdir()) if path.is_dir())
    parser.add_argument("--version", type=Path, default=shipped, help="folder of a version: manifest.json, weights.npz")
    parser.add_argument("--quick", action="store_true", help="one round each, and fewer strange pictures")
    arguments = parser.parse_args(words)
    if "DOODLE_DATA_DIR" not in os.environ:
        print("This benchmark needs real drawings: set DOODLE_DATA_DIR to a folder that holds quickdraw/ and ood/.")
        return 1
    version = load_shipped(arguments.version / "manifest.json")
    num_rounds, share = (1, STRANGE_SHARE / 4) if arguments.quick else (NUM_ROUNDS, STRANGE_SHARE)
    report(version, Path(os.environ["DOODLE_DATA_DIR"]), num_rounds, share)
    print(f"\nMeasured on {describe_machine(datetime.now(UTC).date())}.")
    return 0


def report(version: ShippedVersion, data_dir: Path, num_rounds: int, share: float) -> None:
    """Play both stories and print a row a round."""
    training, holdout = read_known(data_dir, version, share=1.0)
    strange = group(read_strange_sets(data_dir, version.label_set, share))
    print(f"| {version.manifest.version} | accuracy | kept | {' | '.join(strange)} |")
    print(f"|---|---|---|{'---|' * len(strange)}")
    print_row("shipped", version, version.build(), holdout, strange)
    for name, change in CHANGES.items():
        network, shipped = version.build(), version
        for number in range(num_rounds):
            shipped = train(shipped, network, training, change, number)
            print_row(f"new drawings {name}, round {number + 1}", shipped, network, holdout, strange)


def train(
    version: ShippedVersion,
    network: keras.Model,
    training: LabelledBitmaps,
    change: Callable[[Bitmaps], Bitmaps],
    number: int,
) -> ShippedVersion:
    """
    Train a network in place on a round of new drawings.

    Args:
        version: what it was before; its files are the founder's.
        network: is changed.
        training: drawings the version was trained on; the round's are taken out of replay.
        change: what new drawings look like.
        number: of the round, from 0.

    Returns:
        The version with the rejection its next manifest would state.
    """
    order = np.random.default_rng(0).permutation(len(training))
    mine = slice(number * NUM_NEW, (number + 1) * NUM_NEW)
    replayed = np.random.default_rng([1, number]).permutation(order[NUM_ROUNDS * NUM_NEW :])[:NUM_REPLAY]
    new, replay = take(training, order[mine]), take(training, replayed)
    shown = LabelledBitmaps(change(new.bitmaps), new.labels)
    plan = replace(DELTA_PLAN, seed=number)
    result, material = learn_beside(version.build(), version.label_set.names, network, shown, replay, plan)
    rejection = renew_rejection(version.manifest.rejection, network, result, material)
    return replace(version, manifest=version.manifest.model_copy(update={"rejection": rejection}))


def print_row(
    name: str,
    version: ShippedVersion,
    network: keras.Model,
    holdout: LabelledBitmaps,
    strange: Mapping[str, Bitmaps],
) -> None:
    """Print what a network with a version's rejection comes to."""
    rejection, known = version.manifest.rejection, ask(network, holdout.bitmaps)
    accuracy = (known.logits.argmax(axis=1) == holdout.labels).mean()
    kept = 1 - is_unknown(rejection, known.logits, known.bitmaps).mean()
    own = score(rejection, known)
    areas = [measure_area(own, score(rejection, ask(network, bitmaps))) for bitmaps in strange.values()]
    print(f"| {name} | {accuracy:.1%} | {kept:.1%} | {' | '.join(f'{area:.3f}' for area in areas)} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
