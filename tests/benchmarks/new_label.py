"""
Measure what it takes to learn a new label: how many drawings, how well they are found then, and what the others lose.

    DOODLE_DATA_DIR=... python tests/benchmarks/new_label.py [--quick]

For each label and number of drawings the shipped version is widened and trained as a delta run does it, with 140 new
drawings of the old labels beside them; then the gate judges it. Prints Markdown. Of mice there are 22 real drawings to
train on, repeated by other hands, and 10 held out; of the others each drawing is somebody's own.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from doodle_db.label_sets import LabelSet
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.machine import describe_machine
from doodle_testing.mice import MOUSE, as_doodles, read_mice, repeat
from doodle_testing.real_drawings import read_bitmaps
from doodle_testing.shipped_version import ShippedVersion, find_shipped, load_shipped
from training_server.agreement import ExportCheck
from training_server.anchor import anchor_to
from training_server.base_material import read_splits
from training_server.dataset import join, num_replay_for, take
from training_server.fit import fit
from training_server.fit_plan import DELTA_PLAN
from training_server.gate import GatePolicy, decide
from training_server.growth import choose_unseen, grow, plan_growth, set_loudness
from training_server.holdouts import align, answer, pair
from training_server.material import Material
from training_server.networks import build
from training_server.progress import SilentObserver

OTHERS = ("sheep", "frog", "tree")
NUMBERS = (60, 240)
NUM_OLD = 140
"""New drawings of the old labels: what the other people drew meanwhile."""

NUM_HELD_OUT = 200
AGREEING = ExportCheck(1, {"weights": 0.0, "onnx": 0.0, "tfjs": 0.0})


@dataclass(frozen=True)
class Lesson:
    """A new label's drawings: uint8 bitmaps to train on, and held out."""

    name: str
    num_people: int
    training: LabelledBitmaps
    held_out: LabelledBitmaps


@dataclass(frozen=True)
class Trial:
    """What became of it."""

    found_at_once: float
    found: float
    base_before: float
    base_after: float
    outcome: str


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print; give the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--quick", action="store_true", help="only mice, of which there are 60")
    parser.add_argument("--only", help="one label")
    arguments = parser.parse_args(words)
    if "DOODLE_DATA_DIR" not in os.environ:
        print("This benchmark needs real drawings: set DOODLE_DATA_DIR to a folder that holds quickdraw/ and strokes/.")
        return 1
    data_dir = Path(os.environ["DOODLE_DATA_DIR"])
    names, numbers = ((MOUSE.name,), (60,)) if arguments.quick else ((MOUSE.name, *OTHERS), NUMBERS)
    names = (arguments.only,) if arguments.only else names
    shipped = load_shipped(find_shipped()[0])
    splits = read_splits(data_dir / shipped.label_set.base_data, shipped.label_set)
    print("| new label | drawings | by | found before training | found | old labels, base | verdict |")
    print("|---|---|---|---|---|---|---|")
    for name in names:
        for lesson in make_lessons(data_dir, shipped.label_set, name, numbers):
            print(describe(lesson, measure(shipped, splits, lesson)), flush=True)
    print(f"\nMeasured on {describe_machine(datetime.now(UTC).date())}.")
    return 0


def make_lessons(data_dir: Path, label_set: LabelSet, name: str, numbers: Sequence[int]) -> Iterator[Lesson]:
    """Give lessons of rising length about one label; what is held out is the same for all."""
    index = len(label_set.labels)
    as_rows = partial(_as_rows, label_set=label_set, index=index)
    if name == MOUSE.name:
        taught, unseen = read_mice(data_dir, "train"), read_mice(data_dir, "test")
        for number in numbers:
            yield Lesson(name, len(taught), as_rows(repeat(taught, number, Random(5))), as_rows(unseen))
        return
    bitmaps = read_bitmaps(data_dir, label_set, name)
    bitmaps = bitmaps[np.random.default_rng(5).permutation(len(bitmaps))]
    rows = LabelledBitmaps(bitmaps, np.full(len(bitmaps), index))
    held_out = take(rows, np.arange(NUM_HELD_OUT))
    for number in numbers:
        yield Lesson(name, number, take(rows, np.arange(NUM_HELD_OUT, NUM_HELD_OUT + number)), held_out)


def _as_rows(drawn: list[list[list[list[int]]]], label_set: LabelSet, index: int) -> LabelledBitmaps:
    doodles = as_doodles(drawn, label_set, "train", Random(6))
    bitmaps = [np.frombuffer(each.bitmap, np.uint8).reshape(each.height, each.width) for each in doodles]
    return LabelledBitmaps(np.stack(bitmaps), np.full(len(bitmaps), index))


def measure(shipped: ShippedVersion, splits: tuple[LabelledBitmaps, LabelledBitmaps], lesson: Lesson) -> Trial:
    """Widen, train and judge as a run does."""
    training, base = splits
    order = np.random.default_rng(7).permutation(len(training))
    old, recent_old = take(training, order[:NUM_OLD]), take(base, np.arange(0, len(base), 20))
    new = join(old, lesson.training)
    replay = take(training, order[NUM_OLD : NUM_OLD + num_replay_for(len(new))])
    material = Material(new, replay, join(recent_old, lesson.held_out), base, num_base_replay=len(replay))
    parent, size = shipped.build(), shipped.manifest.input
    shape, definition = (size.height, size.width, size.channels), shipped.manifest.network
    names = (*shipped.label_set.names, lesson.name)
    network = grow(parent, build(definition.name, shape, len(names), definition.arguments), join(replay, new))
    at_once = _share_found(answer(network, material)["recent"], lesson)
    anchored = anchor_to(parent, shipped.label_set.names, names, material)
    plan = replace(plan_growth(DELTA_PLAN, mirror=shipped.label_set.mirror), seed=1)
    result = fit(network, new, plan, SilentObserver(), replay, anchored)
    set_loudness(network, len(names) - 1, choose_unseen(result.validation, replay))
    candidate = answer(network, material)
    live = align(answer(parent, material), shipped.label_set.names, names)
    recent, held = pair(material, names, candidate, live, grown=(lesson.name,))
    verdict = decide(GatePolicy(), recent, held, AGREEING)
    before, after = float(held.live_right.mean()), float(held.candidate_right.mean())
    return Trial(at_once, _share_found(candidate["recent"], lesson), before, after, verdict.outcome)


def _share_found(logits: np.ndarray[tuple[int, ...], np.dtype[np.float32]], lesson: Lesson) -> float:
    guesses = logits[-len(lesson.held_out) :].argmax(axis=1)
    return float((guesses == lesson.held_out.labels).mean())


def describe(lesson: Lesson, trial: Trial) -> str:
    """Write a row of the table."""
    return (
        f"| {lesson.name} | {len(lesson.training)} | {lesson.num_people} | {trial.found_at_once:.0%} "
        f"| {trial.found:.0%} of {len(lesson.held_out)} | {trial.base_before:.2%} -> {trial.base_after:.2%} "
        f"| {trial.outcome} |"
    )


if __name__ == "__main__":
    sys.exit(main())
