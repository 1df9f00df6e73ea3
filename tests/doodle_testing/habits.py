"""
Ways in which people come to draw otherwise than the base data: what a live model has yet to learn.

Each changes a bitmap: uint8, shape (height, width), 0 paper, 255 full ink. Strokes do not survive the change.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from doodle_db.doodles import Doodle

Bitmap = NDArray[np.uint8]


def draw_thinner(bitmap: Bitmap) -> Bitmap:
    """Use a finer pen: ink stays where the neighbours to the right and below are inked too."""
    padded = np.pad(bitmap, ((0, 1), (0, 1)))
    return np.asarray(np.minimum.reduce([bitmap, padded[:-1, 1:], padded[1:, :-1]]))


def hold_upside_down(bitmap: Bitmap) -> Bitmap:
    """Turn the pad by a half."""
    return np.rot90(bitmap, 2)


def take_up(habit: Callable[[Bitmap], Bitmap], doodles: list[Doodle]) -> list[Doodle]:
    """Let every doodle have been drawn so; one that vanishes by it is left out."""
    changed = [_redraw(doodle, habit) for doodle in doodles]
    return [doodle for doodle in changed if any(doodle.bitmap)]


def _redraw(doodle: Doodle, habit: Callable[[Bitmap], Bitmap]) -> Doodle:
    bitmap = habit(np.frombuffer(doodle.bitmap, np.uint8).reshape(doodle.height, doodle.width))
    return replace(doodle, bitmap=bitmap.tobytes(), height=bitmap.shape[0], width=bitmap.shape[1], strokes=None)


def draw_thicker(bitmap: Bitmap) -> Bitmap:
    """Use a broader pen: ink spreads to the right and down."""
    padded = np.pad(bitmap, ((1, 0), (1, 0)))
    return np.asarray(np.maximum.reduce([bitmap, padded[1:, :-1], padded[:-1, 1:]]))


def half_of(habit: Callable[[Bitmap], Bitmap]) -> Callable[[Bitmap], Bitmap]:
    """Give what lies half-way to a habit."""
    return lambda bitmap: np.round((bitmap.astype(np.float64) + habit(bitmap)) / 2).astype(np.uint8)


def draw_smaller(scale: float) -> Callable[[Bitmap], Bitmap]:
    """Give the habit of drawing by so much smaller, around the middle."""
    return lambda bitmap: _map(bitmap, np.eye(2) / scale)


def turn_askew(degrees: float) -> Callable[[Bitmap], Bitmap]:
    """Give the habit of holding the pad so askew."""
    angle = np.deg2rad(degrees)
    return lambda bitmap: _map(bitmap, np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]))


def _map(bitmap: Bitmap, matrix: NDArray[np.float64]) -> Bitmap:
    """Let each pixel be what lies at `matrix` times its place, from the middle; between pixels, what is between."""
    middle = (np.array(bitmap.shape) - 1) / 2
    places = np.moveaxis(np.indices(bitmap.shape), 0, -1) - middle
    rows, columns = np.moveaxis(places @ matrix.T + middle, -1, 0)
    room = max(bitmap.shape)
    paper = np.pad(bitmap.astype(np.float64), room)
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    down, right = rows - top, columns - left
    corners = [
        (1 - down) * (1 - right) * paper[top + room, left + room],
        (1 - down) * right * paper[top + room, left + room + 1],
        down * (1 - right) * paper[top + room + 1, left + room],
        down * right * paper[top + room + 1, left + room + 1],
    ]
    return np.asarray(np.round(sum(corners)).astype(np.uint8))
