"""What an operator may ask of a run: checked field by field, with bounds, before anything is queued."""

from typing import Annotated, Any

from pydantic import Field

from doodle_db.manifest import Manifest
from doodle_db.run_orders import Dataset, Kind
from doodle_web.request_body import Body, Text
from training_server.config import WORKER_NAME
from training_server.errors import OrderError
from training_server.lineage import derive_definition
from training_server.network_arguments import parse_arguments

MAX_REASON_CHARACTERS = 500
MAX_NOTES_CHARACTERS = 4_000

MIN_DOODLES = 100
MAX_DOODLES = 100_000
"""Of one training: fewer teach nothing; more take minutes an epoch (training_server.scratch)."""


class TrainArgs(Body):
    """
    How to train; what is left out has the default of training_server.fit_plan.

    The bounds keep a run from holding the only worker for hours, and from steps that cannot fit into memory.
    """

    epochs: Annotated[int, Field(ge=1, le=100)] | None = None
    batch_size: Annotated[int, Field(ge=8, le=1024)] | None = None
    learning_rate: Annotated[float, Field(ge=1e-6, le=0.1)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    weight_decay: Annotated[float, Field(ge=0.0, le=0.1)] | None = None
    label_smoothing: Annotated[float, Field(ge=0.0, le=0.5)] | None = None
    augment: bool | None = None


Priority = Annotated[int, Field(ge=-10, le=10)]
"""The higher, the sooner."""


class TrainOrder(Body):
    """The body of `POST /api/v1/train`; network_args are checked against the network that will be trained."""

    dataset: Dataset | None = None
    network: Annotated[Text, Field(max_length=40)] | None = None
    network_args: dict[str, Any] = Field(default_factory=dict)
    train_args: TrainArgs = TrainArgs()
    max_doodles: Annotated[int, Field(ge=MIN_DOODLES, le=MAX_DOODLES)] | None = None
    priority: Priority = 0
    reason: Text = Field(default="", max_length=MAX_REASON_CHARACTERS)
    worker: Annotated[str, Field(pattern=f"^{WORKER_NAME.pattern}$")] | None = None

    def arguments(self) -> dict[str, Any]:
        """Give what the run keeps: only what was said."""
        said = {"network_args": self.network_args, "train_args": self.train_args.model_dump(exclude_none=True)}
        return said if self.max_doodles is None else {**said, "max_doodles": self.max_doodles}


class Notes(Body):
    """The body of `PUT /api/v1/train/<key>/notes`."""

    notes: Text = Field(max_length=MAX_NOTES_CHARACTERS)


class NewPriority(Body):
    """The body of `PUT /api/v1/train/<key>/priority`."""

    priority: Priority


def decide_kind(order: TrainOrder, live_network: str | None) -> Kind:
    """
    Decide what kind of run is meant.

    Args:
        order: the operator's.
        live_network: of the live version; None: nothing is live.

    >>> decide_kind(TrainOrder(), "doodlenet"), decide_kind(TrainOrder(dataset="new", network="doodlenet"), "doodlenet")
    ('delta', 'delta')
    >>> decide_kind(TrainOrder(network="doodlenet"), "doodlenet"), decide_kind(TrainOrder(dataset="base"), "doodlenet")
    ('scratch', 'scratch')
    """
    names_nothing = order.dataset is None and order.network is None
    goes_on = order.dataset == "new" and order.network in {None, live_network}
    return "delta" if names_nothing or goes_on else "scratch"


def check_order(order: TrainOrder, kind: Kind, live: Manifest | None) -> None:
    """
    Refuse what no run of this kind could do, before a worker finds out.

    Args:
        order: the operator's.
        kind: of the run.
        live: the manifest of the version that is live; None: nothing is.

    Raises:
        UnknownNetworkError: there is no such network.
        NetworkArgumentsError: the network does not take these arguments.
        OrderError: a delta is to leave drawings out.
    """
    if kind == "delta":
        if order.max_doodles is not None:
            words = "A run on new doodles takes all of them; name another dataset, or leave max_doodles out."
            raise OrderError(words, field="max_doodles")
        if live is not None:
            derive_definition(live, order.network_args)
    elif order.network is not None or live is not None:
        parse_arguments(order.network or (live.network.name if live else ""), order.network_args)
