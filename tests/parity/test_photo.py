"""What is found in a picture, in two languages: TypeScript on the page, Python on the server."""

import numpy as np
import pytest
from numpy.typing import NDArray

from doodle_db.ink.limits import MAX_POINTS, MAX_STROKES
from doodle_testing.pictures import NUM_KINDS, make_picture
from doodle_testing.typescript_ink import is_installed
from doodle_testing.typescript_photo import Strokes, find_strokes_in_typescript
from model_server.photo import NoInkError, find_strokes

pytestmark = pytest.mark.skipif(not is_installed(), reason="needs frontend/node_modules: run `make frontend`")

NUM_OF_EACH_KIND = 2


def find_or_refuse(picture: NDArray[np.uint8]) -> Strokes | None:
    """Find the drawing in a picture; nothing if Python refuses it."""
    try:
        return [[(int(x), int(y)) for x, y in stroke] for stroke in find_strokes(picture)]
    except NoInkError:
        return None


def test_both_languages_find_the_same_strokes() -> None:
    """On paper, boards, tables, in shadow, transparent, filled, noisy, tiny: every point, or a refusal."""
    pictures = [make_picture(seed) for seed in range(NUM_OF_EACH_KIND * NUM_KINDS)]

    answers = find_strokes_in_typescript(pictures)

    expected = [find_or_refuse(picture) for picture in pictures]
    for seed, (strokes, answer) in enumerate(zip(expected, answers, strict=True)):
        assert strokes == answer.strokes, f"make_picture({seed})"
        assert answer.refused == (None if strokes else "no_ink")
    assert sum(strokes is not None for strokes in expected) > len(pictures) / 2


def test_both_languages_find_the_same_in_noise_of_every_size() -> None:
    """There is always something that might be a drawing, and all of it touches a border."""
    random = np.random.default_rng(7)
    sizes = [(1, 1), (1, 9), (9, 1), (2, 2), (3, 70), *random.integers(1, 90, (25, 2)).tolist()]
    pictures = [random.integers(0, 256, (height, width, 4), np.uint8) for height, width in sizes]

    answers = find_strokes_in_typescript(pictures)

    for picture, answer in zip(pictures, answers, strict=True):
        assert find_or_refuse(picture) == answer.strokes, picture.shape


@pytest.mark.parametrize("rows", [7, 10_000])
def test_a_picture_may_be_handed_over_in_parts(rows: int) -> None:
    """The page reads a large picture a few rows at a time; where it is cut makes no difference."""
    large = np.kron(make_picture(2), np.ones((3, 5, 1), np.uint8))

    (answer,) = find_strokes_in_typescript([large], rows)

    assert find_or_refuse(large) == answer.strokes


def test_no_picture_has_more_ink_than_a_drawing_may_have() -> None:
    """What is found can always be put on the pad, and stored; both languages leave out the same."""
    lines = np.full((500, 500, 4), 255, np.uint8)
    lines[1::5, :, :3] = 0
    dots = np.full((500, 500, 4), 255, np.uint8)
    dots[4::9, 4::9, :3] = 0

    answers = find_strokes_in_typescript([lines, dots])

    for picture, answer in zip((lines, dots), answers, strict=True):
        strokes = answer.strokes or []
        assert find_or_refuse(picture) == answer.strokes
        assert len(strokes) <= MAX_STROKES
        assert sum(len(stroke) for stroke in strokes) <= MAX_POINTS
    assert len(answers[1].strokes or []) == MAX_STROKES
