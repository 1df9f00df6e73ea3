"""The rasteriser, checked against geometry; against cairo's own bitmaps see tests/parity."""

from random import Random

import numpy as np
import pytest

from doodle_db.ink import InkStrokes, coverage, rasterise
from doodle_db.ink.coverage import cover
from doodle_db.ink.placing import SUBPIXELS

CROSS: InkStrokes = [[[0, 255], [0, 255]], [[0, 255], [255, 0]]]


def test_no_stroke_gives_blank_paper() -> None:
    """A pad that was only looked at."""
    bitmap = rasterise([], 28, 28)

    assert bitmap.dtype == np.uint8
    assert bitmap.shape == (28, 28)
    assert not bitmap.any()


def test_a_dot_is_a_round_blob_in_the_middle() -> None:
    """As cairo draws a line without length with round caps."""
    bitmap = rasterise([[[0], [0]]], 28, 28)

    assert bitmap[13:15, 13:15].tolist() == [[104, 104], [104, 104]]
    assert bitmap.sum() == 4 * 104


def test_equal_points_are_a_dot() -> None:
    """However often the pen was reported there."""
    assert rasterise([[[0, 0, 0], [0, 0, 0]]], 28, 28).tolist() == rasterise([[[0], [0]]], 28, 28).tolist()


def test_a_level_line_has_the_pens_width() -> None:
    """16 of the box's 304 units are 16 / 304 * 28 px, half of them above the middle, half below."""
    bitmap = rasterise([[[0, 255], [0, 0]]], 28, 28)

    assert bitmap[:, 14].nonzero()[0].tolist() == [13, 14]
    assert bitmap[13:15, 14].tolist() == pytest.approx([255 * 8 / 304 * 28] * 2, abs=1)


def test_the_longer_side_fills_the_box() -> None:
    """24 of 304 units stay free on either side, less half a line."""
    columns = np.flatnonzero(rasterise([[[0, 255], [0, 0]]], 28, 28).max(axis=0))

    assert (columns[0], columns[-1]) == (1, 26)


@pytest.mark.parametrize(("height", "width"), [(28, 28), (56, 56), (28, 40), (31, 17)])
def test_a_cross_lies_in_the_middle(height: int, width: int) -> None:
    """Whatever the bitmap's shape: half a turn changes nothing but the last subpixel's rounding."""
    bitmap = rasterise(CROSS, height, width).astype(int)

    assert bitmap.shape == (height, width)
    assert np.abs(bitmap - np.rot90(bitmap, 2)).max() <= 12
    assert bitmap[height // 2, width // 2] > 200


def test_strokes_lie_over_each_other() -> None:
    """Two faint edges make a darker one; nothing is darker than full ink."""
    once, twice = (rasterise([[[0, 255], [0, 0]]] * num, 28, 28).astype(int) for num in (1, 2))

    assert np.abs(twice - (once + once * (255 - once) / 255)).max() <= 0.5 + 1e-9


def test_a_stroke_is_no_darker_where_it_crosses_itself() -> None:
    """Within one stroke ink is a shape, not a sum."""
    bitmap = rasterise([[[0, 255, 0, 255], [0, 0, 0, 0]]], 28, 28)

    assert bitmap[:, 14].tolist() == rasterise([[[0, 255], [0, 0]]], 28, 28)[:, 14].tolist()


@pytest.mark.parametrize(
    ("corners", "expected"),
    [
        ([(0, 0), (512, 0), (512, 512), (0, 512)], [[255, 255, 0], [255, 255, 0], [0, 0, 0]]),
        ([(0, 0), (0, 512), (512, 512), (512, 0)], [[255, 255, 0], [255, 255, 0], [0, 0, 0]]),
        ([(128, 256), (384, 256), (384, 512), (128, 512)], [[0, 0, 0], [128, 128, 0], [0, 0, 0]]),
        ([(0, 0), (768, 0), (0, 768)], [[255, 255, 128], [255, 128, 0], [128, 0, 0]]),
        ([(0, 0), (768, 0), (768, 3), (0, 3)], [[0, 0, 0]] * 3),
        ([(0, 0), (256, 256)], [[0, 0, 0]] * 3),
    ],
    ids=["a square", "a square the other way round", "half pixels", "a triangle", "between two samples", "no area"],
)
def test_coverage_is_area(corners: list[tuple[int, int]], expected: list[list[int]]) -> None:
    """Of simple shapes one knows it; sub-rows and cairo's rounding leave a few of 255 either way."""
    assert cover(corners, 3, 3).tolist() == [pytest.approx(row, abs=9) for row in expected]


def test_bands_of_rows_leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawing too large to be looked at in one piece gives what it gives in one piece."""
    random = Random(3)
    corners = [(random.randrange(28 * SUBPIXELS), random.randrange(28 * SUBPIXELS)) for _ in range(60)]
    in_one_piece = cover(corners, 28, 28)

    for max_samples in (1, 5_000):
        monkeypatch.setattr(coverage, "MAX_SAMPLES", max_samples)
        assert cover(corners, 28, 28).tolist() == in_one_piece.tolist()
