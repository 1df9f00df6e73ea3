"""
Ink: from where the pen was to the bitmap a network sees; bit for bit what frontend/src/ink makes of it.

    pad strokes -> normalise -> simplify -> ink strokes -> rasterise -> bitmap
"""

from doodle_db.ink.box import normalise
from doodle_db.ink.drawing import draw
from doodle_db.ink.errors import InkError
from doodle_db.ink.rasterisation import rasterise
from doodle_db.ink.simplification import simplify
from doodle_db.ink.strokes import InkStroke, InkStrokes, PadPoint, PadStrokes, validate_ink

__all__ = [
    "InkError",
    "InkStroke",
    "InkStrokes",
    "PadPoint",
    "PadStrokes",
    "draw",
    "normalise",
    "rasterise",
    "simplify",
    "validate_ink",
]
