"""What may be asked of a search: the bodies of its routes."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from doodle_web.request_body import Body, Text
from training_server.order import MAX_REASON_CHARACTERS
from training_server.searches.configuration import Method
from training_server.searches.ordering import MAX_TRIALS

DEFAULT_PRIORITY = -1
"""A search is long and can wait: what comes from the drawings goes before it."""

NumTrials = Annotated[int, Field(ge=1, le=MAX_TRIALS)]

Reason = Annotated[Text, Field(max_length=MAX_REASON_CHARACTERS)]


class PlanBody(Body):
    """
    The body of `POST /api/v1/search/plan`: a configuration and how it is to be gone through.

    A bare configuration, whose keys are all in capitals, is one, too: a grid.
    """

    configuration: dict[str, Any]
    previous: dict[str, Any] | None = None
    method: Method = "grid"
    num_trials: NumTrials | None = None

    @model_validator(mode="before")
    @classmethod
    def wrap_bare(cls, content: Any) -> Any:
        """Take a bare configuration for what it is."""
        return {"configuration": content} if is_bare(content) else content


class SearchBody(PlanBody):
    """The body of `POST /api/v1/search`."""

    name: Annotated[Text, Field(max_length=100)] = ""
    pruning: bool = False
    priority: Annotated[int, Field(ge=-10, le=10)] = DEFAULT_PRIORITY
    reason: Reason = ""


class ExtensionBody(Body):
    """The body of `POST /api/v1/search/<key>/extend`: more trials, or more values of a grid."""

    num_trials: NumTrials | None = None
    configuration: dict[str, Any] | None = None


class CandidateBody(Body):
    """The body of `POST /api/v1/search/<key>/candidate`."""

    trial: Annotated[int, Field(ge=1)] | None = None
    reason: Reason = ""


class NoFields(Body):
    """Stopping a search and letting it go on say all in the address."""


def is_bare(content: Any) -> bool:
    """
    Tell whether a body is a configuration and nothing else.

    >>> is_bare({"EPOCHS": 1}), is_bare({"configuration": {"EPOCHS": 1}}), is_bare({})
    (True, False, False)
    """
    return (
        isinstance(content, dict) and bool(content) and all(isinstance(key, str) and key.isupper() for key in content)
    )
