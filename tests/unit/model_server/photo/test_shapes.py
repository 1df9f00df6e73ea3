"""The steps that everything rests on, against plain ways to do the same."""

import numpy as np
import pytest
from numpy.typing import NDArray

from model_server.photo.components import find_components
from model_server.photo.following import follow
from model_server.photo.thinning import thin
from model_server.photo.windows import average, close, grow

Mask = NDArray[np.bool]


def scatter(seed: int, share: float) -> Mask:
    """Make a mask of pixels at random."""
    return np.random.default_rng(seed).random((23, 31)) < share


def flood(mask: Mask) -> list[set[tuple[int, int]]]:
    """Find components by going from pixel to pixel."""
    left = {(int(y), int(x)) for y, x in np.argwhere(mask)}
    found = []
    while left:
        reached, waiting = set(), [min(left)]
        left.discard(waiting[0])
        while waiting:
            y, x = waiting.pop()
            reached.add((y, x))
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            waiting += near
        found.append(reached)
    return found


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5, 1.0])
def test_components(share: float) -> None:
    """Pixels hang together over their sides and corners; components come in the order of their first pixels."""
    mask = scatter(1, share)

    found = find_components(mask)

    pixels = list(zip(found.rows.tolist(), found.columns.tolist(), strict=True))
    sets = [{pixels[k] for k in np.flatnonzero(found.owner == number)} for number in range(found.num)]
    assert sets == flood(mask)


@pytest.mark.parametrize("radius", [1, 2, 5, 40])
def test_windows(radius: int) -> None:
    """What is outside the picture counts nowhere."""
    grey = np.random.default_rng(2).integers(0, 256, (17, 12)).astype(np.uint8)
    windows = [
        [(slice(max(y - radius, 0), y + radius + 1), slice(max(x - radius, 0), x + radius + 1)) for x in range(12)]
        for y in range(17)
    ]
    largest = np.array([[grey[each].max() for each in row] for row in windows])

    assert np.array_equal(close(grey, radius), [[largest[each].min() for each in row] for row in windows])
    assert np.array_equal(
        average(grey, radius), [[grey[each].sum() // grey[each].size for each in row] for row in windows]
    )
    assert np.array_equal(grow(grey > 240, radius), [[(grey[each] > 240).any() for each in row] for row in windows])


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 1.0])
def test_thinning(share: float) -> None:
    """Thin lines hang together as what they are the middle of does, and thinning them changes nothing."""
    mask = scatter(3, share)

    lines = thin(mask)

    assert not (lines & ~mask).any()
    assert len(flood(lines)) == len(flood(mask))
    assert np.array_equal(thin(lines), lines)


def test_follows_a_line() -> None:
    """A line is one stroke from end to end."""
    line = np.zeros((5, 12), np.bool)
    line[2, 1:11] = True

    (stroke,) = follow(line, 2)

    assert [(x // 5, y // 5) for x, y in (stroke[0], stroke[-1])] == [(2, 3), (11, 3)]


def test_follows_a_ring() -> None:
    """A ring is one stroke that ends where it began."""
    ring = np.zeros((9, 9), np.bool)
    ring[2:7, 2:7] = True
    ring[3:6, 3:6] = False

    (stroke,) = follow(thin(ring), 2)

    assert stroke[0] == stroke[-1]


def test_follows_branches() -> None:
    """A crossing is one line and two that end at it; a spur is none."""
    cross = np.zeros((21, 21), np.bool)
    cross[10, 1:20] = cross[1:20, 10] = True
    cross[9, 5] = True

    strokes = follow(cross, 2)

    assert sorted(map(len, strokes)) == [10, 10, 19]


def test_keeps_a_dot() -> None:
    """A pixel alone is a dot."""
    dot = np.zeros((3, 3), np.bool)
    dot[1, 1] = True

    assert follow(dot, 9) == [[(10, 10)]]
