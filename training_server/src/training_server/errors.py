"""
Every error training_server raises itself, as a tree:

    TrainingServerError (a DoodleError)
    ├── UnknownNetworkError (also InvalidError)
    ├── NetworkArgumentsError (also InvalidError)
    ├── ExamplesError
    ├── WeightsError
    ├── DivergedError
    ├── ExportError
    │   └── RunnerError
    ├── TrackerError
    ├── ComparerBusyError
    ├── NothingToTrainOnError (also ConflictError)
    ├── LabelsDifferError (also ConflictError)
    └── NoBaseVersionError (also NotFoundError)

What doodle_db raises (see its errors.py) passes through.
"""

from doodle_db.errors import ConflictError, DoodleError, InvalidError, NotFoundError


class TrainingServerError(DoodleError):
    """Training, testing or exporting a network went wrong."""


class UnknownNetworkError(TrainingServerError, InvalidError):
    """There is no network of that name."""


class NetworkArgumentsError(TrainingServerError, InvalidError):
    """The network does not take these arguments."""


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
