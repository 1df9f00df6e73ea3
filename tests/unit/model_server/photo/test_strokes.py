"""What is found in pictures: the drawing, and nothing else."""

from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from doodle_db.ink import draw, validate_ink
from doodle_db.ink.limits import MAX_POINTS, MAX_STROKES
from doodle_testing.drawings import DRAWINGS, Stroke, arc
from doodle_testing.pictures import NUM_KINDS, cover, make_picture
from model_server.photo import NoInkError, find_strokes

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float64]

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def place(label: str, height: int, width: int, share: float = 0.7) -> list[Stroke]:
    """Bring one of our drawings to the middle of a picture, as large as a share of it."""
    scale = share * min(height, width) / 300
    return [
        [(width / 2 + (x - 150) * scale, height / 2 + (y - 150) * scale) for x, y in each] for each in DRAWINGS[label]()
    ]


def paint(ink: Plane, colour: tuple[int, ...], paper: tuple[int, ...] | Plane, alpha: int | Plane = 255) -> Pixels:
    """Lay ink, 0..1, on paper."""
    pixels = np.empty((*ink.shape, 4), np.uint8)
    pixels[..., :3] = np.asarray(paper) * (1 - ink[..., np.newaxis]) + np.asarray(colour) * ink[..., np.newaxis]
    pixels[..., 3] = alpha
    return pixels


def see(pixels: Pixels) -> NDArray[np.uint8]:
    """Give the bitmap that a network would be shown of a picture."""
    return draw(find_strokes(pixels), 28, 28)[1]


def measure_distance(pixels: Pixels, label: str) -> float:
    """Give the mean distance, 0..255, of what is seen from what was drawn."""
    expected = draw(DRAWINGS[label](), 28, 28)[1]
    return float(np.abs(see(pixels).astype(int) - expected).mean())


def sheet_on_table(ink: Plane, margin: int = 18) -> Pixels:
    """Lay a sheet on a dark table, lit from the left."""
    height, width = ink.shape
    y, x = np.mgrid[0:height, 0:width]
    on_sheet = np.minimum(np.minimum(x, width - 1 - x) - y // 20, np.minimum(y, height - 1 - y)) >= margin
    paper = np.where(on_sheet, 240.0, 95.0) * (1 - 0.4 * x / width) + np.random.default_rng(3).normal(0, 3, ink.shape)
    return paint(ink, (40, 40, 60), np.repeat(paper[..., np.newaxis], 3, axis=2))


@pytest.mark.parametrize("label", sorted(DRAWINGS))
def test_pen_on_paper(label: str) -> None:
    """What was drawn is what is seen."""
    ink = cover(place(label, 300, 300), 300, 300, 4)

    assert measure_distance(paint(ink, BLACK, WHITE), label) < 6


@pytest.mark.parametrize("pen", [1, 2, 8, 14])
def test_pens(pen: float) -> None:
    """A thin pencil and a thick marker draw the same."""
    ink = cover(place("rabbit", 300, 300), 300, 300, pen)

    assert measure_distance(paint(ink, BLACK, WHITE), "rabbit") < 12


@pytest.mark.parametrize(
    ("colour", "paper"),
    [
        ((255, 255, 255), (20, 20, 24)),
        ((230, 230, 215), (40, 70, 55)),
        ((255, 220, 0), WHITE),
        ((90, 160, 255), WHITE),
        ((150, 150, 150), (225, 220, 210)),
        ((30, 30, 120), (200, 160, 110)),
    ],
    ids=["white on black", "chalk", "yellow on white", "light blue on white", "pencil", "ink on cardboard"],
)
def test_colours(colour: tuple[int, ...], paper: tuple[int, ...]) -> None:
    """Ink is what differs from its paper, whichever of the two is darker."""
    ink = cover(place("cat", 240, 280), 240, 280, 3)

    assert measure_distance(paint(ink, colour, paper), "cat") < 9


@pytest.mark.parametrize("colour", [BLACK, WHITE])
def test_transparent(colour: tuple[int, ...]) -> None:
    """A drawing on nothing was meant for the paper on which it can be seen."""
    ink = cover(place("fish", 200, 200), 200, 200, 4)

    assert measure_distance(paint(np.ones_like(ink), colour, BLACK, (255 * ink).astype(np.uint8)), "fish") < 6


@pytest.mark.parametrize("is_dark", [True, False])
def test_bitmap(is_dark: bool) -> None:
    """A bitmap of the network's own, as a picture of 28 x 28, is seen as nearly itself."""
    bitmap = draw(DRAWINGS["bird"](), 28, 28)[1]
    ink = bitmap / 255

    assert measure_distance(paint(ink, *((WHITE, BLACK) if is_dark else (BLACK, WHITE))), "bird") < 18


def test_photo() -> None:
    """A sheet on a table, unevenly lit: the table is no ink, nor is the sheet's edge."""
    ink = cover(place("horse", 300, 400), 300, 400, 3)

    assert measure_distance(sheet_on_table(ink), "horse") < 9


def test_shadow() -> None:
    """A shadow with a hard edge across the drawing is no ink, and what lies in it is drawn, too."""
    ink = cover(place("dog", 300, 300), 300, 300, 3)
    pixels = paint(ink, (30, 30, 40), (235, 235, 230))
    pixels[:, 150:, :3] = pixels[:, 150:, :3] * 0.65

    assert measure_distance(pixels, "dog") < 12


@pytest.mark.parametrize("margin", [3, 8])
def test_strips(margin: int) -> None:
    """A strip of table at the border is no ink, however narrow."""
    ink = cover(place("dog", 300, 300), 300, 300, 2)
    pixels = paint(ink, (110, 110, 110), (235, 235, 230))
    pixels[:margin, :, :3] = 40
    pixels[:, -margin:, :3] = 40

    assert measure_distance(pixels, "dog") < 9


def test_cropped_tightly() -> None:
    """A thick drawing that touches the picture's border is no table."""
    strokes: list[Stroke] = [arc((100, 100), (95, 95), 0, 1, 60), [(100, 40), (100, 160)]]
    expected = draw(strokes, 28, 28)[1].astype(int)

    seen = see(paint(cover(strokes, 200, 200, 14), BLACK, WHITE))

    assert np.abs(seen - expected).mean() < 8


def test_filled() -> None:
    """Of a filled shape its outline is drawn, as people would."""
    y, x = np.mgrid[0:300, 0:300]
    disc = (np.hypot(x - 150, y - 150) < 110) * 1.0
    expected = draw([arc((150, 150), (100, 100), 0, 1, 60)], 28, 28)[1].astype(int)

    seen = see(paint(disc, (60, 60, 60), WHITE))

    assert np.abs(seen - expected).mean() < 8


def test_specks() -> None:
    """Crumbs beside a drawing are left out; a dot within it is an eye."""
    strokes = place("fish", 300, 300)
    ink = cover(strokes, 300, 300, 4)
    with_crumbs = np.maximum(ink, cover([[(12, 15)], [(290, 280)], [(285, 20)]], 300, 300, 3))

    assert np.array_equal(see(paint(with_crumbs, BLACK, WHITE)), see(paint(ink, BLACK, WHITE)))
    assert len(find_strokes(paint(ink, BLACK, WHITE))) >= 3


def test_size_does_not_matter() -> None:
    """A picture twice as large shows the same drawing."""
    ink = cover(place("cat", 500, 500), 500, 500, 5)
    pixels = paint(ink, BLACK, WHITE)

    twice = see(np.kron(pixels, np.ones((2, 2, 1), np.uint8)))

    assert np.abs(twice.astype(int) - see(pixels)).mean() < 6


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_blank(grey: int) -> None:
    """On a blank page there is no ink, whatever its colour and grain."""
    plain = paint(np.zeros((120, 90)), BLACK, (grey, grey, grey))
    grain = np.clip(grey + np.random.default_rng(1).normal(0, 4, (120, 90, 1)), 0, 255) * np.ones(3)

    for page in (plain, paint(np.zeros((120, 90)), BLACK, grain), np.zeros((1, 1, 4), np.uint8)):
        with pytest.raises(NoInkError):
            find_strokes(page)


@pytest.mark.parametrize("seed", range(NUM_KINDS))
def test_limits(seed: int) -> None:
    """Whatever a picture shows, what is found is valid ink, within its limits, or there is none."""
    try:
        strokes = find_strokes(make_picture(seed))
    except NoInkError:
        return
    ink, _ = draw(strokes, 28, 28)

    assert validate_ink(ink)
    assert len(strokes) <= MAX_STROKES
    assert sum(map(len, strokes)) <= MAX_POINTS


def test_is_the_same_again() -> None:
    """Nothing is left to chance."""
    pixels = make_picture(Random(3).randrange(NUM_KINDS))

    assert find_strokes(pixels) == find_strokes(pixels.copy())
