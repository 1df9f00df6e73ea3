"""Real drawings, read from the folder DOODLE_DATA_DIR names; never part of the project."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from doodle_db.doodles import Doodle
from doodle_db.label_sets import LabelSet

InkStrokes = list[list[list[int]]]


def read_strokes(data_dir: Path, label: str) -> Iterator[InkStrokes]:
    """Read one label's drawings as strokes, in the file's order."""
    return (strokes for word, strokes in read_all_strokes(data_dir) if word == label)


def read_all_strokes(data_dir: Path) -> Iterator[tuple[str, InkStrokes]]:
    """Read every drawing as strokes, with what it is of, in the file's order."""
    with (data_dir / "strokes" / "quickdraw-345.ndjson").open(encoding="utf-8") as lines:
        for line in lines:
            drawing = json.loads(line)
            yield drawing["word"], drawing["drawing"]


def read_bitmaps(data_dir: Path, label_set: LabelSet, label: str) -> NDArray[np.uint8]:
    """
    Read one label's drawings as bitmaps.

    Returns:
        uint8, shape (n, height, width); 0 paper, 255 full ink.
    """
    rows = np.load(data_dir / label_set.base_data / f"{label}.npy", mmap_mode="r")
    return np.asarray(rows).reshape(-1, label_set.height, label_set.width)


def sample_doodles(data_dir: Path, label_set: LabelSet, num: int, random: Random) -> list[Doodle]:
    """
    Take real drawings as if users had sent them: labels in turn, ids at random.

    Args:
        data_dir: the folder of real drawings.
        label_set: labels and shape.
        num: how many.
        random: seeded.
    """
    of_label = {label: read_bitmaps(data_dir, label_set, label) for label in label_set.names}
    made = []
    for index in range(num):
        label = label_set.names[index % len(label_set.names)]
        bitmap = of_label[label][random.randrange(len(of_label[label]))]
        doodle_id = UUID(int=random.getrandbits(128), version=4)
        height, width = bitmap.shape
        made.append(Doodle(doodle_id, label, bitmap.tobytes(), height, width, contributor=bytes(16)))
    return made
