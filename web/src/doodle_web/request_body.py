"""Reading a request's JSON body into a model: strictly, bounded, and with errors that name the field."""

import json
from itertools import chain
from typing import Annotated, Any, NoReturn, TypeVar

from flask import request
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, field_validator
from pydantic_core import PydanticCustomError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType


class Body(BaseModel):
    """A JSON object from a client: no unknown fields, no types bent into shape, no text that cannot be stored."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _refuse_nul(cls, value: Any) -> Any:
        # Not in lists: they hold numbers by the thousand, or bodies, which have been here by themselves.
        if isinstance(value, str | dict) and _has_nul(value):
            raise PydanticCustomError("nul", "There is a character NUL in it, which no text of ours can hold.")
        return value


def _has_nul(value: Any) -> bool:
    """Tell whether PostgreSQL would refuse a text, or one in an object: neither text nor jsonb takes U+0000."""
    if isinstance(value, str):
        return "\x00" in value
    parts = chain.from_iterable(value.items()) if isinstance(value, dict) else value
    return isinstance(value, dict | list) and any(map(_has_nul, parts))


MAX_KEYS = 1000
"""In one object. No body of ours has a tenth of them; whoever sends more is told so before each is looked at."""

Model = TypeVar("Model", bound=Body)

Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""As many lines as somebody likes; that Body refuses NUL stands in the description, too."""

Reason = Annotated[
    str,
    # On one line, and not of blanks alone: a pattern can say so, and those who only read the description know, too.
    StringConstraints(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x1f\x7f\s][^\x00-\x1f\x7f]*$"),
    AfterValidator(str.strip),
]
"""One line for those who read the history of what somebody did."""


def read_body(model: type[Model], context: Any = None) -> Model:
    """
    Read the request's body.

    The app's MAX_CONTENT_LENGTH bounds it (413).

    Args:
        model: what the body should be.
        context: what the model's validators need to know.

    Raises:
        BadRequest: it is no JSON.
        UnsupportedMediaType: it does not say it is JSON; a form posted by another site cannot say so.
        pydantic.ValidationError: it is JSON, but not what the model describes.
    """
    return model.model_validate(read_json(), context=context)


def read_query(model: type[Model]) -> Model:
    """
    Read what stands behind the address's question mark; a name given twice counts once.

    Args:
        model: what it should be; numbers and keys are written as words there.

    Raises:
        pydantic.ValidationError: it is not what the model describes.
    """
    return model.model_validate_strings(request.args.to_dict())


def read_json() -> Any:
    """
    Read the request's body as JSON.

    Raises:
        BadRequest: it is none.
        UnsupportedMediaType: it does not say it is.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send JSON, with the header Content-Type: application/json.")
    return parse_json(request.get_data(cache=False))


def parse_json(content: bytes) -> Any:
    """
    Parse JSON as RFC 8259 has it: UTF-8, every key once, numbers that are numbers; MAX_KEYS in an object at most.

    Raises:
        BadRequest: it is something else; the message says where.

    >>> parse_json(b'{"label": "cat"}')
    {'label': 'cat'}
    """
    try:
        return json.loads(content.decode(), object_pairs_hook=_make_object, parse_constant=_refuse_constant)
    except json.JSONDecodeError as invalid:
        position = f"line {invalid.lineno}, column {invalid.colno}"
        raise BadRequest(f"The body is no JSON: {invalid.msg} at {position}.") from invalid
    except UnicodeDecodeError as invalid:
        raise BadRequest("The body is not UTF-8.") from invalid
    except (ValueError, RecursionError) as invalid:
        raise BadRequest("The body is no JSON we read: a number is too long or the nesting too deep.") from invalid


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_KEYS:
        raise BadRequest(f"The body has an object of {len(pairs)} keys; give at most {MAX_KEYS}.")
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise BadRequest(f"The body has the key {name[:40]!r} twice in one object; give each key once.")
        made[name] = value
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise BadRequest(f"The body has {name}, which is no number in JSON; give a finite one, or null.")
