"""What a doodle is, as it is stored: its fields, the hash it is told apart by, its row."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any, Literal
from uuid import UUID

from doodle_db.splits import split_of

Source = Literal["user", "base"]

COLUMNS = (
    "id",
    "label",
    "bitmap",
    "height",
    "width",
    "strokes",
    "guess",
    "confidence",
    "model_version",
    "split",
    "source",
    "contributor",
    "content_hash",
    "known",
    "shadow_version",
    "shadow_guess",
    "shadow_confidence",
)
"""Of a row, in the order of Sent.row; the database itself fills the others."""


@dataclass(frozen=True)
class ShadowAnswer:
    """
    What the shadow said of a doodle, which nobody was shown.

    Attributes:
        version: the shadow's.
        guess: its top label.
        confidence: that label's probability, in [0, 1].
    """

    version: str
    guess: str
    confidence: float


@dataclass(frozen=True)
class Doodle:
    """
    A drawing with its label, as it is stored.

    Attributes:
        id: made by the client; base drawings get theirs from doodle_db.base_data.
        label: what it shows, says its contributor.
        bitmap: height x width bytes, row-major, 0 paper, 255 full ink: the very one the model saw.
        height, width: of the bitmap, in pixels.
        strokes: what the bitmap was drawn from, as [[xs], [ys]] of 0..255 a stroke, if known.
        guess, confidence: the model's top label and its probability in [0, 1], if there was a model.
        model_version: the version that guessed.
        contributor: 16 bytes, a keyed hash; None for base data.
        source: where it comes from.
        known: whether the page showed the guess; False where it said "I don't know this", None where nobody says.
        shadow: what the shadow said of it, if there was one.
    """

    id: UUID
    label: str
    bitmap: bytes
    height: int
    width: int
    strokes: Sequence[Sequence[Sequence[int]]] | None = None
    guess: str | None = None
    confidence: float | None = None
    model_version: str | None = None
    contributor: bytes | None = None
    source: Source = "user"
    known: bool | None = None
    shadow: ShadowAnswer | None = None


def content_hash(doodle: Doodle) -> bytes:
    """
    Sum up what the client sent, without who sent it: the same drawing sent again from another network is the same.

    `known` and `shadow` are left out: they follow from the rest, and services of an earlier release give the same hash
    without them.

    Returns:
        32 bytes, SHA-256.
    """
    return _hash(doodle, _to_json(doodle.strokes))


def _to_json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _hash(doodle: Doodle, strokes: str) -> bytes:
    # The very text json.dumps gives for all of it, with the strokes, the longest part, written once for hash and row.
    said = f"[{_to_json(doodle.label)},{doodle.height},{doodle.width},{strokes}]"
    guessed = _to_json([doodle.guess, doodle.confidence, doodle.model_version])
    digest = hashlib.sha256(f"[{said},{guessed}]".encode())
    digest.update(doodle.bitmap)
    return digest.digest()


@dataclass(frozen=True)
class Sent:
    """
    A doodle on its way into the database.

    Attributes:
        id: its id.
        digest: its content_hash.
        row: a value for each of COLUMNS, as the driver takes it.
    """

    id: UUID
    digest: bytes
    row: tuple[Any, ...]


def to_sent(doodle: Doodle) -> Sent:
    """Make a doodle ready to be stored."""
    strokes = _to_json(doodle.strokes)
    digest = _hash(doodle, strokes)
    row = (
        str(doodle.id),
        doodle.label,
        doodle.bitmap,
        doodle.height,
        doodle.width,
        None if doodle.strokes is None else strokes,
        doodle.guess,
        doodle.confidence,
        doodle.model_version,
        split_of(doodle.id),
        doodle.source,
        doodle.contributor,
        digest,
        doodle.known,
        *(astuple(doodle.shadow) if doodle.shadow else (None, None, None)),
    )
    return Sent(doodle.id, digest, row)
