"""The drawings a whole story is played with: base data, drawings by a new habit, one that the shipped version knows."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import onnxruntime

from doodle_db.bitmap import to_model_input
from doodle_db.doodles import Doodle
from doodle_db.ink import draw, rasterise
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import DRAWINGS, generate_doodles
from doodle_testing.habits import draw_thinner, hold_upside_down, take_up
from doodle_testing.real_drawings import InkStrokes, read_strokes, sample_doodles

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Material:
    """
    What the story is played with: real drawings, or our own.

    Attributes:
        data_dir: the folder of real drawings; None: drawings of our own.
    """

    data_dir: Path | None

    @classmethod
    def at_hand(cls) -> "Material":
        """Real drawings where there are any, our own in any fresh clone."""
        folder = os.environ.get("DOODLE_DATA_DIR")
        return cls(Path(folder) if folder else None)

    def base_data(self, aside: Path) -> Path:
        """Give a folder that can stand for DOODLE_DATA_DIR; drawings of our own are written to the one given."""
        return self.data_dir or write_base_data(aside, generate_doodles(LABEL_SET, 1_800, Random(1)))

    def strokes_of(self, label: str) -> Iterator[InkStrokes]:
        """Give drawings of a label as strokes in a box of 0..255."""
        if self.data_dir:
            yield from read_strokes(self.data_dir, label)
        else:
            yield draw(DRAWINGS[label](), LABEL_SET.height, LABEL_SET.width)[0]

    def by_a_new_habit(self, num: int, seed: int) -> list[Doodle]:
        """Give doodles drawn otherwise than the base data: something the live model has yet to learn."""
        random = Random(seed)
        if self.data_dir:
            return take_up(draw_thinner, sample_doodles(self.data_dir, LABEL_SET, num, random))
        return take_up(hold_upside_down, generate_doodles(LABEL_SET, num, random))


def write_base_data(data_dir: Path, doodles: list[Doodle]) -> Path:
    """Write doodles of our own as files of base data; gives the folder that stands for DOODLE_DATA_DIR."""
    folder = data_dir / LABEL_SET.base_data
    folder.mkdir(parents=True)
    for label in LABEL_SET.names:
        rows = [np.frombuffer(each.bitmap, np.uint8) for each in doodles if each.label == label]
        np.save(folder / f"{label}.npy", np.stack(rows))
    return data_dir


def shipped_guesses(strokes: InkStrokes) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Ask the shipped version by another runtime than the browser's; gives the logits."""
    (model,) = (ROOT / "models" / LABEL_SET.name).glob("*/model.onnx")
    session = onnxruntime.InferenceSession(model)
    bitmap = rasterise(strokes, LABEL_SET.height, LABEL_SET.width)
    given = {session.get_inputs()[0].name: to_model_input(bitmap[np.newaxis])}
    return np.asarray(session.run(None, given)[0][0])


def recognisable(material: Material, label: str) -> InkStrokes:
    """Choose the first drawing of a label that the shipped version knows: the page must guess the same."""
    for strokes in material.strokes_of(label):
        if LABEL_SET.names[int(shipped_guesses(strokes).argmax())] == label:
            return strokes
    raise AssertionError(f"the shipped version recognises no drawing of a {label}")
