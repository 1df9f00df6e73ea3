"""What people draw who draw nothing: walks, spirals, zigzags, single strokes, scratched-out areas; seeded."""

from collections.abc import Callable, Mapping
from math import cos, pi, sin
from random import Random

import numpy as np
from numpy.typing import NDArray

from doodle_db.ink import draw

Stroke = list[tuple[float, float]]

SIDE_PX = 300.0
"""Of the pad."""


def walk(random: Random) -> list[Stroke]:
    """A pen that wanders: keeps its way for a while, then takes another."""
    x, y, heading = SIDE_PX / 2, SIDE_PX / 2, random.uniform(0, 2 * pi)
    bend, points = random.uniform(0.1, 0.9), [(x, y)]
    for _ in range(random.randint(15, 120)):
        heading += random.gauss(0, bend)
        x, y = x + 12 * cos(heading), y + 12 * sin(heading)
        points.append((x, y))
    return [points]


def spiral(random: Random) -> list[Stroke]:
    """One to six turns, wider and wider, on one side more than on the other."""
    turns, stretch, start = random.uniform(1, 6), random.uniform(0.5, 2), random.uniform(0, 2 * pi)
    steps = int(turns * 20)
    return [[_on_circle(step / steps, start + 2 * pi * turns * step / steps, stretch, random) for step in range(steps)]]


def _on_circle(radius: float, angle: float, stretch: float, random: Random) -> tuple[float, float]:
    tremble = random.gauss(0, 2)
    return 140 * radius * stretch * cos(angle) + tremble, 140 * radius * sin(angle) + tremble


def zigzag(random: Random) -> list[Stroke]:
    """To and fro, in one direction."""
    num, height, angle = random.randint(4, 16), random.uniform(30, 200), random.uniform(0, 2 * pi)
    corners = [(index * SIDE_PX / num, height * (index % 2) + random.gauss(0, 12)) for index in range(num)]
    return [_turn(corners, angle)]


def single_stroke(random: Random) -> list[Stroke]:
    """One line, straight or bent."""
    bend, angle = random.uniform(-120, 120), random.uniform(0, 2 * pi)
    return [_turn([(200 * step / 20, bend * sin(pi * step / 20)) for step in range(21)], angle)]


def few_strokes(random: Random) -> list[Stroke]:
    """Two to six lines, anywhere."""
    ends = [(random.uniform(0, SIDE_PX), random.uniform(0, SIDE_PX)) for _ in range(2 * random.randint(2, 6))]
    return [list(pair) for pair in zip(ends[::2], ends[1::2], strict=True)]


def scratched_out(random: Random) -> list[Stroke]:
    """An area filled by hatching, once or twice over."""
    return [_hatch(random) for _ in range(random.randint(1, 3))]


def _hatch(random: Random) -> Stroke:
    num, width, height = random.randint(15, 50), random.uniform(60, 280), random.uniform(60, 280)
    angle = random.uniform(0, 2 * pi)
    corners = [(width * (index % 2) + random.gauss(0, 10), height * index / num) for index in range(num)]
    return _turn(corners, angle)


def _turn(points: Stroke, angle: float) -> Stroke:
    return [(x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)) for x, y in points]


SCRIBBLES: Mapping[str, Callable[[Random], list[Stroke]]] = {
    "walks": walk,
    "spirals": spiral,
    "zigzags": zigzag,
    "single strokes": single_stroke,
    "few strokes": few_strokes,
    "scratched-out areas": scratched_out,
}


def scribble(num: int, seed: int, height: int, width: int) -> NDArray[np.uint8]:
    """
    Draw scribbles of all kinds in turn, by our ink.

    Returns:
        uint8, shape (num, height, width); 0 paper, 255 full ink.
    """
    random, kinds = Random(seed), list(SCRIBBLES.values())
    return np.stack([draw(kinds[index % len(kinds)](random), height, width)[1] for index in range(num)])
