"""Courses as Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.drills.course import ALL_RECENT, UNSEEN, Course
from training_server.evaluate import Evaluation
from training_server.gate import GatePolicy

SHOWN_ROUNDS = (1, 2, 3, 5, 10, 15, 20)


@dataclass(frozen=True)
class Drilled:
    """
    What became of one scenario.

    Attributes:
        title: of the table.
        label_names: in the order of the logits.
        ours: as a worker does it.
        plain: trained on nothing but the new rows, and always published.
        everything: trained from nothing on all there is in the end, by holdout.
        also: other holdouts to tell of.
        wanted: share of a holdout that must be right in the end, by its name.
    """

    title: str
    label_names: tuple[str, ...]
    ours: Course
    plain: Course
    everything: Mapping[str, Evaluation]
    also: tuple[str, ...]
    wanted: Mapping[str, float]


def summarise(drilled: Drilled) -> str:
    """Put the ways of training side by side: before the first round, and after the last."""
    heads = ["right on", "base", "lowest in any round", "base unseen by the gate", "recent", *drilled.also]
    rows = [
        ["at the start", *_cells(drilled.ours.start, None, drilled)],
        ["**as a worker does**", *_cells(drilled.ours.rounds[-1].live, drilled.ours, drilled)],
        ["fine-tuned on new rows alone", *_cells(drilled.plain.rounds[-1].live, drilled.plain, drilled)],
        ["everything, from nothing", *_cells(drilled.everything, None, drilled)],
    ]
    return _table([*heads, "nearest to its floor", "published", "s a round"], rows)


def _cells(figures: Mapping[str, Evaluation], course: Course | None, drilled: Drilled) -> list[str]:
    shown = [_percent(figures[name].accuracy) for name in ("base", UNSEEN, ALL_RECENT, *drilled.also)]
    if course is None:
        return [shown[0], "", *shown[1:], "", "", ""]
    margin, label = course.worst_margin(GatePolicy())
    nearest = f"{drilled.label_names[label]}, {100 * margin:+.0f} points"
    published = f"{course.num_published} of {len(course.rounds)}"
    return [shown[0], _percent(min(course.accuracies("base"))), *shown[1:], nearest, published, f"{course.seconds:.1f}"]


def show_rounds(drilled: Drilled) -> str:
    """Follow both courses through the rounds."""
    numbers = [0, *(number for number in SHOWN_ROUNDS if number <= len(drilled.ours.rounds))]
    lines = {
        "base": drilled.ours.accuracies("base"),
        "recent": drilled.ours.accuracies(ALL_RECENT),
        "base, fine-tuned": drilled.plain.accuracies("base"),
        "recent, fine-tuned": drilled.plain.accuracies(ALL_RECENT),
    }
    rows = [[name, *(_percent(shares[number]) for number in numbers)] for name, shares in lines.items()]
    return _table(["after round", *map(str, numbers)], rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %")
