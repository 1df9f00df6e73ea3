"""
Measure what a screening finds of wrong labels, and what it puts aside of right ones.

    DOODLE_DATA_DIR=... python tests/benchmarks/quarantine.py [--quick] [--seeds 3]

A network learns from a part of the base drawings of the train split; the rest of them stand for users' doodles, which
it has never seen, of 40 contributors. No drawing of the test split is looked at: the policy's numbers are chosen by
this table. Prints Markdown; the drill of whole rounds, with training and gate, is poison.py.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from numpy.typing import NDArray

from benchmarks.drills.drawings import Drawings, make_id
from benchmarks.drills.kept import Base
from benchmarks.drills.screening import WorkersScreen
from doodle_db.label_sets import load_label_set
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.machine import describe_machine
from training_server.base_material import find_base_data, read_splits
from training_server.dataset import take
from training_server.evaluate import predict_logits
from training_server.fit import fit
from training_server.fit_plan import pretrain_plan_for
from training_server.live_view import LiveView
from training_server.networks import build
from training_server.progress import SilentObserver
from training_server.rejection import choose_ink_range, choose_rejection

LABEL_SET = load_label_set("animals")
VICTIM, TAKEN_FOR, REDRAWN = (LABEL_SET.names.index(name) for name in ("dog", "cat", "rabbit"))
LEARNT_SHARE = 0.6
NUM_CONTRIBUTORS, LIAR = 40, 1_000
TEST_SHARE = 0.15
EPOCHS = 9


@dataclass(frozen=True)
class Stage:
    """
    What every scenario is played with.

    Attributes:
        live: has learnt from the trusted drawings.
        trusted: base drawings.
        fresh: drawings it has never seen.
        others: bitmaps of other things, by category.
    """

    live: LiveView
    trusted: LabelledBitmaps
    fresh: LabelledBitmaps
    others: dict[str, NDArray[np.uint8]]


@dataclass
class Deal:
    """New doodles, and which of them are wrong; scenarios change it."""

    bitmaps: NDArray[np.uint8]
    labels: NDArray[np.int64]
    contributors: NDArray[np.int64]
    is_wrong: NDArray[np.bool_]
    is_watched: NDArray[np.bool_]


Scenario = Callable[[Stage, Deal, np.random.Generator], None]


def set_stage(data_dir: Path, share: float) -> Stage:
    """Train a network on a part of the train split; the rest is what it has never seen."""
    everything, _ = read_splits(find_base_data(data_dir, LABEL_SET), LABEL_SET)
    rows = np.random.default_rng(11).permutation(len(everything))[: int(share * len(everything))]
    learnt, fresh = (take(everything, part) for part in np.split(rows, [int(LEARNT_SHARE * len(rows))]))
    shape = (LABEL_SET.height, LABEL_SET.width, LABEL_SET.channels)
    network = build("doodlenet", shape, len(LABEL_SET.names), {}, seed=0)
    plan = replace(pretrain_plan_for(LABEL_SET), epochs=max(1, int(EPOCHS * share)))
    known = fit(network, learnt, plan, SilentObserver()).validation.bitmaps
    rejection = choose_rejection(predict_logits(network, known), known, choose_ink_range(learnt.bitmaps))
    folder = data_dir / LABEL_SET.base_data
    others = {name: np.load(folder / f"{name}.npy")[:600].reshape(-1, *shape[:2]) for name in ("lion", "duck")}
    return Stage(LiveView(network, LABEL_SET.names, rejection), learnt, fresh, others)


def deal(stage: Stage, num: int, rng: np.random.Generator) -> Deal:
    """Deal honest doodles."""
    rows = rng.permutation(len(stage.fresh))[:num]
    bitmaps, labels = stage.fresh.bitmaps[rows].copy(), stage.fresh.labels[rows].copy()
    nobody = np.zeros(len(rows), bool)
    return Deal(bitmaps, labels, rng.integers(0, NUM_CONTRIBUTORS, len(rows)), nobody, nobody.copy())


def scramble(share: float, *, by_one: bool) -> Scenario:
    """Give a share of the doodles any wrong label."""

    def change(_stage: Stage, dealt: Deal, rng: np.random.Generator) -> None:
        dealt.is_wrong = rng.random(len(dealt.labels)) < share
        shift = rng.integers(1, len(LABEL_SET.names), len(dealt.labels))
        dealt.labels = np.where(dealt.is_wrong, (dealt.labels + shift) % len(LABEL_SET.names), dealt.labels)
        dealt.contributors = np.where(dealt.is_wrong & by_one, LIAR, dealt.contributors)

    return change


def misname(share: float, *, by_one: bool) -> Scenario:
    """Put dogs called cats in the place of a share of the doodles."""

    def change(stage: Stage, dealt: Deal, rng: np.random.Generator) -> None:
        num = int(share * len(dealt.labels))
        dogs = rng.permutation(np.flatnonzero(stage.fresh.labels == VICTIM))[:num]
        dealt.bitmaps[: len(dogs)] = stage.fresh.bitmaps[dogs]
        dealt.labels[: len(dogs)] = TAKEN_FOR
        dealt.is_wrong[: len(dogs)] = True
        dealt.contributors[: len(dogs)] = LIAR if by_one else LIAR + np.arange(len(dogs)) % 20

    return change


def turn(stage: Stage, dealt: Deal, rng: np.random.Generator) -> None:
    """Let everybody hold the pad sideways."""
    rows = rng.permutation(len(stage.fresh))[: len(dealt.labels)]
    dealt.bitmaps = np.rot90(stage.fresh.bitmaps[rows], axes=(1, 2))
    dealt.labels = stage.fresh.labels[rows].copy()
    dealt.is_watched[:] = True


def redraw(name: str) -> Scenario:
    """Let everybody draw something else for a rabbit."""

    def change(stage: Stage, dealt: Deal, rng: np.random.Generator) -> None:
        bitmaps = stage.others[name]
        rabbits = np.flatnonzero(dealt.labels == REDRAWN)[: len(bitmaps)]
        rows = rng.permutation(len(bitmaps))[: len(rabbits)]
        dealt.bitmaps[rabbits] = bitmaps[rows]
        dealt.is_watched[rabbits] = True

    return change


SCENARIOS: dict[str, Scenario] = {
    "all right": scramble(0.0, by_one=False),
    "5 % wrong at random, many contributors": scramble(0.05, by_one=False),
    "30 % wrong at random, many contributors": scramble(0.3, by_one=False),
    "30 % wrong at random, one contributor": scramble(0.3, by_one=True),
    "10 % dogs called cats, 20 contributors": misname(0.1, by_one=False),
    "10 % dogs called cats, one contributor": misname(0.1, by_one=True),
    "all held sideways, honest": turn,
    "all rabbits drawn as lions, honest": redraw("lion"),
    "all rabbits drawn as ducks, honest": redraw("duck"),
}


def measure(stage: Stage, scenario: Scenario, num: int, seed: int) -> tuple[float, float, float]:
    """Play a scenario; give the shares put aside of wrong, of other right, and of watched right doodles."""
    rng = np.random.default_rng(seed)
    dealt = deal(stage, num, rng)
    scenario(stage, dealt, rng)
    splits = np.where(rng.random(len(dealt.labels)) < TEST_SHARE, "test", "train").tolist()
    ids = tuple(make_id(split, rng) for split in splits)
    new = Drawings(dealt.bitmaps, dealt.labels, dealt.contributors, ids)
    aside = ~WorkersScreen(LABEL_SET.names)(stage.live, Base(stage.trusted, stage.fresh), new)
    groups = (dealt.is_wrong, ~dealt.is_wrong & ~dealt.is_watched, dealt.is_watched)
    wrong, right, watched = (float(aside[rows].mean()) if rows.any() else float("nan") for rows in groups)
    return wrong, right, watched


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print; give the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[1])
    parser.add_argument("--seeds", type=int, default=3, help="draws of each scenario")
    parser.add_argument("--quick", action="store_true", help="little data, one draw: only to see that it runs")
    arguments = parser.parse_args(words)
    if "DOODLE_DATA_DIR" not in os.environ:
        print("This benchmark needs real drawings: set DOODLE_DATA_DIR to a folder that holds quickdraw/.")
        return 1
    stage = set_stage(Path(os.environ["DOODLE_DATA_DIR"]), 0.2 if arguments.quick else 1.0)
    sizes, seeds = ((200,), 1) if arguments.quick else ((200, 500, 2_000), arguments.seeds)
    print("| new doodles | " + " | ".join(f"of {num:,}: wrong, right, redrawn put aside" for num in sizes) + " |")
    print("|---|" + "---|" * len(sizes))
    for name, scenario in SCENARIOS.items():
        cells = []
        for num in sizes:
            shares = np.array([measure(stage, scenario, num, seed) for seed in range(seeds)]).mean(axis=0)
            cells.append(", ".join("-" if np.isnan(share) else f"{share:.0%}" for share in shares))
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    print(f"\nMeasured on {describe_machine(datetime.now(UTC).date())}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
