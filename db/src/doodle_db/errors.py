"""
Every error doodle_db raises, as a tree:

    DoodleError
    ├── NotFoundError
    │   ├── UnknownLabelSetError
    │   ├── UnknownVersionError
    │   │   └── VersionDeletedError
    │   ├── UnknownDoodleError
    │   ├── UnknownContributorError
    │   ├── UnknownErasureError
    │   ├── UnknownMonthError
    │   ├── UnknownRunError
    │   ├── UnknownReportError
    │   ├── UnknownSearchError
    │   ├── UnknownWorkerError
    │   ├── UnknownBackupError
    │   ├── UnknownDrawnLabelError
    │   ├── LabelNotAddedError
    │   └── NoLiveModelError
    ├── ConflictError
    │   ├── DoodleConflictError
    │   ├── DoodleReviewedError
    │   ├── NothingToUndoError
    │   ├── AmbiguousContributorError
    │   ├── ErasureChangedError
    │   ├── LabelConflictError
    │   ├── LabelInUseError
    │   ├── LiveModelChangedError
    │   │   └── DeploymentPinnedError
    │   ├── VersionNeededError
    │   ├── RunEndedError
    │   ├── WorkerEndedError
    │   ├── NotEmptyError
    │   └── VersionConflictError
    └── InvalidError
        ├── BitmapShapeError
        ├── BlankBitmapError
        ├── UnknownLabelError
        ├── InvalidLabelError
        ├── LabelSetError
        ├── ManifestError
        ├── ArtifactError
        │   └── ArtifactStoreError
        ├── BackupError
        ├── InkError               (doodle_db.ink)
        └── SettingsError

A service turns the three branches into 404, 409 and 422; the docstring is the default message.
"""


class DoodleError(Exception):
    """Something about doodles, runs or versions went wrong."""

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        """
        Args:
            message: what happened, what was expected, what to do; the class's docstring when left out.
            field: the name of the input at fault, as its sender knows it.
        """
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])
        self.field = field


class NotFoundError(DoodleError):
    """There is nothing by that name."""


class ConflictError(DoodleError):
    """The request contradicts what is stored."""


class InvalidError(DoodleError):
    """The input breaks a rule."""


class UnknownLabelSetError(NotFoundError):
    """There is no label set of that name."""


class UnknownVersionError(NotFoundError):
    """There is no version of that name."""


class VersionDeletedError(UnknownVersionError):
    """The version was deleted."""


class UnknownDoodleError(NotFoundError):
    """There is no doodle of that id, or it belongs to another contributor."""


class UnknownContributorError(NotFoundError):
    """There is no contributor of that name, or nothing of theirs any more."""


class UnknownErasureError(NotFoundError):
    """No erasure of that number was ordered."""


class UnknownMonthError(NotFoundError):
    """There is no partition of that month."""


class UnknownRunError(NotFoundError):
    """There is no run of that key."""


class UnknownReportError(NotFoundError):
    """The run has no report: it has not begun yet, or it ran before there were reports."""


class UnknownSearchError(NotFoundError):
    """There is no search of that key."""


class UnknownWorkerError(NotFoundError):
    """There is no worker of that name."""


class UnknownBackupError(NotFoundError):
    """There is no backup of that name."""


class UnknownDrawnLabelError(NotFoundError):
    """There is no label of that name to draw."""


class LabelNotAddedError(NotFoundError):
    """No label of that name has been added to the label set."""


class NoLiveModelError(NotFoundError):
    """No version has been deployed yet."""


class DoodleConflictError(ConflictError):
    """A doodle of this id is stored already, with other content."""


class LabelConflictError(ConflictError):
    """The label set has a label of this name already, with other words."""


class LabelInUseError(ConflictError):
    """A version knows the label; it can no longer be withdrawn."""


class DoodleReviewedError(ConflictError):
    """An operator has decided what this doodle shows."""


class NothingToUndoError(ConflictError):
    """No operator has decided about this doodle."""


class AmbiguousContributorError(ConflictError):
    """Several contributors share the beginning of that name; give more of its digits."""


class ErasureChangedError(ConflictError):
    """There are more or fewer doodles by now than were confirmed."""


class LiveModelChangedError(ConflictError):
    """Another version went live in the meantime."""


class DeploymentPinnedError(LiveModelChangedError):
    """Automatic deployment was paused in the meantime."""


class VersionNeededError(ConflictError):
    """The version is needed; it cannot be deleted."""


class RunEndedError(ConflictError):
    """The run has ended already."""


class WorkerEndedError(ConflictError):
    """The worker has ended already."""


class NotEmptyError(ConflictError):
    """A backup is restored into an empty installation only, and this one is in use."""


class VersionConflictError(ConflictError):
    """A version of this name is stored already, with other files."""


class BitmapShapeError(InvalidError):
    """The bitmap has not the height and width of the label set."""


class BlankBitmapError(InvalidError):
    """The bitmap has no ink."""


class UnknownLabelError(InvalidError):
    """The label is not in the label set."""


class InvalidLabelError(InvalidError):
    """A new label breaks a rule."""


class LabelSetError(InvalidError):
    """The label set's file breaks a rule."""


class ManifestError(InvalidError):
    """The manifest breaks a rule, or does not describe the files beside it."""


class ArtifactError(InvalidError):
    """The artifact store holds something else than what was written."""


class ArtifactStoreError(ArtifactError):
    """The artifact store cannot be used."""


class SettingsError(InvalidError):
    """A setting is missing or wrong."""


class BackupError(InvalidError):
    """The backup is damaged, or cannot be used here."""
