"""
What a client may send as a doodle: every rule at the door, each fault with its field's name.

Whether `strokes`, drawn anew, give exactly `bitmap` is not checked here. The bitmap is what the model saw, and so what
is stored and trained on; the strokes are its origin, for those who look at it. Drawing costs milliseconds, and a client
that wants to lie about a drawing can lie in both.
"""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from doodle_db.bitmap import check_bitmap
from doodle_db.doodle_content import Doodle, ShadowAnswer
from doodle_db.errors import InvalidError
from doodle_db.ink import validate_ink
from doodle_db.ink.limits import MAX_STROKES
from doodle_db.label_sets import LabelSet
from doodle_db.manifest import Version
from doodle_web.request_body import Body

MAX_BATCH = 100
CANONICAL_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _door(rule: Callable[[Any, LabelSet], Any]) -> BeforeValidator:
    """Make a rule about the label set a step of validation; its refusal stands beside the field it is about."""

    def check(value: Any, info: ValidationInfo) -> Any:
        try:
            return rule(value, cast(LabelSet, info.context))
        except InvalidError as refused:
            raise PydanticCustomError("invalid", "{words}", {"words": str(refused)}) from refused

    return BeforeValidator(check)


def _read_id(value: Any, _: LabelSet) -> UUID:
    if not isinstance(value, str) or not CANONICAL_UUID.fullmatch(value):
        raise InvalidError("Expected a UUID like 0b6f9a4e-5d0c-4f3a-9b1e-2f6d8c7a1b30.")
    return UUID(value)


def _read_label(value: Any, label_set: LabelSet) -> str:
    if not isinstance(value, str):
        raise InvalidError(f"Expected a label; one of {', '.join(label_set.names)}.")
    label_set.check_label(value)
    return value


def _read_bitmap(value: Any, label_set: LabelSet) -> bytes:
    num_pixels = label_set.height * label_set.width
    num_characters = 4 * -(-num_pixels // 3)
    if not isinstance(value, str) or len(value) != num_characters:
        raise InvalidError(f"Expected {num_pixels} bytes, row by row, in base64: {num_characters} characters.")
    try:
        bitmap = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as invalid:
        raise InvalidError("This is no base64.") from invalid
    check_bitmap(bitmap, label_set.height, label_set.width)
    return bitmap


def _read_ink(value: Any, _: LabelSet) -> Any:
    return None if value is None else validate_ink(value)


def _check_known(known: bool | None, info: ValidationInfo) -> bool | None:
    if known is not None and info.data.get("guess", known) is None:
        raise PydanticCustomError("invalid", "Only a guess can be known or unknown: send guess, too, or null here.")
    return known


DoodleId = Annotated[UUID, _door(_read_id)]
"""With hyphens, as a client writes it."""

Label = Annotated[str, _door(_read_label)]

Bitmap = Annotated[
    bytes,
    _door(_read_bitmap),
    WithJsonSchema({"type": "string", "contentEncoding": "base64", "pattern": "^[A-Za-z0-9+/]+={0,2}$"}),
]

_NUMBERS = {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 255}, "minItems": 1}
_STROKE = {"type": "array", "items": _NUMBERS, "minItems": 2, "maxItems": 2}

Ink = Annotated[
    Any,
    _door(_read_ink),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "maxItems": MAX_STROKES, "items": _STROKE},
                {"type": "null"},
            ],
            "description": "`[[x, ...], [y, ...]]` a stroke, as Quick, Draw! has them; see docs/http.md.",
        }
    ),
]


class ShadowAnswerBody(Body):
    """What the shadow said of a doodle."""

    version: Version
    guess: Label
    confidence: Annotated[float, Field(ge=0, le=1)]


class DoodleBody(Body):
    """One doodle as a client sends it; see docs/http.md."""

    id: DoodleId
    label: Label
    bitmap: Bitmap
    strokes: Ink = None
    guess: Label | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    model_version: Version | None = None
    known: Annotated[bool | None, AfterValidator(_check_known)] = None
    shadow: ShadowAnswerBody | None = None


class BatchBody(Body):
    """Several doodles: all of them are stored, or none."""

    doodles: Annotated[list[DoodleBody], Field(min_length=1, max_length=MAX_BATCH)]


class LabelBody(Body):
    """What a doodle really shows."""

    label: Label


def read_bodies(content: Any, label_set: LabelSet) -> tuple[list[DoodleBody], bool]:
    """
    Read one doodle or a batch.

    Args:
        content: parsed JSON.
        label_set: which labels, and the shape of a drawing.

    Returns:
        The doodles, and whether they came as a batch.

    Raises:
        pydantic.ValidationError: with every fault.
    """
    if isinstance(content, dict) and "doodles" in content:
        return BatchBody.model_validate(content, context=label_set).doodles, True
    return [DoodleBody.model_validate(content, context=label_set)], False


def is_about_labels(refused: ValidationError) -> bool:
    """Tell whether a label was among what is not as expected: it may have been added since."""
    return any(fault["loc"][-1:] in {("label",), ("guess",)} for fault in refused.errors(include_url=False))


def to_doodle(body: DoodleBody, label_set: LabelSet, contributor: bytes) -> Doodle:
    """Make of a checked body what is stored."""
    return Doodle(
        id=body.id,
        label=body.label,
        bitmap=body.bitmap,
        height=label_set.height,
        width=label_set.width,
        strokes=body.strokes,
        guess=body.guess,
        confidence=body.confidence,
        model_version=body.model_version,
        contributor=contributor,
        source="user",
        known=body.known,
        shadow=ShadowAnswer(**body.shadow.model_dump()) if body.shadow else None,
    )
