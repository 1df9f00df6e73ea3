"""
Drawings of our own: six animals written down stroke by stroke, and a generator that draws them again and again.

They stand in for people where no real drawings are at hand. Coordinates are pad coordinates: px, x to the right, y
down, on a pad of 300 x 300.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin
from random import Random
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from doodle_db.doodles import Doodle
from doodle_db.ink import draw
from doodle_db.label_sets import LabelSet

Point = tuple[float, float]
Stroke = list[Point]


def arc(centre: Point, radii: Point, start: float, end: float, num_points: int = 24) -> Stroke:
    """Draw part of an ellipse; angles in turns, clockwise from the right."""
    turns = [start + (end - start) * step / (num_points - 1) for step in range(num_points)]
    return [(centre[0] + radii[0] * cos(2 * pi * turn), centre[1] + radii[1] * sin(2 * pi * turn)) for turn in turns]


def fish() -> list[Stroke]:
    """A body that closes, a tail of two lines, an eye."""
    return [
        [(205, 150), *arc((130, 150), (80, 50), 0, 1), (262, 108)],
        [(205, 150), (262, 195), (258, 108)],
        arc((85, 138), (6, 6), 0, 1, 10),
    ]


def cat() -> list[Stroke]:
    """A round head, two pointed ears, eyes, nose, whiskers."""
    return [
        arc((150, 165), (85, 78), 0, 1, 32),
        [(82, 118), (80, 48), (130, 92)],
        [(170, 92), (222, 48), (218, 118)],
        arc((120, 150), (7, 9), 0, 1, 10),
        arc((180, 150), (7, 9), 0, 1, 10),
        [(142, 178), (158, 178), (150, 188), (142, 178)],
        [(130, 185), (40, 172)],
        [(130, 192), (42, 205)],
        [(170, 185), (260, 172)],
        [(170, 192), (258, 205)],
    ]


def dog() -> list[Stroke]:
    """A head with hanging ears, muzzle and tongue."""
    return [
        arc((150, 145), (70, 80), 0, 1, 32),
        [(95, 90), (62, 84), (44, 120), (40, 185), (62, 200), (84, 150)],
        [(205, 90), (238, 84), (256, 120), (260, 185), (238, 200), (216, 150)],
        arc((125, 130), (6, 8), 0, 1, 10),
        arc((175, 130), (6, 8), 0, 1, 10),
        arc((150, 170), (16, 11), 0, 1, 14),
        [(150, 181), (150, 195)],
        arc((135, 193), (16, 10), 0, 0.5, 10),
        arc((165, 193), (16, 10), 0, 0.5, 10),
        [(142, 203), (142, 222), (150, 228), (158, 222), (158, 203)],
    ]


def rabbit() -> list[Stroke]:
    """A round head under two long ears."""
    return [
        arc((150, 205), (62, 58), 0, 1, 30),
        arc((120, 95), (19, 62), 0.22, 1.22, 26),
        arc((180, 95), (19, 62), 0.28, 1.28, 26),
        arc((128, 195), (5, 7), 0, 1, 10),
        arc((172, 195), (5, 7), 0, 1, 10),
        [(143, 216), (157, 216), (150, 224), (143, 216)],
        [(138, 218), (85, 208)],
        [(138, 224), (88, 232)],
        [(162, 218), (215, 208)],
        [(162, 224), (212, 232)],
    ]


def bird() -> list[Stroke]:
    """Seen from the side: head with a beak, body, wing, tail, two legs."""
    return [
        arc((95, 105), (36, 34), 0, 1, 24),
        [(61, 98), (28, 108), (62, 116)],
        arc((88, 97), (4, 4), 0, 1, 8),
        [(120, 128), *arc((165, 165), (80, 48), 0.62, 1.45, 30), (100, 138)],
        [(238, 148), (282, 120), (278, 150), (240, 170)],
        arc((170, 158), (42, 24), 0.0, 0.5, 14),
        [(150, 212), (146, 258), (130, 262)],
        [(178, 213), (180, 258), (164, 262)],
    ]


def horse() -> list[Stroke]:
    """Seen from the side: long head, neck with a mane, body, four legs, tail."""
    return [
        [(38, 118), (30, 102), (66, 62), (78, 40), (90, 58), (112, 86), (124, 118), (210, 120), (232, 128),
         (240, 160), (234, 258), (218, 258), (216, 178), (206, 172), (206, 258), (190, 258), (188, 176),
         (132, 178), (130, 258), (114, 258), (112, 180), (104, 174), (100, 258), (86, 258), (88, 160),
         (84, 110), (66, 112), (48, 124), (38, 118)],
        [(232, 128), (258, 142), (262, 196)],
        [(92, 60), (106, 64), (112, 78), (124, 84), (126, 98), (136, 104), (134, 116)],
        arc((68, 76), (3, 3), 0, 1, 8),
    ]  # fmt: skip


DRAWINGS: dict[str, Callable[[], list[Stroke]]] = {
    "bird": bird,
    "cat": cat,
    "dog": dog,
    "fish": fish,
    "horse": horse,
    "rabbit": rabbit,
}


@dataclass(frozen=True)
class Hand:
    """
    How a drawing comes out this time.

    Attributes:
        turn: rotation in turns, clockwise.
        stretch: factor of the width against the height.
        tremble_px: standard deviation of every point.
    """

    turn: float
    stretch: float
    tremble_px: float


def draw_again(label: str, random: Random, turn: float = 0.0) -> list[Stroke]:
    """
    Draw an animal as another hand would.

    Args:
        label: which one.
        random: seeded.
        turn: how far the paper lies askew, in turns: for doodles that a model has to learn first.
    """
    hand = _choose_hand(random, turn)
    kept = [stroke for index, stroke in enumerate(DRAWINGS[label]()) if index < 3 or random.random() > 0.15]
    return [[_move(point, hand, random) for point in stroke] for stroke in kept]


def write_again(strokes: list[Stroke], random: Random) -> list[Stroke]:
    """Let another hand repeat strokes, all of them."""
    hand = _choose_hand(random)
    return [[_move(point, hand, random) for point in stroke] for stroke in strokes]


def _choose_hand(random: Random, turn: float = 0.0) -> Hand:
    return Hand(turn + random.gauss(0, 0.015), random.uniform(0.8, 1.25), random.uniform(0.5, 3.0))


def _move(point: Point, hand: Hand, random: Random) -> Point:
    x, y = (point[0] - 150) * hand.stretch, point[1] - 150
    turned = (x * cos(2 * pi * hand.turn) - y * sin(2 * pi * hand.turn),
              x * sin(2 * pi * hand.turn) + y * cos(2 * pi * hand.turn))  # fmt: skip
    return (150 + turned[0] + random.gauss(0, hand.tremble_px), 150 + turned[1] + random.gauss(0, hand.tremble_px))


def generate_doodles(label_set: LabelSet, num: int, random: Random, turn: float = 0.0) -> list[Doodle]:
    """
    Make doodles as the draw page would send them: labels in turn, ids at random, strokes and their bitmap.

    Args:
        label_set: its labels must be among DRAWINGS.
        num: how many.
        random: seeded; ids come from it too.
        turn: see draw_again.
    """
    made = []
    for index in range(num):
        label = label_set.names[index % len(label_set.names)]
        ink, bitmap = draw(draw_again(label, random, turn), label_set.height, label_set.width)
        made.append(_as_doodle(UUID(int=random.getrandbits(128), version=4), label, bitmap, ink))
    return made


def _as_doodle(doodle_id: UUID, label: str, bitmap: NDArray[np.uint8], strokes: list[list[list[int]]]) -> Doodle:
    height, width = bitmap.shape
    return Doodle(doodle_id, label, bitmap.tobytes(), height, width, strokes=strokes, contributor=bytes(16))
