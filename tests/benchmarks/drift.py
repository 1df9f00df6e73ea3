"""
Measure how often a check of drift finds something where nothing has changed, and what it finds where something has.

    DOODLE_DATA_DIR=... python tests/benchmarks/drift.py [--checks 200] [--quick]

Prints Markdown. Drawings are real ones of the shipped version's labels, its own eyes look at them. People come with 10
drawings each; where nothing has changed, each has a habit of his own all the same (a finer or a thicker pen, a smaller
hand, an askew pad), the same habits now and then. The last column of the second table is what the change costs the
version: its accuracy on the changed drawings, of 2,000 of each habit.
"""

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from numpy.typing import NDArray

from doodle_db.drift import LEVELS, Level
from doodle_db.drift_samples import NUM_BLOCKS, NUM_PRESENT
from doodle_testing.habits import draw_smaller, draw_thicker, draw_thinner, half_of, turn_askew
from doodle_testing.machine import describe_machine
from doodle_testing.real_drawings import read_bitmaps
from doodle_testing.shipped_version import ShippedVersion, find_shipped, load_shipped
from training_server.drift_check import NUM_SHUFFLES, THRESHOLDS, judge, measure_means, next_state
from training_server.drift_statistics import (
    Distance,
    compare_by_kernel,
    compare_classes,
    compare_numbers,
    draw_splits,
    measure_kernel,
)
from training_server.drift_view import VersionView
from training_server.drift_watch import NUM_NEW
from training_server.onnx_answers import guess

Bitmaps = NDArray[np.uint8]

DELAYED = ("a finer pen", "a much finer pen", "a thicker pen", "askew, by 20°", "askew, by 45°", "another thing")
SIZES = ((100, 200), (250, 500), (500, 1_000))
DRAWINGS_OF_ONE = 10
NUM_PER_LABEL = 1_500
OTHERS = ("lion", "sheep", "bear")
USUAL = {
    "as before": 0.4,
    "a finer pen": 0.15,
    "a thicker pen": 0.15,
    "smaller, by a fifth": 0.15,
    "askew, by 20°": 0.15,
}

HABITS = {
    "as before": lambda bitmap: bitmap,
    "a finer pen": half_of(draw_thinner),
    "a much finer pen": draw_thinner,
    "a thicker pen": draw_thicker,
    "smaller, by a tenth": draw_smaller(0.9),
    "smaller, by a fifth": draw_smaller(0.8),
    "askew, by 10°": turn_askew(10),
    "askew, by 20°": turn_askew(20),
    "askew, by 45°": turn_askew(45),
}


@dataclass(frozen=True)
class Change:
    """
    What is otherwise now.

    Attributes:
        habits: shares of the people with each habit; other things are one, too.
        labels: shares of the labels; None: as they are.
    """

    habits: Mapping[str, float]
    labels: tuple[float, ...] | None = None


CHANGES = {
    **{name: Change({name: 1.0}) for name in HABITS if name != "as before"},
    "a much finer pen, every second person": Change({"as before": 0.5, "a much finer pen": 0.5}),
    "another thing (lion, sheep, bear), every tenth person": Change({"as before": 0.9, "another thing": 0.1}),
    "another thing, three in ten": Change({"as before": 0.7, "another thing": 0.3}),
    "another thing, everybody": Change({"another thing": 1.0}),
    "one label twice as often": Change({"as before": 1.0}, (2 / 6, *[(4 / 6) / 5] * 5)),
    "one label gone": Change({"as before": 1.0}, (0.0, *[1 / 5] * 5)),
}


@dataclass(frozen=True)
class Pool:
    """
    Drawings to take from, by habit: row i of each is the same drawing otherwise drawn.

    Attributes:
        labels: shape (rows,).
        embeddings, confidence, ink: by habit, as the check needs them.
        accuracy: by habit.
    """

    labels: NDArray[np.int64]
    embeddings: Mapping[str, NDArray[np.float32]]
    confidence: Mapping[str, NDArray[np.float64]]
    ink: Mapping[str, NDArray[np.float64]]
    accuracy: Mapping[str, float]


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print; give the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--checks", type=int, default=200, help="checks where nothing has changed; a fifth otherwise")
    parser.add_argument("--quick", action="store_true", help="ten checks of each")
    arguments = parser.parse_args(words)
    if "DOODLE_DATA_DIR" not in os.environ:
        print("This benchmark needs real drawings: set DOODLE_DATA_DIR to a folder that holds quickdraw/.")
        return 1
    num_checks = 10 if arguments.quick else arguments.checks
    random = np.random.default_rng(1)
    pool = make_pool(load_shipped(find_shipped()[0]), Path(os.environ["DOODLE_DATA_DIR"]), random)
    report_false_alarms(pool, num_checks, random)
    report_changes(pool, max(10, num_checks // 5), random)
    report_delays(pool, max(5, num_checks // 10), random)
    print(f"\nMeasured on {describe_machine(datetime.now(UTC).date())}.")
    return 0


def make_pool(version: ShippedVersion, data_dir: Path, random: np.random.Generator) -> Pool:
    """Take real drawings, draw each by every habit, and let the version look at them."""
    names = version.label_set.names
    parts = [read_bitmaps(data_dir, version.label_set, name) for name in names]
    before = np.concatenate([part[random.permutation(len(part))[:NUM_PER_LABEL]] for part in parts])
    labels = np.repeat(np.arange(len(names)), NUM_PER_LABEL)
    others = np.concatenate([read_bitmaps(data_dir, version.label_set, name) for name in OTHERS])
    drawn = {name: np.stack([habit(bitmap) for bitmap in before]) for name, habit in HABITS.items()}
    drawn["another thing"] = others[random.integers(len(others), size=len(before))]
    model = (version.folder / version.manifest.file_of("onnx").path).read_bytes()
    view = VersionView(model)
    seen = {name: view.look(bitmaps) for name, bitmaps in drawn.items()}
    return Pool(
        labels,
        {name: each.embeddings for name, each in seen.items()},
        {name: each.confidence for name, each in seen.items()},
        {name: measure_means(bitmaps) for name, bitmaps in drawn.items()},
        {name: float((guess(model, bitmaps) == labels).mean()) for name, bitmaps in drawn.items()},
    )


def check(
    pool: Pool, sizes: tuple[int, int], now: Change, then: Change, random: np.random.Generator, *, in_blocks: bool
) -> dict[str, Distance]:
    """Let people draw now and then, and measure how far it lies apart."""
    rows = choose_rows(pool, sizes, now.labels, random)
    habits = np.concatenate(
        [choose_habits(each.habits, num, random) for each, num in zip((now, then), sizes, strict=True)]
    )

    def pick(numbers: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        return np.stack([numbers[habit][row] for habit, row in zip(habits, rows, strict=True)])

    size = min(DRAWINGS_OF_ONE, max(1, sizes[0] // NUM_BLOCKS)) if in_blocks else 1
    blocks = np.concatenate([np.arange(sizes[0]) // size, sizes[0] + np.arange(sizes[1]) // size])
    splits = draw_splits(blocks, sizes[0], NUM_SHUFFLES, random)
    return {
        "labels": compare_classes(pool.labels[rows], int(pool.labels.max()) + 1, splits),
        "confidence": compare_numbers(pick(pool.confidence), splits),
        "ink": compare_numbers(pick(pool.ink), splits),
        "embedding": compare_by_kernel(measure_kernel(pick(pool.embeddings)), splits),
    }


def report_delays(pool: Pool, num_streams: int, random: np.random.Generator) -> None:
    """Print after how many drawings a change of everybody's is worth a look, and an alarm."""
    print(f"Everybody changes at once; a check each {NUM_NEW} drawings, {num_streams} streams a line, medians.\n")
    print("| change | watch after | alert after |")
    print("|---|---|---|")
    for name in DELAYED:
        delays = [follow(pool, name, random) for _ in range(num_streams)]
        told = [np.median([delay[level] for delay in delays]) for level in LEVELS[1:]]
        print(f"| {name} | {' | '.join(f'{each:.0f}' if each < np.inf else '-' for each in told)} |")


def follow(pool: Pool, name: str, random: np.random.Generator) -> dict[Level, float]:
    """Let everybody change at once, and give after how many drawings the state is at least each level."""
    state: Level = "steady"
    before: Level = "steady"
    reached: dict[Level, float] = dict.fromkeys(LEVELS, np.inf)
    for num_changed in range(NUM_NEW, 2 * NUM_PRESENT + 1, NUM_NEW):
        share = min(1.0, num_changed / NUM_PRESENT)
        now = Change({"as before": 1 - share, name: share})
        distances = check(pool, SIZES[-1], now, Change({"as before": 1.0}), random, in_blocks=True)
        found = max((judge(*item) for item in distances.items()), key=LEVELS.index)
        state, before = next_state(state, found, before), found
        for level in LEVELS[: LEVELS.index(state) + 1]:
            reached[level] = min(reached[level], num_changed)
    return reached


def choose_rows(
    pool: Pool, sizes: tuple[int, int], shares: tuple[float, ...] | None, random: np.random.Generator
) -> NDArray[np.int64]:
    """Choose drawings, none twice: first the present ones, then the reference."""
    order = random.permutation(len(pool.labels))
    if shares is None:
        return order[: sum(sizes)]
    of_label = np.array(shares)[pool.labels]
    present = random.choice(len(order), sizes[0], replace=False, p=of_label / of_label.sum())
    return np.concatenate([present, order[~np.isin(order, present)][: sizes[1]]])


def choose_habits(shares: Mapping[str, float], num: int, random: np.random.Generator) -> NDArray[np.str_]:
    """Choose a habit for each person, and give it for each of their drawings."""
    num_people = -(-num // DRAWINGS_OF_ONE)
    chosen = random.choice(np.array(list(shares)), num_people, p=list(shares.values()))
    return np.asarray(np.repeat(chosen, DRAWINGS_OF_ONE)[:num])


def report_false_alarms(pool: Pool, num_checks: int, random: np.random.Generator) -> None:
    """Print how often something is found where nothing has changed."""
    print(f"Nothing has changed; {num_checks} checks a line.\n")
    print("| now, then | people | shuffled | by the index alone > 0.1 | too large for chance | watch | alert |")
    print("|---|---|---|---|---|---|---|")
    alike = Change({"as before": 1.0})
    for sizes in SIZES:
        for name, people, in_blocks in (
            ("alike", alike, True),
            ("with habits", Change(USUAL), False),
            ("with habits", Change(USUAL), True),
        ):
            found = [check(pool, sizes, people, people, random, in_blocks=in_blocks) for _ in range(num_checks)]
            raw = [
                any(each[name].value + each[name].chance > 0.1 for name in ("labels", "confidence", "ink"))
                for each in found
            ]
            unlikely = [any(distance.p_value <= 0.01 / len(each) for distance in each.values()) for each in found]
            levels = [max((judge(*item) for item in each.items()), key=LEVELS.index) for each in found]
            figures = (
                np.mean(raw),
                np.mean(unlikely),
                levels.count("watch") / num_checks,
                levels.count("alert") / num_checks,
            )
            shuffled = "sittings" if in_blocks else "drawings"
            print(f"| {sizes[0]}, {sizes[1]} | {name} | {shuffled} | {' | '.join(f'{each:.1%}' for each in figures)} |")
    print()


def report_changes(pool: Pool, num_checks: int, random: np.random.Generator) -> None:
    """Print what is found where something has changed."""
    for sizes in SIZES:
        print(
            f"Changed; {sizes[0]} drawings now, {sizes[1]} then, {num_checks} checks a line: median, watch / alert.\n"
        )
        print(f"| change | {' | '.join(THRESHOLDS)} | found | accuracy |")
        print(f"|---|{'---|' * len(THRESHOLDS)}---|---|")
        before = time.perf_counter()
        for name, change in CHANGES.items():
            found = [
                check(pool, sizes, change, Change({"as before": 1.0}), random, in_blocks=True)
                for _ in range(num_checks)
            ]
            cells = [describe(measure, [each[measure] for each in found]) for measure in THRESHOLDS]
            is_found = np.mean([any(judge(*item) != "steady" for item in each.items()) for each in found])
            accuracy = sum(share * pool.accuracy[habit] for habit, share in change.habits.items())
            print(f"| {name} | {' | '.join(cells)} | {is_found:.0%} | {accuracy:.1%} |")
        seconds = (time.perf_counter() - before) / (num_checks * len(CHANGES))
        print(f"\nA check takes {seconds:.2f} s, without looking at the drawings.\n")


def describe(measure: str, distances: list[Distance]) -> str:
    """Give the median, and how often that is worth a look and an alarm."""
    levels = [judge(measure, each) for each in distances]
    median = float(np.median([each.value for each in distances]))
    shares = [levels.count(level) / len(levels) for level in ("watch", "alert")]
    return f"{median:.3f}, {shares[0]:.0%} / {shares[1]:.0%}"


if __name__ == "__main__":
    sys.exit(main())
