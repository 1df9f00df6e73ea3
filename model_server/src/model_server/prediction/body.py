"""
What a client may send to be predicted: every rule at the door, each fault with its field's name.

Bytes are bounded before they are read. JSON is counted before it is parsed, too: in memory, a megabyte of brackets is
fifty.
"""

import base64
import binascii
import re
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from doodle_db.errors import InvalidError
from doodle_db.ink.limits import MAX_STROKES
from doodle_db.manifest import VERSION_PATTERN, InputShape, Version
from doodle_web.request_body import Body, parse_json
from model_server.doodle_body import Bitmap, Ink

MAX_PICTURE_BYTES = 20 * 1024 * 1024
"""Of a body that is a picture: a phone's photo is 2 to 12 MB; nginx's client_max_body_size is the same."""

MAX_JSON_BYTES = 12 * 1024 * 1024
"""Of JSON, which is held three times while it is read: as it came, as text, and its pictures."""

MAX_ITEMS = 64
MAX_TOP_K = 100
DEFAULT_TOP_K = 3

MAX_BATCH_POINTS = 20_000
"""Over all drawings of a batch, which are drawn one after the other: 3 s of work, 64 drawings of 300 points each."""

MAX_COMMAS = 2 * MAX_BATCH_POINTS + 3 * MAX_ITEMS * MAX_STROKES + 1_000
MAX_BRACKETS = 3 * MAX_ITEMS * MAX_STROKES + 1_000
MAX_QUOTES = 16 * MAX_ITEMS + 1_000
"""More than the largest batch can have, few enough that what is made of them stays below 10 MB."""

MEDIA_TYPES = ("image/png", "image/jpeg", "image/webp")

DATA_URL = re.compile(r"data:image/(?:png|jpeg|webp);base64,", re.IGNORECASE)


def _read_image(value: Any) -> bytes:
    if isinstance(value, bytes):  # a body that is a picture; in JSON there are no bytes
        return value
    if not isinstance(value, str):
        raise _refuse("Expected a picture: a data URL, or base64 of a PNG, JPEG or WebP file.")
    prefix = DATA_URL.match(value)
    if prefix is None and value[:5].lower() == "data:":
        raise _refuse(f"Expected a data URL like data:image/png;base64,…; one of {', '.join(MEDIA_TYPES)}.")
    try:
        return base64.b64decode(value[prefix.end() :] if prefix else value, validate=True)
    except (binascii.Error, ValueError) as invalid:
        raise _refuse("This is no base64.") from invalid


def _refuse(words: str) -> PydanticCustomError:
    return PydanticCustomError("invalid", "{words}", {"words": words})


Image = Annotated[
    bytes,
    BeforeValidator(_read_image),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A PNG, JPEG or WebP file as a data URL (`data:image/png;base64,…`), or in base64 alone.",
        }
    ),
]

TopK = Annotated[int, Field(ge=1, le=MAX_TOP_K, description="How many labels to list.")]


class DrawingBody(Body):
    """One drawing: a picture of it, its strokes, or its bitmap; exactly one of them."""

    image: Image | None = None
    strokes: Ink = None
    bitmap: Bitmap | None = None

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        given = [name for name in ("image", "strokes", "bitmap") if getattr(self, name) is not None]
        if len(given) != 1:
            found = f"; found {' and '.join(given)}" if given else ""
            raise _refuse(f"Expected exactly one of image, strokes and bitmap{found}.")
        return self

    @property
    def num_points(self) -> int:
        """Of its strokes."""
        return sum(len(xs) for xs, _ in self.strokes or [])


class PredictionBody(DrawingBody):
    """A drawing, how much to say of it, and who is to say it."""

    top_k: TopK = DEFAULT_TOP_K
    version: Version | None = None


class PredictionBatchBody(Body):
    """Several drawings, all to be looked at by the same version."""

    items: Annotated[list[DrawingBody], Field(min_length=1, max_length=MAX_ITEMS)]
    top_k: TopK = DEFAULT_TOP_K
    version: Version | None = None

    @model_validator(mode="after")
    def _check_points(self) -> Self:
        num_points = sum(item.num_points for item in self.items)
        if num_points > MAX_BATCH_POINTS:
            raise _refuse(
                f"The strokes of these drawings have {num_points} points in all; at most {MAX_BATCH_POINTS} are taken "
                "at once. Send fewer, or send bitmaps."
            )
        return self


def parse_question(content: bytes) -> Any:
    """
    Parse a JSON body, unless it has more parts than any question has.

    Args:
        content: bounded already.

    Raises:
        InvalidError: it is far larger inside than 64 drawings are.
        BadRequest: it is no JSON.
    """
    brackets = content.count(b"[") + content.count(b"{")
    if brackets > MAX_BRACKETS or content.count(b",") > MAX_COMMAS or content.count(b'"') > MAX_QUOTES:
        raise InvalidError(f"The body has more parts than {MAX_ITEMS} drawings have; send fewer.", field="body")
    return parse_json(content)


def find_version(content: Any) -> str | None:
    """Find which version is asked for; what is no version's name is refused later, with everything else."""
    version = content.get("version") if isinstance(content, dict) else None
    return version if isinstance(version, str) and VERSION_PATTERN.fullmatch(version) else None


def has_images(content: Any) -> bool:
    """Tell whether there are pictures to be decoded."""
    if not isinstance(content, dict):
        return False
    items = content.get("items")
    listed = items if isinstance(items, list) else []
    return any("image" in item for item in [content, *listed] if isinstance(item, dict))


def read_question(content: Any, shape: InputShape) -> tuple[list[DrawingBody], int, bool]:
    """
    Check a question.

    Args:
        content: parsed JSON; of a body that is a picture, with its bytes as `image`.
        shape: what the version that is asked reads.

    Returns:
        The drawings, how many labels to list, and whether the drawings came as a batch.

    Raises:
        pydantic.ValidationError: with every fault.
    """
    if isinstance(content, dict) and "items" in content:
        batch = PredictionBatchBody.model_validate(content, context=shape)
        return batch.items, batch.top_k, True
    single = PredictionBody.model_validate(content, context=shape)
    return [single], single.top_k, False
