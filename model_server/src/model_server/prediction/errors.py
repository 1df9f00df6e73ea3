"""
What predicting raises, besides the errors of data and of the artifact store.

    DoodleError (doodle_db.errors)
    ├── PredictBusyError
    ├── NoStoreError
    └── InvalidError
        └── ArtifactError
            └── VersionUnusableError
"""

from doodle_db.errors import ArtifactError, DoodleError


class PredictBusyError(DoodleError):
    """More is asked than can be predicted just now; ask again in a moment."""


class NoStoreError(DoodleError):
    """This server was not told where versions lie (ARTIFACT_URL), so it has nothing to predict with."""


class VersionUnusableError(ArtifactError):
    """A version's ONNX file is not what its manifest says."""
