"""What no label stands for, to ask a version about: photos, noise, scribbles, digits, drawings of other things."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from doodle_db.base_data import base_id
from doodle_db.label_sets import LabelSet
from doodle_db.splits import split_of
from doodle_testing.ink_proof import read_ink_proof
from doodle_testing.scribbles import SCRIBBLES, scribble
from doodle_testing.strange_pictures import make_noise, picture_photos, resize
from doodle_testing.traced_digits import trace

SEED = 4
"""Of everything generated or drawn by lot for measuring; what was looked at while choosing had other seeds."""

NUM_OF_A_CATEGORY = 800
"""Of base drawings looked at; about 15 % of them are of the test split."""

MARGIN_PX = 2
"""Of paper around a page's drawing, whole pixels."""


@dataclass(frozen=True)
class StrangeSet:
    """
    Pictures of one kind.

    Attributes:
        group: what kinds are summed up under.
        kind: what they are.
        bitmaps: uint8, shape (num, height, width); 0 paper, 255 full ink.
    """

    group: str
    kind: str
    bitmaps: NDArray[np.uint8]


def read_strange_sets(data_dir: Path, label_set: LabelSet, share: float = 1.0) -> list[StrangeSet]:
    """
    Read and make everything, for measuring only.

    Args:
        data_dir: the folder of real data (DOODLE_DATA_DIR).
        label_set: whose labels are no strangers; of 28 x 28 pixels.
        share: part of each kind to take, for a quick look; in (0, 1].
    """
    height, width = label_set.height, label_set.width
    return [
        *read_photos(data_dir, height, width, share),
        *make_noises(int(300 * share), height, width),
        *make_scribbles(int(200 * share), height, width),
        *read_digits(data_dir, int(1000 * share), height, width),
        *read_other_categories(data_dir, label_set, share),
        *read_unseen_categories(data_dir, share),
    ]


def read_photos(data_dir: Path, height: int, width: int, share: float) -> Iterator[StrangeSet]:
    """Every other photo, in six ways, and the same with the margin that a drawing has."""
    photos = np.load(data_dir / "ood" / "cifar10_test_300.npz")["x"][1::2]
    for kind, bitmaps in picture_photos(photos[: int(len(photos) * share)], height, width).items():
        yield StrangeSet("photos", kind, bitmaps)
        yield StrangeSet("photos with a margin", f"{kind}, margin", shrink(bitmaps))


def shrink(bitmaps: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Make pictures smaller and give them the margin of paper that every drawing of the page has."""
    height, width = (side - 2 * MARGIN_PX for side in bitmaps.shape[1:])
    small = np.clip(np.round(resize(bitmaps.astype(np.float64), height, width)), 0, 255).astype(np.uint8)
    return np.pad(small, ((0, 0), (MARGIN_PX, MARGIN_PX), (MARGIN_PX, MARGIN_PX)))


def make_noises(num: int, height: int, width: int) -> Iterator[StrangeSet]:
    """Noise over the whole picture, and the same inside of a drawing's margin; `num` pictures a kind."""
    inside = slice(MARGIN_PX, -MARGIN_PX)
    for kind, bitmaps in make_noise(num, SEED, height, width).items():
        framed = np.zeros_like(bitmaps)
        framed[:, inside, inside] = bitmaps[:, inside, inside]
        yield StrangeSet("noise", kind, bitmaps)
        yield StrangeSet("noise with a margin", f"{kind}, margin", framed)


def make_scribbles(num: int, height: int, width: int) -> Iterator[StrangeSet]:
    """Scribbles by our ink; `num` a kind."""
    bitmaps = scribble(num * len(SCRIBBLES), SEED, height, width)
    for index, kind in enumerate(SCRIBBLES):
        yield StrangeSet("scribbles", f"scribbles: {kind}", bitmaps[index :: len(SCRIBBLES)])


def read_digits(data_dir: Path, num: int, height: int, width: int) -> Iterator[StrangeSet]:
    """Digits as they were scanned, and as our pen draws them."""
    scanned = np.load(data_dir / "mnist" / "mnist.npz")["x_test"]
    chosen = scanned[Random(SEED).sample(range(len(scanned)), num)]
    yield StrangeSet("digits", "digits, scanned", chosen)
    yield StrangeSet(
        "digits by our pen", "digits, by our pen", np.stack([trace(each, height, width) for each in chosen])
    )


def read_other_categories(data_dir: Path, label_set: LabelSet, share: float) -> Iterator[StrangeSet]:
    """The test split's drawings of what has base data and is no label; a version may have been shown others of it."""
    for path in sorted((data_dir / label_set.base_data).glob("*.npy")):
        if path.stem not in label_set.names:
            drawings = np.load(path, mmap_mode="r")
            drawings = np.asarray(drawings[: int(NUM_OF_A_CATEGORY * share)]).reshape(
                -1, label_set.height, label_set.width
            )
            held_out = [split_of(base_id(path.stem, drawing.tobytes())) == "test" for drawing in drawings]
            yield StrangeSet("drawings of other things", path.stem.replace("_", " "), drawings[held_out])


def read_unseen_categories(data_dir: Path, share: float) -> Iterator[StrangeSet]:
    """All drawings of things of which there is no base data at all: nobody trains on one of them."""
    seen = {path.stem.replace("_", " ").lower() for path in (data_dir / "quickdraw").glob("*.npy")}
    proof = read_ink_proof(data_dir)
    rows_of: dict[str, list[int]] = {}
    for row, word in enumerate(proof.words):
        if word.lower() not in seen:
            rows_of.setdefault(word, []).append(row)
    for word, rows in rows_of.items():
        chosen = rows[: max(1, int(len(rows) * share))]
        yield StrangeSet("drawings of things never seen", word, proof.bitmaps[chosen])
