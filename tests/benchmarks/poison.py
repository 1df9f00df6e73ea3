"""
Drill what liars can do to an installation: wrong labels among new real drawings, with and without defences.

    DOODLE_DATA_DIR=... python tests/benchmarks/poison.py [--quick] [--only slow] [--seed 0]

People have come to draw a little thinner, smaller and at a slant, so there is something to learn and candidates are
published; wrong drawings come with the right ones, in both splits. "flood": 1 to 30 % wrong labels, random ones and
dogs called cats, from one contributor or from many, two rounds of 500 each. "slow": ten rounds in which those dogs are
called cats that the live version, which everybody has, nearly takes for cats. Prints Markdown.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.drills.arrivals import Scenario, send_rounds
from benchmarks.drills.grounds import shipped_ground
from benchmarks.drills.house import Round
from benchmarks.drills.poisoned_course import HONEST, UNSEEN, Defences, PoisonedCourse, Setting, play_poisoned
from benchmarks.drills.poisons import Attack, Kind, choose_stock
from benchmarks.drills.shifts import Shift
from doodle_testing.machine import describe_machine
from doodle_testing.shipped_version import ShippedVersion, find_shipped, load_shipped
from training_server.fit_plan import DELTA_PLAN, FitPlan

LABEL_SET, VICTIM, TAKEN_FOR = "animals", "dog", "cat"
SHARES = (0.01, 0.05, 0.10, 0.30)
KINDS: tuple[Kind, ...] = ("random", "targeted")
SLOW_SHARE = 0.15
HABIT = Shift(thinner=(0.0, 0.5), sizes=(0.85, 1.0), degrees=(0.0, 20.0))
"""The live version finds two thirds of honest drawings: more is to be learnt than lies cost, so candidates are good."""

FLOOD_ROUNDS, SLOW_ROUNDS = 2, 10
STOCK_FOR_ONE = 2
"""Rounds of drawings of which liars take theirs, for each round of honest ones: a third of them dogs is a flood."""


@dataclass(frozen=True)
class Drill:
    """
    What is played, and how long it may take.

    Attributes:
        shipped: what a new installation begins with.
        data_dir: the folder of real drawings.
        shares: of wrong drawings in a flood.
        num_flood, num_slow: rounds.
        num_a_round: drawings of both splits.
        plan: of a worker.
        seed: of everything.
    """

    shipped: ShippedVersion
    data_dir: Path
    shares: tuple[float, ...] = SHARES
    num_flood: int = FLOOD_ROUNDS
    num_slow: int = SLOW_ROUNDS
    num_a_round: int = 500
    plan: FitPlan = DELTA_PLAN
    seed: int = 0

    def shorten(self) -> "Drill":
        """Give the same in a round or two, with hardly any training."""
        return replace(self, shares=(0.3,), num_flood=1, num_slow=2, num_a_round=200, plan=replace(self.plan, epochs=1))

    def set_up(self, num_rounds: int) -> Setting:
        """Deal honest drawings, and those that liars use."""
        ground = shipped_ground(self.shipped, self.data_dir, self.seed)
        scenario = Scenario(num_rounds * (1 + STOCK_FOR_ONE), self.num_a_round, HABIT, seed=self.seed)
        honest, stock = choose_stock(send_rounds(ground, scenario), num_rounds)
        return Setting(ground, honest, stock, self.plan, self.seed)

    def attack(self, share: float, kind: Kind, *, is_one: bool, is_careful: bool = False) -> Attack:
        """Name an attack on dogs."""
        names = self.shipped.label_set.names
        return Attack(
            share, kind, is_one, names.index(VICTIM), names.index(TAKEN_FOR), is_careful=is_careful, seed=self.seed
        )


def drill_flood(drill: Drill, tell: Callable[[Round], None]) -> list[PoisonedCourse]:
    """Play every share of wrong labels, of both kinds, from one and from many."""
    setting = drill.set_up(drill.num_flood)
    courses = []
    for kind in KINDS:
        for share in drill.shares:
            many, one = (drill.attack(share, kind, is_one=is_one) for is_one in (False, True))
            courses += [play_poisoned(setting, many, defences, tell) for defences in _defences_for(share)]
            courses.append(play_poisoned(setting, one, "all", tell))
    return courses


def _defences_for(share: float) -> tuple[Defences, ...]:
    return ("none", "gate", "all") if share >= 0.1 else ("none", "all")


def drill_slow(drill: Drill, tell: Callable[[Round], None]) -> list[PoisonedCourse]:
    """Play many small steps, each of which is to pass."""
    setting = drill.set_up(drill.num_slow)
    attack = drill.attack(SLOW_SHARE, "targeted", is_one=False, is_careful=True)
    return [play_poisoned(setting, attack, defences, tell) for defences in ("none", "each step", "all")]


DRILLS: Mapping[str, Callable[[Drill, Callable[[Round], None]], list[PoisonedCourse]]] = {
    "flood": drill_flood,
    "slow": drill_slow,
}


def tabulate(courses: Sequence[PoisonedCourse]) -> list[str]:
    """Give a line a course."""
    return [
        "| wrong labels | from | defences | wrong ones used | right ones used | published | base, points | "
        f"unseen base | {VICTIM}s | honest recent |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|---:|",
        *(_describe(course) for course in courses),
    ]


def _describe(course: PoisonedCourse) -> str:
    attack, screened = course.attack, course.screened
    kind = attack.kind if attack.kind == "random" else f"{VICTIM}s called {TAKEN_FOR}"
    cells = (
        f"{attack.share:.0%} {kind}{', the likest' if attack.is_careful else ''}",
        "one" if attack.is_one else "many",
        course.defences,
        f"{screened.num_lies_used:,} of {screened.num_lies:,}",
        f"{screened.num_honest_used / max(1, screened.num_honest):.0%}",
        f"{course.num_published} of {len(course.rounds)}",
        f"{course.worst('base'):.1f}",
        f"{course.worst(UNSEEN):.1f}",
        f"{course.worst_victim('base'):.1f}",
        f"{course.gained(HONEST):+.1f}",
    )
    return f"| {' | '.join(cells)} |"


def print_round(played: Round) -> None:
    """Print how a round went to the side, so that the wait has a measure."""
    live = {name: f"{evaluation.accuracy:.3f}" for name, evaluation in played.live.items()}
    words = played.trial.verdict.summary if played.trial and played.trial.verdict else ""
    print(f"round {played.number}: {played.num_accepted} of {played.num_arrived} {live} {words}", file=sys.stderr)


def main(words: Sequence[str] | None = None) -> None:
    """Drill and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[1])
    parser.add_argument("--quick", action="store_true", help="try that it works; the figures say nothing")
    parser.add_argument("--only", choices=sorted(DRILLS), action="append", help="one of the drills")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(words)
    shipped = next(each for each in map(load_shipped, find_shipped()) if each.label_set.name == LABEL_SET)
    drill = Drill(shipped, Path(os.environ["DOODLE_DATA_DIR"]), seed=given.seed)
    for name in given.only or DRILLS:
        courses = DRILLS[name](drill.shorten() if given.quick else drill, print_round)
        print("\n".join(tabulate(courses)), end="\n\n", flush=True)
    print(f"{shipped.manifest.version}; {describe_machine(datetime.now(UTC).date())}")


if __name__ == "__main__":
    main()
