"""
Pictures of our own drawings, and pictures of nothing: what reading photos is tried on, in Python and in TypeScript.

    make_picture(seed)   one of NUM_KINDS kinds in turn, its size, drawing and flaws chosen by the seed
"""

from collections.abc import Callable
from random import Random

import numpy as np
from numpy.typing import NDArray

from doodle_db.ink import draw
from doodle_testing.drawings import DRAWINGS, Stroke, draw_again

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float64]
Colour = tuple[float, float, float]

PAD_SIDE = 300
"""px; what DRAWINGS are drawn on."""


def make_picture(seed: int) -> Pixels:
    """
    Make a picture.

    Args:
        seed: pictures of seed and seed + NUM_KINDS are of the same kind.

    Returns:
        uint8, shape (height, width, 4): red, green, blue, alpha, not premultiplied; at most 1,100 px wide or high.
    """
    kind = list(KINDS.values())[seed % NUM_KINDS]
    return kind(np.random.default_rng(seed), Random(seed))


def cover(strokes: list[Stroke], height: int, width: int, pen: float) -> Plane:
    """
    Draw strokes with a round pen.

    Args:
        strokes: in px of the picture.
        height, width: of the picture, px.
        pen: diameter, px.

    Returns:
        float64, shape (height, width); 0 paper, 1 ink.
    """
    y, x = np.mgrid[0:height, 0:width] + 0.5
    nearest = np.full((height, width), np.inf)
    for stroke in strokes:
        for (x0, y0), (x1, y1) in zip(stroke, stroke[1:] or stroke, strict=False):
            length = max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-9)
            along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1)
            nearest = np.minimum(nearest, np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0)))
    return np.clip(pen / 2 - nearest + 0.5, 0, 1)


def _draw(random: Random, height: int, width: int, pen: float, share: float = 0.8) -> Plane:
    """Draw one of our animals in the middle of a picture, as large as a share of it."""
    scale = share * min(height, width) / PAD_SIDE
    strokes = draw_again(random.choice(sorted(DRAWINGS)), random)
    middle = PAD_SIDE / 2
    return cover(
        [[(width / 2 + (x - middle) * scale, height / 2 + (y - middle) * scale) for x, y in each] for each in strokes],
        height,
        width,
        pen,
    )


def _lay(ink: Plane, paper: Plane | Colour, colour: Colour, alpha: Plane | int = 255) -> Pixels:
    mixed = np.asarray(paper) * (1 - ink[..., np.newaxis]) + np.asarray(colour) * ink[..., np.newaxis]
    pixels = np.empty((*ink.shape, 4), np.uint8)
    pixels[..., :3] = np.clip(mixed, 0, 255)
    pixels[..., 3] = alpha
    return pixels


def _pen_on_paper(rng: np.random.Generator, random: Random) -> Pixels:
    side = int(rng.integers(60, 260))
    return _lay(_draw(random, side, side + 20, rng.uniform(1, 6)), (250, 250, 245), (20, 20, 30))


def _bitmap(rng: np.random.Generator, random: Random) -> Pixels:
    strokes = draw_again(random.choice(sorted(DRAWINGS)), random)
    _, bitmap = draw(strokes, 28, 28)
    return _lay(bitmap / 255, (0, 0, 0), (255, 255, 255))


def _chalk(rng: np.random.Generator, random: Random) -> Pixels:
    board = np.array([40, 60, 50]) + rng.normal(0, 6, (180, 240, 1))
    return _lay(_draw(random, 180, 240, 4) * rng.uniform(0.6, 1, (180, 240)), board, (225, 225, 210))


def _transparent_black(rng: np.random.Generator, random: Random) -> Pixels:
    ink = _draw(random, 150, 130, 3)
    return _lay(np.ones_like(ink), (0, 0, 0), (10, 0, 40), (ink * 255).astype(np.uint8))


def _transparent_white(rng: np.random.Generator, random: Random) -> Pixels:
    ink = _draw(random, 150, 130, 3)
    return _lay(np.ones_like(ink), (0, 0, 0), (255, 255, 250), (ink * 255).astype(np.uint8))


def _coloured(rng: np.random.Generator, random: Random) -> Pixels:
    colour = [(250.0, 220.0, 40.0), (60.0, 160.0, 250.0), (240.0, 90.0, 90.0)][rng.integers(3)]
    return _lay(_draw(random, 200, 160, 5), (255, 255, 255), colour)


def _photo(rng: np.random.Generator, random: Random) -> Pixels:
    """Give a sheet on a table: light from one side, a shadow, grain."""
    height, width = 230, 300
    y, x = np.mgrid[0:height, 0:width]
    light = 1 - rng.uniform(0.1, 0.5) * x / width - rng.uniform(0, 0.3) * (x + y > rng.uniform(200, 400))
    sheet = (np.abs(x - width / 2) < width * 0.44 + (y - 100) * 0.03) & (np.abs(y - height / 2) < height * 0.43)
    paper = np.where(sheet, 240.0, rng.uniform(60, 150))[..., np.newaxis] * np.array([1, 0.97, 0.93])
    ink = _draw(random, height, width, rng.uniform(1, 4), 0.6)
    picture = _lay(ink * sheet, paper, (40, 40, 90))[..., :3] * light[..., np.newaxis]
    return _lay(np.zeros_like(ink), picture + rng.normal(0, 4, picture.shape), (0, 0, 0))


def _filled(rng: np.random.Generator, random: Random) -> Pixels:
    y, x = np.mgrid[0:220, 0:220]
    body = np.hypot((x - 110) / rng.uniform(60, 90), (y - 120) / rng.uniform(40, 80)) < 1
    return _lay(np.maximum(_draw(random, 220, 220, 3), body * 1.0), (255, 255, 255), (70, 70, 70))


def _marker(rng: np.random.Generator, random: Random) -> Pixels:
    return _lay(_draw(random, 170, 170, rng.uniform(8, 16), 1.05), (255, 255, 255), (0, 0, 0))


def _noise(rng: np.random.Generator, random: Random) -> Pixels:
    pixels = rng.integers(0, 256, (110, 140, 4), np.uint8)
    pixels[..., 3] |= np.uint8(255 * rng.integers(2))
    return pixels


def _blank(rng: np.random.Generator, random: Random) -> Pixels:
    grain = rng.normal(0, rng.integers(0, 5), (90, 70, 1))
    return _lay(np.zeros((90, 70)), rng.uniform(0, 255) + grain * np.ones(3), (0, 0, 0))


def _tiny(rng: np.random.Generator, random: Random) -> Pixels:
    height, width = rng.integers(1, 7, 2)
    return rng.integers(0, 2, (height, width, 4), np.uint8) * 255


def _narrow(rng: np.random.Generator, random: Random) -> Pixels:
    pixels = np.full((int(rng.integers(1, 5)), 700, 4), 255, np.uint8)
    pixels[:, rng.integers(0, 700, 20), :3] = 0
    return pixels if rng.integers(2) else np.ascontiguousarray(pixels.transpose(1, 0, 2))


def _blocks(rng: np.random.Generator, random: Random) -> Pixels:
    return np.kron(rng.integers(0, 256, (12, 15, 4), np.uint8), np.ones((13, 13, 1), np.uint8))


def _large(rng: np.random.Generator, random: Random) -> Pixels:
    pixels = _lay(_draw(random, 400, 550, 6), (235, 235, 230), (30, 30, 30))
    return np.kron(pixels, np.ones((2, 2, 1), np.uint8))[: int(rng.integers(700, 801))]


def _pattern(rng: np.random.Generator, random: Random) -> Pixels:
    """Give more lines than a drawing may have: rings, dots, stripes and a grid."""
    y, x = np.mgrid[0:300, 0:300]
    ink = [
        np.hypot(x - 150, y - 150) % 9 < 3,
        (x % 12 < 3) & (y % 12 < 3),
        (x + y) % 7 < 2,
        (x % 10 < 2) | (y % 11 < 2),
    ][rng.integers(4)]
    return _lay(ink * 1.0, (255, 255, 255), (0, 0, 0))


def _strips(rng: np.random.Generator, random: Random) -> Pixels:
    """Give a sheet that nearly fills the picture: narrow strips of the table along some sides."""
    ink = _draw(random, 200, 180, 2)
    paper = np.full((200, 180, 3), 235.0)
    for side in range(4):
        np.rot90(paper, side)[: int(rng.integers(0, 14))] = 70
    return _lay(ink, paper, (120, 120, 120))


KINDS: dict[str, Callable[[np.random.Generator, Random], Pixels]] = {
    "pen on paper": _pen_on_paper,
    "bitmap": _bitmap,
    "chalk": _chalk,
    "transparent, black ink": _transparent_black,
    "transparent, white ink": _transparent_white,
    "coloured": _coloured,
    "photo": _photo,
    "filled": _filled,
    "marker": _marker,
    "noise": _noise,
    "blank": _blank,
    "tiny": _tiny,
    "narrow": _narrow,
    "blocks": _blocks,
    "large": _large,
    "pattern": _pattern,
    "strips": _strips,
}

NUM_KINDS = len(KINDS)
