"""Poisoned courses as Markdown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.drills.poisoned_course import HONEST, UNSEEN, Defences, PoisonedCourse
from benchmarks.drills.poisons import Attack

MAX_LOSS = 1.0
"""Points of base drawings that a worker's defences may lose in any round."""

WORDS: Mapping[Defences, str] = {
    "plain": "plain fine-tuning",
    "none": "no defences",
    "gate": "gate",
    "each step": "all, each step",
    "all": "all",
}

MEASURES: Mapping[str, Callable[[PoisonedCourse], float]] = {
    "Base drawings, at the lowest": lambda course: course.lowest("base"),
    "Base drawings the gate does not see, at the lowest": lambda course: course.lowest(UNSEEN),
    "Dogs among base drawings, at the lowest": lambda course: course.lowest_found("base"),
    "Honest people's drawings, in the end": lambda course: course.gained(HONEST),
    "Dogs among these, in the end": lambda course: course.gained_found(HONEST),
}
"""All of the live version against the start, in points; the first is what is promised."""

SHORT: Mapping[str, Callable[[PoisonedCourse], float]] = dict(
    zip(("base", "unseen base", "dogs", "honest", "honest dogs"), MEASURES.values(), strict=True)
)


@dataclass(frozen=True)
class Played:
    """
    A course, and what it was.

    Attributes:
        attack: what was done.
        defences: against it.
        course: how it went.
    """

    attack: Attack
    defences: Defences
    course: PoisonedCourse


def tabulate_side_by_side(played: Sequence[Played]) -> str:
    """Give a table a measure: a line an attack, a column each way of defence; courses of many liars and of none."""
    many = [each for each in played if not each.attack.is_one]
    return "\n\n".join(f"{title}:\n\n{_side_by_side(many, measure)}" for title, measure in MEASURES.items())


def _side_by_side(played: Sequence[Played], measure: Callable[[PoisonedCourse], float]) -> str:
    ways = list(dict.fromkeys(each.defences for each in played))
    found = {(each.attack, each.defences): f"{measure(each.course):+.1f}" for each in played}
    attacks = dict.fromkeys(each.attack for each in played)
    rows = [[name_attack(attack), *(found.get((attack, way), "") for way in ways)] for attack in attacks]
    return _table(["wrong labels", *(WORDS[way] for way in ways)], rows)


def tabulate_each(played: Sequence[Played]) -> str:
    """Give a line a course, with what was used and published."""
    heads = ["wrong labels", "defences", "rounds", "wrong ones used", "right ones used", "published", *SHORT]
    return _table(heads, [_describe(each) for each in played])


def _describe(played: Played) -> list[str]:
    course, tally = played.course, played.course.tally
    return [
        name_attack(played.attack),
        WORDS[played.defences],
        str(course.num_rounds),
        f"{tally.num_lies_used:,} of {tally.num_lies:,}",
        f"{tally.num_honest_used / max(1, tally.num_honest):.0%}".replace("%", " %"),
        str(course.num_published),
        *(f"{measure(course):+.1f}" for measure in SHORT.values()),
    ]


def name_attack(attack: Attack) -> str:
    """Say what was done."""
    if not attack.share:
        return "none"
    kind = "at random" if attack.kind == "random" else "dogs called cats"
    careful = ", the likest" if attack.is_careful else ""
    return f"{attack.share:.0%} {kind}{careful}".replace("%", " %")


def find_faults(played: Sequence[Played]) -> list[str]:
    """Say where a worker's defences lost more of base drawings than they may."""
    fallen = [
        (name_attack(each.attack), each.course.lowest("base"))
        for each in played
        if each.defences == "all" and each.course.lowest("base") < -MAX_LOSS
    ]
    return [f"{name}: base drawings lost {-points:.1f} points." for name, points in fallen]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
