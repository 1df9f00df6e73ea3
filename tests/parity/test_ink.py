"""Ink in two languages and one recipe: TypeScript, Python and Quick, Draw!'s own bitmaps."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from doodle_db.ink import InkError, InkStrokes, PadStrokes, draw, rasterise
from doodle_db.ink.limits import BOX_MAX, MAX_POINTS, MAX_STROKES
from doodle_testing.ink_cases import InkCase, read_ink_cases
from doodle_testing.ink_proof import InkProof, rasterise_all, read_ink_proof
from doodle_testing.typescript_ink import (
    draw_in_typescript,
    is_installed,
    rasterise_in_typescript,
    read_typescript_limits,
)

needs_typescript = pytest.mark.skipif(not is_installed(), reason="needs frontend/node_modules: run `make frontend`")


@pytest.fixture(scope="module")
def proof(data_dir: Path) -> InkProof:
    """The 6,778 drawings whose bitmaps are known."""
    return read_ink_proof(data_dir)


@pytest.fixture(scope="module")
def our_bitmaps(proof: InkProof) -> NDArray[np.uint8]:
    """The same drawings, rasterised by Python."""
    return rasterise_all(proof.inks, *proof.bitmaps.shape[1:])


@needs_typescript
def test_both_languages_keep_the_same_limits() -> None:
    """What the page lets a pen draw, the server takes."""
    limits = read_typescript_limits()

    assert limits == {"maxStrokes": MAX_STROKES, "maxPoints": MAX_POINTS, "boxMax": BOX_MAX}


@needs_typescript
@pytest.mark.parametrize(("height", "width"), [(28, 28), (20, 33), (1, 1)])
def test_both_languages_draw_awkward_drawings_alike(height: int, width: int) -> None:
    """Strokes and bitmap are equal to the bit, and both refuse the same."""
    cases = read_ink_cases()

    answers = draw_in_typescript([case.strokes for case in cases], height, width)

    for case, answer in zip(cases, answers, strict=True):
        ink, bitmap = draw_or_refuse(case, height, width)
        assert ink == answer.ink, case.name
        assert_equal_bitmaps(bitmap, answer.bitmap, case.name)


@needs_typescript
def test_both_languages_draw_random_drawings_alike() -> None:
    """400 drawings of all sizes, from single points to scribbles."""
    random = Random(1)
    drawings = [random_drawing(random) for _ in range(400)]

    answers = draw_in_typescript(drawings, 28, 28)

    for number, (drawing, answer) in enumerate(zip(drawings, answers, strict=True)):
        ink, bitmap = draw(drawing, 28, 28)
        assert ink == answer.ink, number
        assert_equal_bitmaps(bitmap, answer.bitmap, str(number))


@needs_typescript
@pytest.mark.parametrize(("height", "width"), [(28, 28), (64, 48)])
def test_both_languages_rasterise_any_valid_ink_alike(height: int, width: int) -> None:
    """Also what simplify would never leave: points twice in a row, steps of one unit, turns on the spot."""
    random = Random(2)
    inks = [random_ink(random) for _ in range(200)]

    answers = rasterise_in_typescript(inks, height, width)

    for number, (ink, answer) in enumerate(zip(inks, answers, strict=True)):
        assert_equal_bitmaps(rasterise(ink, height, width), answer.bitmap, str(number))


@needs_typescript
@pytest.mark.needs_data
def test_both_languages_rasterise_real_drawings_alike(proof: InkProof, our_bitmaps: NDArray[np.uint8]) -> None:
    """All 6,778, to the bit."""
    answers = rasterise_in_typescript(proof.inks, *proof.bitmaps.shape[1:])

    for number, (bitmap, answer) in enumerate(zip(our_bitmaps, answers, strict=True)):
        assert_equal_bitmaps(bitmap, answer.bitmap, f"line {number + 1}")


@pytest.mark.needs_data
def test_the_bitmaps_are_those_of_the_data_set(proof: InkProof, our_bitmaps: NDArray[np.uint8]) -> None:
    """A model trained on Quick, Draw! sees here what it was trained on; the project asks for 1.5 of 255 at most."""
    errors = np.abs(our_bitmaps.astype(np.int64) - proof.bitmaps)

    assert errors.mean() < 0.002
    assert (errors == 0).all(axis=(1, 2)).mean() > 0.99


def draw_or_refuse(case: InkCase, height: int, width: int) -> tuple[InkStrokes | None, NDArray[np.uint8] | None]:
    """Draw a case, or give nothing if Python refuses it as it should."""
    if not case.refused:
        return draw(case.strokes, height, width)
    with pytest.raises(InkError):
        draw(case.strokes, height, width)
    return None, None


def assert_equal_bitmaps(one: NDArray[np.uint8] | None, other: NDArray[np.uint8] | None, name: str) -> None:
    """Compare two bitmaps, or two refusals, and name the drawing they are of."""
    np.testing.assert_array_equal(one, other, err_msg=name)


def random_drawing(random: Random) -> PadStrokes:
    """Scribble: a pen that keeps its direction for a while, at a size of its own."""
    size = 10 ** random.uniform(-2, 4)
    return [random_stroke(random, size) for _ in range(random.randint(1, 8))]


def random_stroke(random: Random, size: float) -> list[tuple[float, float]]:
    """Walk from anywhere, now and then in another direction."""
    x, y = random.uniform(-size, size), random.uniform(-size, size)
    way_x, way_y, points = 0.0, 0.0, [(x, y)]
    for _ in range(random.choice([0, 1, 2, 5, 30, 200])):
        if random.random() < 0.3:
            way_x, way_y = random.gauss(0, size / 10), random.gauss(0, size / 10)
        x, y = x + way_x, y + way_y
        points.append((x, y))
    return points


def random_ink(random: Random) -> InkStrokes:
    """Make strokes with steps of every length, many of them along rows, columns and diagonals."""
    strokes = []
    for _ in range(random.randint(1, 5)):
        reach = random.choice([0, 1, 2, 8, 64, BOX_MAX])
        points = [(random.randint(0, BOX_MAX), random.randint(0, BOX_MAX))]
        for _ in range(random.randint(0, 20)):
            step, turn = (
                random.randint(-reach, reach),
                random.choice([(1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (-1, 3)]),
            )
            x, y = points[-1][0] + step * turn[0], points[-1][1] + step * turn[1]
            points.append((min(max(x, 0), BOX_MAX), min(max(y, 0), BOX_MAX)))
        strokes.append([[x for x, _ in points], [y for _, y in points]])
    return strokes
