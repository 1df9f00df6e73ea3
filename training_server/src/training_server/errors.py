"""
Every error training_server raises itself, as a tree:

    TrainingServerError (a DoodleError)
    ├── UnknownNetworkError (also InvalidError)
    ├── NetworkArgumentsError (also InvalidError)
    ├── OrderError (also InvalidError)
    ├── ConfigurationError (also InvalidError)
    ├── TrialsError (also InvalidError)
    ├── ExamplesError
    ├── WeightsError
    ├── DivergedError
    ├── ExportError
    │   └── RunnerError
    ├── TrackerError
    ├── ComparerBusyError
    ├── WaitsFullError
    ├── NothingToTrainOnError (also ConflictError)
    ├── TooManyRunsError (also ConflictError)
    ├── SearchStandingError (also ConflictError)
    ├── LabelsDifferError (also ConflictError)
    └── NoBaseVersionError (also NotFoundError)

What doodle_db raises (see its errors.py) passes through.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from doodle_db.errors import ConflictError, DoodleError, InvalidError, NotFoundError


class TrainingServerError(DoodleError):
    """Training, testing or exporting a network went wrong."""


class UnknownNetworkError(TrainingServerError, InvalidError):
    """There is no network of that name."""


class NetworkArgumentsError(TrainingServerError, InvalidError):
    """The network does not take these arguments."""


class OrderError(TrainingServerError, InvalidError):
    """The order asks for what no run does."""


class WaitsFullError(TrainingServerError):
    """As many requests wait for runs as may; ask again without waiting, or in a moment."""


class TooManyRunsError(TrainingServerError, ConflictError):
    """As many runs wait as may; cancel some, or wait until workers have caught up."""


@dataclass(frozen=True)
class Fault:
    """
    What is wrong with one property of a search's configuration.

    Attributes:
        name: the property's, as it was written.
        words: what is wrong, and what was expected.
    """

    name: str
    words: str


class ConfigurationError(TrainingServerError, InvalidError):
    """The search's configuration breaks a rule."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """
        Args:
            faults: at least one.
        """
        told = "; ".join(f"{fault.name}: {fault.words}" for fault in faults)
        super().__init__(told, field=f"configuration.{faults[0].name}")
        self.faults = tuple(faults)


class TrialsError(TrainingServerError, InvalidError):
    """The search cannot have that number of trials."""


class SearchStandingError(TrainingServerError, ConflictError):
    """The search is not in a state in which that can be done."""


class ExamplesError(TrainingServerError):
    """There is nothing to learn from, or the arrays do not belong together."""


class WeightsError(TrainingServerError):
    """The weights are not those of this network."""


class DivergedError(TrainingServerError):
    """The training diverged: the network answers with something that is no number."""


class ExportError(TrainingServerError):
    """The network cannot be written in a format its readers understand."""


class RunnerError(ExportError):
    """The exported TensorFlow.js model could not be run under Node."""


class TrackerError(TrainingServerError):
    """A run's figures could not be handed on."""


class ComparerBusyError(TrainingServerError):
    """Others are being compared; ask again in a moment."""


class NothingToTrainOnError(TrainingServerError, ConflictError):
    """There is no new doodle to train on."""


class LabelsDifferError(TrainingServerError, ConflictError):
    """The live version was made for other labels, or for drawings of another shape."""


class NoBaseVersionError(TrainingServerError, NotFoundError):
    """There is no base version of this label set to begin with."""
