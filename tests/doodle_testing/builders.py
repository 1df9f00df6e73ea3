"""Values for tests: valid unless told otherwise, the same at every run."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from doodle_db.doodles import Doodle
from doodle_db.label_sets import LabelSet, load_label_set
from doodle_db.manifest import Manifest, manifest_labels
from doodle_db.splits import Split, split_of

LABEL_SET: LabelSet = load_label_set("animals")
SOME_TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SOMEBODY = bytes(range(16))
SOMEBODY_ELSE = bytes(range(16, 32))


def ids_of_split(split: Split, number: int, start: int = 0) -> list[UUID]:
    """Give `number` different ids of a split; another `start` gives others."""
    found: list[UUID] = []
    value = start
    while len(found) < number:
        if split_of(UUID(int=value)) == split:
            found.append(UUID(int=value))
        value += 1
    return found


def doodle(doodle_id: UUID, label: str = "cat", *, ink: int = 255, contributor: bytes | None = SOMEBODY) -> Doodle:
    """Build a doodle: one pixel of ink in the middle of the paper."""
    pixels = bytearray(LABEL_SET.height * LABEL_SET.width)
    pixels[len(pixels) // 2] = ink
    return Doodle(
        id=doodle_id,
        label=label,
        bitmap=bytes(pixels),
        height=LABEL_SET.height,
        width=LABEL_SET.width,
        contributor=contributor,
        source="user" if contributor else "base",
    )


def manifest(
    version: str = "0123456789ab",
    *,
    parent_version: str | None = None,
    watermark: int = 0,
    files: Sequence[object] = (),
) -> Manifest:
    """Build a manifest that breaks no rule; its files are whatever is given."""
    blank = bytes(LABEL_SET.height * LABEL_SET.width)
    return Manifest.model_validate(
        {
            "format_version": 1,
            "version": version,
            "label_set": LABEL_SET.name,
            "labels": [label.model_dump() for label in manifest_labels(LABEL_SET.labels)],
            "input": {"height": LABEL_SET.height, "width": LABEL_SET.width, "channels": 1, "preprocessing": 1},
            "network": {"name": "mlp", "arguments": {}},
            "num_parameters": 1,
            "files": list(files),
            "metrics": {},
            "parent_version": parent_version,
            "run": None,
            "created_at": SOME_TIME,
            "training_data": {"num_new": 0, "num_replay": 0, "num_base": 0, "watermark": watermark},
            "rejection": {"score": "energy", "threshold": 0.0},
            "self_check": {
                "bitmap": base64.b64encode(blank).decode(),
                "logits": [0.0] * len(LABEL_SET.labels),
                "tolerance": 1e-4,
            },
        }
    )
