"""Drawings of a label the shipped version has never heard of: few real ones, each repeated by other hands."""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from uuid import UUID

from doodle_db.doodles import Doodle
from doodle_db.ink import draw
from doodle_db.label_sets import Label, LabelSet
from doodle_db.splits import Split, split_of
from doodle_testing.drawings import Stroke, arc, write_again
from doodle_testing.real_drawings import InkStrokes, read_strokes

MOUSE = Label("mouse", "a mouse", "🐭")

NUM_TAUGHT = 22
"""Of the 32 mice there are; the others are never trained on, in no form."""


def draw_our_mouse() -> InkStrokes:
    """A mouse of our own, seen from the side: a body like half an egg, an ear, an eye, a long tail."""
    strokes: list[Stroke] = [
        [(40, 190), *arc((120, 190), (80, 70), 0.5, 1.0), (200, 190), (40, 190)],
        arc((78, 132), (18, 20), 0, 1, 16),
        arc((66, 168), (4, 4), 0, 1, 8),
        [(200, 188), (225, 170), (240, 195), (255, 180), (262, 190)],
    ]
    return draw(strokes, 28, 28)[0]


def read_mice(data_dir: Path, split: Split) -> list[InkStrokes]:
    """Read the real mice: those to train on, or those held out."""
    drawn = list(read_strokes(data_dir, MOUSE.name))
    return drawn[:NUM_TAUGHT] if split == "train" else drawn[NUM_TAUGHT:]


def as_doodles(
    drawn: Sequence[InkStrokes], label_set: LabelSet, split: Split, random: Random, label: str = MOUSE.name
) -> list[Doodle]:
    """Take drawings as if users had sent them, under ids of one split."""
    made = []
    for strokes in drawn:
        ink, bitmap = draw([list(zip(*stroke, strict=True)) for stroke in strokes], label_set.height, label_set.width)
        height, width = bitmap.shape
        made.append(
            Doodle(_id_of(split, random), label, bitmap.tobytes(), height, width, strokes=ink, contributor=bytes(16))
        )
    return made


def repeat(drawn: Sequence[InkStrokes], num: int, random: Random) -> list[InkStrokes]:
    """
    Let other hands repeat drawings in turn: a little turned, stretched and trembling.

    It is no substitute for other people's ideas of a mouse, only for the number of times they draw one.
    """
    again = [
        write_again([list(zip(*stroke, strict=True)) for stroke in drawn[number % len(drawn)]], random)
        for number in range(num)
    ]
    return [[[list(axis) for axis in zip(*stroke, strict=True)] for stroke in strokes] for strokes in again]


def _id_of(split: Split, random: Random) -> UUID:
    while True:
        doodle_id = UUID(int=random.getrandbits(128), version=4)
        if split_of(doodle_id) == split:
            return doodle_id
