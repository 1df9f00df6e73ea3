"""The awkward drawings of tests/parity/ink_cases.json."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doodle_db.ink import InkStrokes, PadPoint

PATH = Path(__file__).parents[1] / "parity" / "ink_cases.json"


@dataclass(frozen=True)
class InkCase:
    """
    A drawing with a name.

    Attributes:
        name: what is awkward about it.
        strokes: in pad units.
        ink: what it is once normalised and simplified, where the file says so.
        refused: whether it is no drawing at all.
    """

    name: str
    strokes: list[list[PadPoint]]
    ink: InkStrokes | None
    refused: bool

    def __str__(self) -> str:
        """Name the case in a test's id."""
        return self.name


def read_ink_cases() -> list[InkCase]:
    """Read all cases, in the file's order."""
    cases = json.loads(PATH.read_text(encoding="utf-8"))["cases"]
    return [
        InkCase(each["name"], [_read_stroke(stroke) for stroke in each["strokes"]], each.get("ink"), "refused" in each)
        for each in cases
    ]


def _read_stroke(stroke: Any) -> list[PadPoint]:
    if isinstance(stroke, dict):
        across, down = stroke["bounce"]["periods"]
        num_points = stroke["bounce"]["num_points"]
        return [(abs(i % across - across / 2), abs(i % down - down / 2)) for i in range(num_points)]
    return [(float(x), float(y)) for x, y in stroke]
