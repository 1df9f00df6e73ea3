"""What an operator may ask of a run: checked field by field, with bounds, before anything is queued."""

from typing import Annotated, Any

from pydantic import Field

from doodle_web.request_body import Body
from training_server.config import WORKER_NAME

MAX_REASON_CHARACTERS = 500


class TrainArgs(Body):
    """
    How to train; what is left out has the default of training_server.fit_plan.

    The bounds keep a run from holding the only worker for hours, and from steps that cannot fit into memory.
    """

    epochs: Annotated[int, Field(ge=1, le=100)] | None = None
    batch_size: Annotated[int, Field(ge=8, le=1024)] | None = None
    learning_rate: Annotated[float, Field(ge=1e-6, le=0.1)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class TrainOrder(Body):
    """The body of `POST /api/v1/train`; network_args are checked against the live version's network."""

    network_args: dict[str, Any] = Field(default_factory=dict)
    train_args: TrainArgs = TrainArgs()
    reason: str = Field(default="", max_length=MAX_REASON_CHARACTERS)
    worker: Annotated[str, Field(pattern=f"^{WORKER_NAME.pattern}$")] | None = None

    def arguments(self) -> dict[str, Any]:
        """Give what the run keeps: only what was said."""
        return {"network_args": self.network_args, "train_args": self.train_args.model_dump(exclude_none=True)}
