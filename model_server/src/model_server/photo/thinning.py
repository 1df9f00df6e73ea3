"""Lines as thin as a pixel (step 11 of docs/decisions/0049-photos.md)."""

import numpy as np
from numpy.typing import NDArray

from model_server.photo.neighbours import flatten
from model_server.photo.windows import Mask


def thin(mask: Mask) -> Mask:
    """
    Thin what is drawn to its middle lines, which hang together as it does.

    Source: Z. Guo and R. W. Hall, Parallel thinning with two-subiteration algorithms, CACM 32 (1989), algorithm A1.
    """
    flat = flatten(mask)
    left = np.flatnonzero(flat.pixels)
    tables = _make_table(is_first=True), _make_table(is_first=False)
    num_quiet = number = 0
    while num_quiet < 2:
        around = np.zeros(len(left), np.uint8)
        for bit, step in enumerate(flat.steps):
            around |= flat.pixels[left + step] << bit
        goes = tables[number % 2][around]
        flat.pixels[left[goes]] = 0
        left = left[~goes]
        num_quiet = 0 if goes.any() else num_quiet + 1
        number += 1
    return flat.pixels.reshape(-1, flat.width)[1:-1, 1:-1].astype(np.bool)


def _make_table(*, is_first: bool) -> NDArray[np.bool]:
    """Tell of each of 256 surroundings, neighbour N in the lowest bit and so on clockwise, whether a pixel goes."""
    return np.array([_goes([around >> bit & 1 for bit in range(8)], is_first) for around in range(256)])


def _goes(n: list[int], is_first: bool) -> bool:
    crossings = sum((1 - n[k]) & (n[k + 1] | n[(k + 2) % 8]) for k in (0, 2, 4, 6))
    pairs = min(sum(n[k - 1] | n[k] for k in (0, 2, 4, 6)), sum(n[k] | n[k + 1] for k in (0, 2, 4, 6)))
    side = (n[4] | n[5] | 1 - n[7]) & n[6] if is_first else (n[0] | n[1] | 1 - n[3]) & n[2]
    return crossings == 1 and 2 <= pairs <= 3 and not side
