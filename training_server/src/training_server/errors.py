"""
Every error training_server raises itself, as a tree:

    TrainingServerError (a DoodleError)
    ├── UnknownNetworkError (also InvalidError)
    ├── NetworkArgumentsError (also InvalidError)
    ├── ExamplesError
    ├── WeightsError
    └── ExportError
        └── RunnerError

What doodle_db raises (see its errors.py) passes through.
"""

from doodle_db.errors import DoodleError, InvalidError


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


class ExportError(TrainingServerError):
    """The network cannot be written in a format its readers understand."""


class RunnerError(ExportError):
    """The exported TensorFlow.js model could not be run under Node."""
