"""What is said of one route besides what stands in its code: bodies, answers, problems, each with an example."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict


class AnswerBody(BaseModel):
    """A JSON object of ours: all of its keys are known. Docstrings of its attributes are their descriptions."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


@dataclass(frozen=True)
class Answer:
    """
    An answer that is no problem.

    Attributes:
        words: what it means.
        content: the type of its body, as pydantic knows types; None: it has none, or one that is not JSON.
        example: of the body.
        media_type: of the body.
    """

    words: str
    content: Any = None
    example: Any = None
    media_type: str = "application/json"


@dataclass(frozen=True)
class Request:
    """
    A body that a route takes.

    Attributes:
        content: its type, as pydantic knows types.
        example: one that is accepted, where what it names exists.
        files: media types of files that may be the body instead.
    """

    content: Any
    example: Any
    files: Sequence[str] = ()


@dataclass(frozen=True)
class Query:
    """
    One parameter of an address.

    Attributes:
        name: as it stands after `?`.
        content: its type, as pydantic knows types.
        words: what it does.
        example: one that is accepted.
        is_required: whether it may not be left out.
    """

    name: str
    content: Any
    words: str
    example: Any = None
    is_required: bool = False


@dataclass(frozen=True)
class Operation:
    """
    One method of one route.

    Path, method, whether only operators may, and the one-line summary are the view function's own.

    Attributes:
        answers: by status, those that are no problem.
        request: the body, if it takes one.
        query: parameters of the address.
        problems: by status, when it refuses, and with which `field`; those every route knows need not be named.
    """

    answers: Mapping[int, Answer]
    request: Request | None = None
    query: Sequence[Query] = ()
    problems: Mapping[int, str] = field(default_factory=dict)
