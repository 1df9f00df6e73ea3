"""Doodles as JSON, the way the page sends them."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from doodle_db.doodles import Doodle

BATCH = 100
"""The most doodles one request may hold."""


def as_json(doodle: Doodle) -> dict[str, Any]:
    """Give a doodle's body for POST /api/v1/doodles."""
    return {
        "id": str(doodle.id),
        "label": doodle.label,
        "bitmap": base64.b64encode(doodle.bitmap).decode(),
        "strokes": doodle.strokes,
        "guess": doodle.guess,
        "confidence": doodle.confidence,
        "model_version": doodle.model_version,
        "known": doodle.known,
        "shadow": doodle.shadow and asdict(doodle.shadow),
    }


def as_batches(doodles: Sequence[Doodle]) -> Iterator[dict[str, Any]]:
    """Give the bodies that send all doodles in as few requests as may be."""
    for start in range(0, len(doodles), BATCH):
        yield {"doodles": [as_json(each) for each in doodles[start : start + BATCH]]}
