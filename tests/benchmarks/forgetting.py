"""
Drill learning without forgetting: rounds of new real drawings, trained and judged as a worker does.

    DOODLE_DATA_DIR=... python tests/benchmarks/forgetting.py [--only shifted] [--rounds 20] [--seed 0] [--quick]

What happens to an installation in memory: people draw as in the base data ("same"), or they draw thinner, smaller and
at a slant, and a third of the cats are lions ("shifted"), or a label is added ("new_label", "shipped_label"). Beside
what a worker does: plain training on the new rows, which forgets, and training on everything from nothing, which nobody
could afford at each round. "shifted" and "shipped_label" begin from the shipped version; the others from a version the
drill trains itself on half of the base data, so that there are drawings it has never seen. Prints Markdown, and ends
with status 1 where something was forgotten.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from benchmarks.drills.arrivals import Mixture, Scenario, send_rounds
from benchmarks.drills.course import ALL_RECENT, play_rounds, train_on_everything
from benchmarks.drills.course_tables import Drilled, show_rounds, summarise
from benchmarks.drills.drawings import Drawings
from benchmarks.drills.grounds import OWN_PLAN, Ground, own_ground, read_category, shipped_ground, shuffle_both
from benchmarks.drills.house import Round
from benchmarks.drills.rules import AGREEING, Rules, fine_tune
from benchmarks.drills.shifts import Shift, shift
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.machine import describe_machine
from doodle_testing.shipped_version import ShippedVersion, find_shipped, load_shipped
from training_server.fit_plan import DELTA_PLAN, FitPlan
from training_server.gate import GatePolicy

PLAIN_PLAN = replace(DELTA_PLAN, anchor=0.0, start_share=0.0)
"""Fine-tuning as one would begin: no old row, no anchor, no share of the start."""

MAX_LOSS = 0.01
"""What base drawings may lose over all rounds."""

MIN_GAIN, MAX_LEFT = 0.10, 0.02
"""Recent drawings gain that much, or come that near to training on everything."""

NEW_WAY, NEW_WAY_OF, NUM_NEW_WAY = "lion", "cat", 27
"""
What is sent as cats in a new way, and how many a round, a third of all cats: a lion is a cat with a mane. Most are dogs
to a network that was never shown one, so two labels are in danger: the one that must learn and that which must let go.
"""


NEW_LABEL, NUM_NEW_LABEL = "frog", 36
"""What is added, and how many drawings of it a round brings: of 808, as many as last for twenty rounds."""


@dataclass(frozen=True)
class Drill:
    """
    What is played, and how long it may take.

    Attributes:
        shipped: what a new installation begins with.
        data_dir: the folder of real drawings.
        num_rounds, num_a_round, seed: see Scenario.
        origin_plan: of versions the drill trains itself, also of the one trained on everything.
        plan: of a worker.
    """

    shipped: ShippedVersion
    data_dir: Path
    num_rounds: int = 20
    num_a_round: int = 500
    seed: int = 0
    origin_plan: FitPlan = OWN_PLAN
    plan: FitPlan = DELTA_PLAN

    def shorten(self) -> "Drill":
        """Give the same in two rounds, with networks that have learnt hardly anything."""
        origin_plan, plan = replace(self.origin_plan, epochs=1), replace(self.plan, epochs=1)
        return replace(self, num_rounds=2, num_a_round=300, origin_plan=origin_plan, plan=plan)


def drill_same(drill: Drill) -> Drilled:
    """People draw as in the base data; a version that knows half of it learns from the other half."""
    ground = own_ground(drill.shipped, drill.data_dir, drill.seed, choosing=False, plan=drill.origin_plan)
    rounds = send_rounds(ground, Scenario(drill.num_rounds, drill.num_a_round, seed=drill.seed))
    return carry_out(drill, ground, rounds, "The same distribution", {})


def drill_shifted(drill: Drill) -> Drilled:
    """People draw in their own way from one day to the next; the shipped version learns it."""
    ground, rounds, lions = shift_habits(drill)
    drilled = carry_out(drill, ground, rounds, "Thinner, smaller, at a slant; lions for cats", {"lions": lions})
    start, everything = drilled.ours.start[ALL_RECENT].accuracy, drilled.everything[ALL_RECENT].accuracy
    return replace(drilled, wanted={ALL_RECENT: min(start + MIN_GAIN, everything - MAX_LEFT)})


def shift_habits(drill: Drill) -> tuple[Ground, list[Drawings], LabelledBitmaps]:
    """Let everybody draw otherwise; gives also what is tested of the label drawn in a new way, as it is then drawn."""
    ground = shipped_ground(drill.shipped, drill.data_dir, drill.seed)
    label = drill.shipped.label_set.names.index(NEW_WAY_OF)
    new_way = shuffle_both(read_category(drill.data_dir, drill.shipped.label_set, NEW_WAY, label), drill.seed)
    mixture = Mixture(*new_way, num_a_round=NUM_NEW_WAY, in_place_of=label)
    scenario = Scenario(drill.num_rounds, drill.num_a_round, Shift(), mixture, drill.seed)
    tested = LabelledBitmaps(
        shift(new_way[1].bitmaps, Shift(), np.random.default_rng([drill.seed, label])), new_way[1].labels
    )
    return ground, send_rounds(ground, scenario), tested


def drill_new_label(drill: Drill) -> Drilled:
    """A label is added to a version that was never shown anything but its own labels."""
    ground = own_ground(drill.shipped, drill.data_dir, drill.seed, choosing=False, plan=drill.origin_plan)
    return add_label(drill, ground, f"A new label: {NEW_LABEL}")


def drill_shipped_label(drill: Drill) -> Drilled:
    """A label is added to the shipped version, which has seen such drawings among things that are no label."""
    ground = shipped_ground(drill.shipped, drill.data_dir, drill.seed)
    return add_label(drill, ground, f"A new label for the shipped version: {NEW_LABEL}")


def add_label(drill: Drill, ground: Ground, title: str) -> Drilled:
    """Some people draw a label that was added, among what others draw as before."""
    names = ground.origin.label_names
    drawings = read_category(drill.data_dir, drill.shipped.label_set, NEW_LABEL, len(names))
    training, test = shuffle_both(drawings, drill.seed)
    mixture = Mixture(training, test, num_a_round=NUM_NEW_LABEL, in_place_of=None)
    scenario = Scenario(drill.num_rounds, drill.num_a_round, mixture=mixture, seed=drill.seed)
    watched = {f"{NEW_LABEL}s": test}
    drilled = carry_out(drill, ground, send_rounds(ground, scenario), title, watched, (NEW_LABEL,))
    return replace(drilled, wanted={f"{NEW_LABEL}s": GatePolicy().recall_floor})


def carry_out(
    drill: Drill,
    ground: Ground,
    rounds: Sequence[Drawings],
    title: str,
    watched: Mapping[str, LabelledBitmaps],
    new_labels: tuple[str, ...] = (),
) -> Drilled:
    """Play rounds as a worker does, by plain fine-tuning, and train on everything once."""
    ours = Rules(exports=AGREEING, plan=drill.plan, seed=drill.seed)
    plain = Rules(exports=AGREEING, policy=None, plan=PLAIN_PLAN, learn=fine_tune, seed=drill.seed)
    return Drilled(
        title=title,
        label_names=(*ground.origin.label_names, *new_labels),
        ours=play_rounds(ground, rounds, ours, tell, watched, new_labels),
        plain=play_rounds(ground, rounds, plain, tell, watched, new_labels),
        everything=train_on_everything(ground, rounds, drill.origin_plan, watched, new_labels),
        also=tuple(watched),
        wanted={},
    )


def find_faults(drilled: Drilled) -> list[str]:
    """Say what a worker's way did not hold of what is required."""
    ours, faults = drilled.ours, []
    base = ours.accuracies("base")
    if min(base) < base[0] - MAX_LOSS:
        faults.append(f"base drawings lost {100 * (base[0] - min(base)):.1f} points")
    if ours.worst_margin(GatePolicy())[0] < 0:
        faults.append("a label fell below its floor")
    for name, wanted in drilled.wanted.items():
        if (reached := ours.accuracies(name)[-1]) < wanted:
            faults.append(f"{reached:.1%} of {name} are right, {wanted:.1%} was wanted")
    return faults


DRILLS: Mapping[str, Callable[[Drill], Drilled]] = {
    "same": drill_same,
    "shifted": drill_shifted,
    "new_label": drill_new_label,
    "shipped_label": drill_shipped_label,
}


def tell(played: Round) -> None:
    """Print how a round went to the side, so that the wait has a measure."""
    live = {name: f"{evaluation.accuracy:.3f}" for name, evaluation in played.live.items()}
    words = played.trial.verdict.summary if played.trial and played.trial.verdict else ""
    print(f"round {played.number}: {live} {words}", file=sys.stderr, flush=True)


def main() -> int:
    """Drill and print; give the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[1])
    parser.add_argument("--only", choices=sorted(DRILLS), help="one scenario")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="two rounds, to see that it works")
    arguments = parser.parse_args()
    if "DOODLE_DATA_DIR" not in os.environ:
        sys.exit("This drill needs real drawings: set DOODLE_DATA_DIR to a folder that holds quickdraw/.")
    (path,) = find_shipped()
    drill = Drill(load_shipped(path), Path(os.environ["DOODLE_DATA_DIR"]), arguments.rounds, seed=arguments.seed)
    faults = []
    for name in [arguments.only] if arguments.only else DRILLS:
        drilled = DRILLS[name](drill.shorten() if arguments.quick else drill)
        print(f"\n### {drilled.title}\n\n{summarise(drilled)}\n\n{show_rounds(drilled)}", flush=True)
        faults += [f"{drilled.title}: {fault}." for fault in find_faults(drilled)]
    print(f"\n{' '.join(faults) or 'All that is required is kept.'}")
    print(f"\n{drill.shipped.manifest.version}, measured on {describe_machine(datetime.now(UTC).date())}.")
    return 1 if faults and not arguments.quick else 0


if __name__ == "__main__":
    sys.exit(main())
