"""What is no drawing is refused at the door, and the message names the place."""

from typing import Any

import pytest

from doodle_db.errors import InvalidError
from doodle_db.ink import InkError, validate_ink
from doodle_db.ink.limits import MAX_POINTS, MAX_STROKES


@pytest.mark.parametrize(
    "ink",
    [
        [],
        [[[0], [255]]],
        [[[0, 255], [255, 0]]] * MAX_STROKES,
        [[[0] * MAX_POINTS, [0] * MAX_POINTS]],
    ],
    ids=["nothing", "a dot", "the most strokes", "the most points"],
)
def test_drawings_within_the_limits_are_taken(ink: Any) -> None:
    """As they are."""
    assert validate_ink(ink) is ink


@pytest.mark.parametrize(
    ("ink", "words"),
    [
        ("strokes", "a list of .*; this is str"),
        ({"xs": []}, "this is dict"),
        ([[[0], [0]]] * (MAX_STROKES + 1), "201 strokes; at most 200"),
        ([[[0] * 6_000, [0] * 6_000]] * 2, "12000 points; at most 10000"),
        ([[[0], [0]], 7], r"strokes\[1\] is not \[xs, ys\]"),
        ([[[0], [0], [0]]], r"strokes\[0\] is not"),
        ([[[0], 0]], r"strokes\[0\] is not"),
        ([[[0, 1], [0]]], r"strokes\[0\] has 2 xs and 1 ys"),
        ([[[], []]], r"strokes\[0\] has 0 xs and 0 ys"),
        ([[[0, -1], [0, 0]]], r"strokes\[0\] xs\[1\] is -1; expected an integer in 0\.\.255"),
        ([[[0], [256]]], r"strokes\[0\] ys\[0\] is 256"),
        ([[[0], [1.0]]], r"ys\[0\] is 1\.0"),
        ([[[True], [0]]], r"xs\[0\] is True"),
        ([[["7"], [0]]], r"xs\[0\] is '7'"),
    ],
)
def test_anything_else_is_refused(ink: Any, words: str) -> None:
    """The door may hand the message to whoever sent the drawing."""
    with pytest.raises(InkError, match=words) as refused:
        validate_ink(ink)

    assert isinstance(refused.value, InvalidError)


def test_a_refusal_is_short_however_long_the_input() -> None:
    """Nobody gets his megabyte back."""
    with pytest.raises(InkError) as refused:
        validate_ink([[["x" * 1_000_000], [0]]])

    assert len(str(refused.value)) < 200
