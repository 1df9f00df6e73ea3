"""Quick, Draw!'s simplified drawings: a JSON object a line, strokes in a box of 0..255; rasterised here."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from doodle_db.base_sources.drawings import ROWS_AT_ONCE, Drawings, same_label
from doodle_db.errors import InvalidError
from doodle_db.ink import InkError, InkStrokes, rasterise, validate_ink
from doodle_db.label_sets import LabelSet

MAX_LINE_BYTES = 1_000_000
"""Ten times as long as a drawing with as many points as are taken."""


def format_line(label: str, strokes: InkStrokes, **more: object) -> str:
    """
    Write a drawing as a line of its own, which read_ndjson reads.

    Args:
        label: what it shows.
        strokes: as stored.
        more: what else is to stand there, as Quick, Draw! calls it; readers of ours pass it over.

    >>> format_line("cat", [[[0, 255], [3, 4]]], recognized=True)
    '{"word":"cat","recognized":true,"drawing":[[[0,255],[3,4]]]}\\n'
    """
    return json.dumps({"word": label, **more, "drawing": strokes}, separators=(",", ":")) + "\n"


_Drawn = tuple[str, InkStrokes]


def read_ndjson(path: Path, label_set: LabelSet, *, recognized_only: bool = False) -> Iterator[Drawings]:
    """
    Read drawings line by line; see drawings.Reader.

    Args:
        path: lines of `{"word": "cat", "drawing": [[[x, ...], [y, ...]], ...], "recognized": true, ...}`.
        label_set: which labels, and the shape to rasterise to.
        recognized_only: leave out what Quick, Draw!'s own network did not recognise.
    """
    drawn = _read_lines(path, label_set, recognized_only)
    while some := list(islice(drawn, ROWS_AT_ONCE)):
        bitmaps = np.stack([rasterise(strokes, label_set.height, label_set.width) for _, strokes in some])
        yield Drawings([label for label, _ in some], bitmaps, [strokes for _, strokes in some], [None for _ in some])


def _read_lines(path: Path, label_set: LabelSet, recognized_only: bool) -> Iterator[_Drawn]:
    labels = {same_label(name): name for name in label_set.names}
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            if line.strip():
                drawn = _read_line(line, f"{path.name}, line {number}", labels, recognized_only)
                if drawn is not None:
                    yield drawn


def _read_line(line: bytes, where: str, labels: dict[str, str], recognized_only: bool) -> _Drawn | None:
    """Give label and strokes; None if the drawing is not wanted."""
    if len(line) > MAX_LINE_BYTES:
        raise InvalidError(f"{where} is longer than {MAX_LINE_BYTES} bytes; is it a file of drawings, one a line?")
    drawing = _parse(line, where)
    word = drawing.get("word")
    if not isinstance(word, str):
        raise InvalidError(f"{where} has no word; the drawing's label was expected there.")
    if recognized_only and not isinstance(drawing.get("recognized"), bool):
        raise InvalidError(f"{where} does not tell whether it was recognized; leave out --recognized-only.")
    if same_label(word) not in labels or (recognized_only and not drawing["recognized"]):
        return None
    return labels[same_label(word)], _check_strokes(drawing.get("drawing"), where)


def _parse(line: bytes, where: str) -> dict[str, Any]:
    try:
        drawing = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise InvalidError(f"{where} is no JSON ({fault}); correct it or take it out.") from fault
    if not isinstance(drawing, dict):
        raise InvalidError(f"{where} is no JSON object; word and drawing were expected.")
    return drawing


def _check_strokes(strokes: Any, where: str) -> InkStrokes:
    if isinstance(strokes, list) and any(isinstance(stroke, list) and len(stroke) == 3 for stroke in strokes):
        raise InvalidError(f"{where} has times, as raw drawings do; take Quick, Draw!'s simplified ones.")
    try:
        return validate_ink(strokes)
    except InkError as fault:
        raise InvalidError(f"{where}: {fault}") from fault
