"""
Drill what liars can do to an installation: wrong labels among new real drawings, with and without defences.

    DOODLE_DATA_DIR=... python tests/benchmarks/poison.py [--only slow] [--results DIR] [--minutes 8] [--quick]

People draw in their own way from one day to the next, so there is something to learn and candidates are published;
wrong drawings come with the right ones, in both splits. "flood": 1 to 30 % wrong labels, random ones and dogs called
cats, from many contributors or from one. "slow": many small rounds in which those dogs are called cats that the live
version, which everybody has, nearly takes for cats. Prints Markdown, and ends with status 1 where base drawings lost
more than a point in spite of all defences, with status 2 where the minutes did not last. What is played is kept in a
folder, a file a course: begun again, it goes on where it was.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
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
from doodle_db.artifacts import MANIFEST_NAME
from doodle_testing.machine import describe_machine
from doodle_testing.shipped_version import ShippedVersion, find_shipped, load_shipped
from training_server.fit_plan import DELTA_PLAN, FitPlan
from training_server.gate import GatePolicy
from training_server.screening import DEFAULT_POLICY, SCREENER

LABEL_SET, VICTIM, TAKEN_FOR = "animals", "dog", "cat"
KINDS: tuple[Kind, ...] = ("random", "targeted")
SHARES = (0.01, 0.05, 0.10, 0.30)
MUCH = 0.10
PROMISED: tuple[tuple[Kind, float], ...] = (("random", 0.0), ("random", 0.3), ("targeted", 0.1))
"""Where base drawings must not lose more than a point, and what that is compared with."""

SIDE_BY_SIDE: Mapping[Kind, tuple[float, ...]] = {"random": (0.0, 0.3), "targeted": (0.1, 0.3)}
TWO_WAYS: tuple[Defences, ...] = ("plain", "all")
FOUR_WAYS: tuple[Defences, ...] = ("plain", "none", "gate", "all")
SLOW_WAYS: tuple[Defences, ...] = ("plain", "none", "each step", "all")
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


@dataclass(frozen=True)
class Stage:
    """
    Where courses of one length are played.

    Attributes:
        drill: the whole.
        name: of the drill.
        num_rounds, num_a_round: that drawings are dealt for.
        open: gives what they are played with; only needed where something is not known yet.
    """

    drill: Drill
    name: str
    num_rounds: int
    num_a_round: int
    open: Callable[[], Setting]


@dataclass(frozen=True, eq=False)
class Planned:
    """A course to play: where, what is done, against which defences, and how many rounds."""

    stage: Stage
    attack: Attack
    defences: Defences
    num_rounds: int

    @property
    def rank(self) -> int:
        """How soon it is wanted, 0 first: what is promised, what that is compared with, then all else by harm."""
        is_promised = (self.attack.kind, self.attack.share) in PROMISED and not self.attack.is_one
        if not is_promised and self.attack.share < MUCH:
            return 4
        return (0 if is_promised else 2) + (self.defences != "all")

    def play(self) -> Played:
        """Play it, unless it is known."""
        drill, attack = self.stage.drill, self.attack
        who = "one" if attack.is_one else "many"
        name = f"{attack.share:.2f}-{attack.kind}-{who}-{self.defences.replace(' ', '-')}.json"
        made_with = {
            "version": drill.shipped.manifest.version,
            "attack": asdict(attack),
            "defences": self.defences,
            "rounds": [self.num_rounds, self.stage.num_rounds, self.stage.num_a_round],
            "habit": asdict(HABIT),
            "plan": asdict(drill.plan),
            "gate": asdict(GatePolicy()),
            "screening": [SCREENER, asdict(DEFAULT_POLICY)],
            "seed": drill.seed,
        }
        path = drill.results / self.stage.name / name
        return Played(attack, self.defences, recall_or_make(path, made_with, PoisonedCourse, self._make))

    def _make(self) -> PoisonedCourse:
        if time.monotonic() > self.stage.drill.ends_at_seconds:
            raise OutOfTimeError
        print(f"{self.attack.share:.0%} {self.attack.kind}, {self.defences}", file=sys.stderr)
        return play_poisoned(self.stage.open(), self.attack, self.defences, print_round, self.num_rounds)


class OutOfTimeError(Exception):
    """The time is up before all courses are played; begin again to go on."""


def plan_flood(drill: Drill) -> list[Planned]:
    """Plan every share of wrong labels, of both kinds, from many and from one."""
    num_rounds, num_a_round = drill.num_flood, drill.num_a_round[0]
    stage = Stage(drill, "flood", num_rounds, num_a_round, cache(partial(drill.set_up, num_rounds, num_a_round)))
    attacks = [drill.attack(0.0, "random"), *(drill.attack(share, kind) for kind, share in product(KINDS, SHARES))]
    many = [
        Planned(stage, attack, defences, num_rounds)
        for attack in attacks
        for defences in (FOUR_WAYS if attack.share in SIDE_BY_SIDE[attack.kind] else TWO_WAYS)
    ]
    one = [replace(attack, is_one=True) for attack in attacks[1:]]
    return many + [Planned(stage, attack, "all", min(num_rounds, NUM_FOR_ONE)) for attack in one]


def plan_slow(drill: Drill) -> list[Planned]:
    """Plan many small steps, each of which is to pass."""
    num_rounds, num_a_round = drill.num_slow, drill.num_a_round[1]
    stage = Stage(drill, "slow", num_rounds, num_a_round, cache(partial(drill.set_up, num_rounds, num_a_round)))
    attack = drill.attack(SLOW_SHARE, "targeted", is_careful=True)
    return [Planned(stage, attack, defences, num_rounds) for defences in SLOW_WAYS]


DRILLS = {"flood": plan_flood, "slow": plan_slow}


def play_all(planned: Sequence[Planned]) -> dict[Planned, Played]:
    """Play what is most wanted first, as long as the time lasts; what is known takes none."""
    played = {}
    for each in sorted(planned, key=lambda course: course.rank):
        with suppress(OutOfTimeError):
            played[each] = each.play()
    return played


def print_tables(planned: Sequence[Planned], played: Mapping[Planned, Played]) -> None:
    """Print what is known, in the order it was planned."""
    for name in dict.fromkeys(each.stage.name for each in planned):
        known = [played[each] for each in planned if each in played and each.stage.name == name]
        one = [each for each in known if each.attack.is_one]
        many = [each for each in known if not each.attack.is_one]
        print(f"### {name}\n")
        if name == "flood":
            print(f"{tabulate_side_by_side(many)}\n\nFrom one contributor:\n\n{tabulate_each(one)}\n\nFrom many:\n")
        print(f"{tabulate_each(many)}\n")


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
    parser.add_argument("--version", type=Path, help="folder of a version of animals; the shipped one, if not given")
    given = parser.parse_args(words)
    if "DOODLE_DATA_DIR" not in os.environ:
        sys.exit("This drill needs real drawings: set DOODLE_DATA_DIR to a folder that holds quickdraw/.")
    shipped = load_shipped(given.version / MANIFEST_NAME if given.version else find_shipped(LABEL_SET)[0])
    drill = Drill(
        shipped,
        Path(os.environ["DOODLE_DATA_DIR"]),
        given.results / shipped.manifest.version,
        given.rounds,
        seed=given.seed,
        ends_at_seconds=time.monotonic() + 60 * given.minutes,
    )
    drill = drill.shorten() if given.quick else drill
    planned = [each for name in given.only or DRILLS for each in DRILLS[name](drill)]
    played = play_all(planned)
    print_tables(planned, played)
    print(
        " ".join(faults := find_faults(list(played.values()))) or "No more than a point was lost behind all defences."
    )
    print(f"\n{shipped.manifest.version}; {describe_machine(datetime.now(UTC).date())}")
    if len(played) < len(planned):
        print(f"{len(planned) - len(played)} of {len(planned)} courses are left to play; begin again.", file=sys.stderr)
        return 2
    return 1 if faults and not given.quick else 0


if __name__ == "__main__":
    sys.exit(main())
