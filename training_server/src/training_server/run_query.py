"""What may stand behind the question mark where runs are asked for."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from doodle_db.run_list import MAX_LISTED, RunFilter, RunOrderBy
from doodle_db.run_orders import Kind
from doodle_db.runs import RunState
from doodle_web.request_body import Body, Text

Sort = Literal[
    "created_at",
    "-created_at",
    "accuracy",
    "-accuracy",
    "loss",
    "-loss",
    "seconds",
    "-seconds",
    "priority",
    "-priority",
]

MAX_WAIT_SECONDS = 25
"""nginx gives up after 30."""

MAX_STEP = 2**31 - 1


class RunListQuery(Body):
    """Of `GET /api/v1/train`."""

    state: RunState | None = None
    kind: Kind | None = None
    network: Annotated[Text, Field(max_length=40)] | None = None
    search: UUID | None = None
    q: Annotated[Text, Field(max_length=100)] | None = None
    sort: Sort = "-created_at"
    limit: Annotated[int, Field(ge=1, le=MAX_LISTED)] = 50
    cursor: UUID | None = None

    def wanted(self) -> RunFilter:
        """Tell which runs are meant."""
        return RunFilter(self.state, self.kind, self.network, self.search, self.q)

    def order(self) -> RunOrderBy:
        """
        Tell in which order.

        >>> RunListQuery(sort="-accuracy").order()
        RunOrderBy(key='accuracy', is_descending=True)
        """
        key: Any = self.sort.removeprefix("-")
        return RunOrderBy(key, self.sort.startswith("-"))


class RunQuery(Body):
    """Of `GET /api/v1/train/<key>`."""

    wait: Annotated[int, Field(ge=0, le=MAX_WAIT_SECONDS)] = 0


class AfterQuery(Body):
    """Of a run's curve and log: what comes behind this step, or line."""

    after: Annotated[int, Field(ge=0, le=MAX_STEP)] = 0
