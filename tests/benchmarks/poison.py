"""
Drill what liars can do to an installation: wrong labels among new real drawings, with and without defences.

    DOODLE_DATA_DIR=... python tests/benchmarks/poison.py [--only slow] [--results DIR] [--minutes 8] [--quick]

People draw in their own way from one day to the next, so there is something to learn and candidates are published;
wrong drawings come with the right ones, in both splits. "flood": 1 to 30 % wrong labels, random ones and dogs called
cats, from many contributors or from one. "slow": many small rounds in which those dogs are called cats that the live
version, which everybody has, nearly takes for cats. Prints Markdown, and ends with status 1 where base drawings lost
more than a point in spite of all defences. What is played is kept in a folder, a file a course: begun again, it goes on
where it was.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.comparisons.results import recall_or_make
from benchmarks.drills.arrivals import Scenario, send_rounds
from benchmarks.drills.grounds import shipped_ground
from benchmarks.drills.house import Round
from benchmarks.drills.poison_tables import Played, find_faults, tabulate_each, tabulate_side_by_side
from benchmarks.drills.poisoned_course import Defences, PoisonedCourse, Setting, play_poisoned
from benchmarks.drills.poisons import Attack, Kind, choose_stock
from benchmarks.drills.shifts import Shift
from doodle_testing.machine import describe_machine
from doodle_testing.shipped_version import ShippedVersion, find_shipped, load_shipped
from training_server.fit_plan import DELTA_PLAN, FitPlan
from training_server.gate import GatePolicy
from training_server.screening import DEFAULT_POLICY, SCREENER

LABEL_SET, VICTIM, TAKEN_FOR = "animals", "dog", "cat"
KINDS: tuple[Kind, ...] = ("random", "targeted")
FEW, MANY = (0.01, 0.05), (0.10, 0.30)
SLOW_SHARE = 0.15
HABIT = Shift()
"""As in the drill of what is forgotten: more is to be learnt than lies cost, so candidates are good."""

NUM_FLOOD, NUM_FLOOD_A_ROUND = 5, 1_000
NUM_SLOW, NUM_SLOW_A_ROUND = 10, 500
NUM_FOR_ONE = 2
"""Rounds against one liar, who is known after the first."""

STOCK_FOR_ONE = 2
"""Rounds of drawings of which liars take theirs, for each round of honest ones: a third of them dogs is a flood."""

DEFAULT_RESULTS = Path(".doodle/poison")


@dataclass(frozen=True)
class Drill:
    """
    What is played, and how long it may take.

    Attributes:
        shipped: what a new installation begins with.
        data_dir: the folder of real drawings.
        results: the folder in which courses are kept.
        num_flood, num_slow: rounds.
        num_a_round: drawings of both splits, in a flood and in the slow attack.
        plan: of a worker.
        seed: of everything.
        ends_at_seconds: of the monotonic clock; after it no course is begun.
    """

    shipped: ShippedVersion
    data_dir: Path
    results: Path = DEFAULT_RESULTS
    num_flood: int = NUM_FLOOD
    num_slow: int = NUM_SLOW
    num_a_round: tuple[int, int] = (NUM_FLOOD_A_ROUND, NUM_SLOW_A_ROUND)
    plan: FitPlan = DELTA_PLAN
    seed: int = 0
    ends_at_seconds: float = float("inf")

    def shorten(self) -> "Drill":
        """Give the same in two rounds, with hardly any training."""
        plan = replace(self.plan, epochs=1)
        return replace(self, num_flood=2, num_slow=2, num_a_round=(200, 200), plan=plan, results=self.results / "quick")

    def set_up(self, num_rounds: int, num_a_round: int) -> Setting:
        """Deal honest drawings, and those that liars use."""
        ground = shipped_ground(self.shipped, self.data_dir, self.seed)
        scenario = Scenario(num_rounds * (1 + STOCK_FOR_ONE), num_a_round, HABIT, seed=self.seed)
        honest, stock = choose_stock(send_rounds(ground, scenario), num_rounds)
        return Setting(ground, honest, stock, self.plan, self.seed)

    def attack(self, share: float, kind: Kind, *, is_one: bool = False, is_careful: bool = False) -> Attack:
        """Name an attack on dogs."""
        names = self.shipped.label_set.names
        victim, taken_for = names.index(VICTIM), names.index(TAKEN_FOR)
        return Attack(share, kind, is_one, victim, taken_for, is_careful=is_careful, seed=self.seed)


class OutOfTimeError(Exception):
    """The time is up before all courses are played; begin again to go on."""


@dataclass(frozen=True)
class Stage:
    """
    Where courses of one length are played.

    Attributes:
        drill: the whole.
        name: of the folder of results.
        num_rounds, num_a_round: that drawings are dealt for.
        open: gives what they are played with; only needed where something is not known yet.
    """

    drill: Drill
    name: str
    num_rounds: int
    num_a_round: int
    open: Callable[[], Setting]

    def play(self, attack: Attack, defences: Defences, num_rounds: int | None = None) -> Played:
        """
        Play a course, unless it is known.

        Raises:
            OutOfTimeError: it is not known, and the time is up.
        """
        num_rounds = num_rounds or self.num_rounds
        who = "one" if attack.is_one else "many"
        path = (
            self.drill.results / self.name / f"{attack.share:.2f}-{attack.kind}-{who}-{defences.replace(' ', '-')}.json"
        )
        made_with = {
            "version": self.drill.shipped.manifest.version,
            "attack": asdict(attack),
            "defences": defences,
            "rounds": [num_rounds, self.num_rounds, self.num_a_round],
            "habit": asdict(HABIT),
            "plan": asdict(self.drill.plan),
            "gate": asdict(GatePolicy()),
            "screening": [SCREENER, asdict(DEFAULT_POLICY)],
            "seed": self.drill.seed,
        }
        make = partial(self._make, attack, defences, num_rounds)
        return Played(attack, defences, recall_or_make(path, made_with, PoisonedCourse, make))

    def _make(self, attack: Attack, defences: Defences, num_rounds: int) -> PoisonedCourse:
        if time.monotonic() > self.drill.ends_at_seconds:
            raise OutOfTimeError(str(OutOfTimeError.__doc__))
        print(f"{attack.share:.0%} {attack.kind}, {defences}", file=sys.stderr)
        return play_poisoned(self.open(), attack, defences, print_round, num_rounds)


def drill_flood(drill: Drill) -> tuple[str, list[Played]]:
    """Play every share of wrong labels, of both kinds, from many and from one."""
    num_a_round = drill.num_a_round[0]
    setting = cache(partial(drill.set_up, drill.num_flood, num_a_round))
    stage = Stage(drill, "flood", drill.num_flood, num_a_round, setting)
    shares = (*FEW, *MANY)
    attacks = [drill.attack(0.0, "random"), *(drill.attack(share, kind) for kind, share in product(KINDS, shares))]
    # The worst first, on which something is promised: they are known even where the time does not last for all.
    many = [stage.play(attack, way) for attack in sorted(attacks, key=_by_harm) for way in _ways_of(attack)]
    many.sort(key=lambda each: attacks.index(each.attack))
    one = [
        stage.play(drill.attack(share, kind, is_one=True), "all", NUM_FOR_ONE) for kind, share in product(KINDS, shares)
    ]
    used = tabulate_each([each for each in many if each.defences == "all"])
    parts = (
        tabulate_side_by_side(many),
        f"With all defences:\n\n{used}",
        f"From one contributor:\n\n{tabulate_each(one)}",
    )
    return "\n\n".join(parts), [*many, *one]


def _by_harm(attack: Attack) -> float:
    return -attack.share


def _ways_of(attack: Attack) -> tuple[Defences, ...]:
    return ("plain", "all") if attack.share in FEW else ("plain", "none", "gate", "all")


def drill_slow(drill: Drill) -> tuple[str, list[Played]]:
    """Play many small steps, each of which is to pass."""
    num_a_round = drill.num_a_round[1]
    stage = Stage(drill, "slow", drill.num_slow, num_a_round, cache(partial(drill.set_up, drill.num_slow, num_a_round)))
    attack = drill.attack(SLOW_SHARE, "targeted", is_careful=True)
    ways: tuple[Defences, ...] = ("plain", "none", "each step", "all")
    played = [stage.play(attack, way) for way in ways]
    return tabulate_each(played), played


DRILLS = {"flood": drill_flood, "slow": drill_slow}


def print_round(played: Round) -> None:
    """Print how a round went to the side, so that the wait has a measure."""
    live = {name: f"{evaluation.accuracy:.3f}" for name, evaluation in played.live.items()}
    words = played.trial.verdict.summary if played.trial and played.trial.verdict else ""
    print(f"round {played.number}: {played.num_new} new, {live} {words}", file=sys.stderr, flush=True)


def main(words: Sequence[str] | None = None) -> int:
    """Drill and print; give the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[1])
    parser.add_argument("--quick", action="store_true", help="try that it works; the figures say nothing")
    parser.add_argument("--only", choices=sorted(DRILLS), action="append", help="one of the drills")
    parser.add_argument("--rounds", type=int, default=NUM_FLOOD, help=f"of a flood, {NUM_FLOOD_A_ROUND} drawings each")
    parser.add_argument("--results", type=Path, default=DEFAULT_RESULTS, help="where courses are kept")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="after these no course is begun")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(words)
    if "DOODLE_DATA_DIR" not in os.environ:
        sys.exit("This drill needs real drawings: set DOODLE_DATA_DIR to a folder that holds quickdraw/.")
    shipped = next(each for each in map(load_shipped, find_shipped()) if each.label_set.name == LABEL_SET)
    drill = Drill(
        shipped,
        Path(os.environ["DOODLE_DATA_DIR"]),
        given.results / shipped.manifest.version,
        given.rounds,
        seed=given.seed,
        ends_at_seconds=time.monotonic() + 60 * given.minutes,
    )
    faults: list[str] = []
    for name in given.only or DRILLS:
        try:
            table, played = DRILLS[name](drill.shorten() if given.quick else drill)
        except OutOfTimeError as error:
            print(error, file=sys.stderr)
            return 2
        print(f"### {name}\n\n{table}\n", flush=True)
        faults += find_faults(played)
    print(" ".join(faults) or "Base drawings lost at most a point wherever all defences stood.")
    print(f"\n{shipped.manifest.version}; {describe_machine(datetime.now(UTC).date())}")
    return 1 if faults and not given.quick else 0


if __name__ == "__main__":
    sys.exit(main())
