"""The drawings of which we know the bitmap Quick, Draw!'s recipe makes."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from doodle_db.ink import InkStrokes, rasterise


@dataclass(frozen=True)
class InkProof:
    """
    Drawings and their bitmaps.

    Attributes:
        words: what each is to show.
        inks: in Quick, Draw!'s simplified format.
        bitmaps: uint8, shape (drawings, height, width); 0 paper, 255 full ink; made with cairo.
    """

    words: list[str]
    inks: list[InkStrokes]
    bitmaps: NDArray[np.uint8]


def read_ink_proof(data_dir: Path) -> InkProof:
    """Read all of them."""
    with (data_dir / "strokes" / "quickdraw-345.ndjson").open(encoding="utf-8") as lines:
        drawings = [json.loads(line) for line in lines]
    bitmaps = np.load(data_dir / "strokes" / "quickdraw-345.bitmaps.npy").reshape(-1, 28, 28)
    return InkProof([each["word"] for each in drawings], [each["drawing"] for each in drawings], bitmaps)


def rasterise_all(inks: list[InkStrokes], height: int, width: int) -> NDArray[np.uint8]:
    """
    Rasterise drawings one by one.

    Returns:
        uint8, shape (drawings, height, width); 0 paper, 255 full ink.
    """
    return np.stack([rasterise(ink, height, width) for ink in inks])
