"""The document a run leaves behind, part by part; docs/reports.md explains it for its readers."""

from collections.abc import Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict

MAX_BYTES = 300_000
"""Of a report as JSON: a page loads it at once, and a year of hourly runs is 3 GB at most."""

Stage = Literal["read", "trained", "tested", "judged"]
"""How far the run has come, as far as its report knows."""

Number = Annotated[float, AfterValidator(lambda value: float(f"{value:.6g}"))]
"""Six significant digits: more than any holdout bears out, and a third of the room."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Picture(_Frozen):
    """
    A drawing.

    Attributes:
        label: what it is said to be.
        bitmap: base64 of height x width bytes, row by row; 0 paper, 255 full ink.
    """

    label: str
    bitmap: str


class WorstMistake(Picture):
    """
    A drawing the candidate is surest about and wrong.

    Attributes:
        guess: what the candidate takes it for.
        confidence, label_confidence: the candidate's in the guess and in the label, in [0, 1].
        live_guess: what the live version takes it for; null before the verdict.
    """

    guess: str
    confidence: Number
    label_confidence: Number
    live_guess: str | None = None


class Part(_Frozen):
    """
    The drawings of one split.

    Attributes:
        name: "new", "replay", "base_training" (trained on), "recent" or "base" (held out).
        num_doodles: all of them.
        counts: of each label, in the order of the report's labels.
    """

    name: str
    num_doodles: int
    counts: list[int]


class Epoch(_Frozen):
    """An epoch; see training_server.progress.EpochResult. Null is what could not be measured."""

    epoch: int
    loss: Number | None
    accuracy: Number | None
    validation_loss: Number | None
    validation_accuracy: Number | None


class Training(_Frozen):
    """
    How the candidate was trained.

    Attributes:
        plan: every parameter; see training_server.fit_plan.FitPlan.
        parent_version: whose weights it began from; null if from none.
        num_validation: rows held back to choose the epoch by.
        epochs: those that were run.
        best_epoch: whose weights were kept.
        num_steps: of all epochs.
        seconds_per_step: of training; the checks at each epoch's end are in it.
    """

    plan: dict[str, Any]
    parent_version: str | None
    num_validation: int
    epochs: list[Epoch]
    best_epoch: int
    num_steps: int
    seconds_per_step: Number | None


class File(_Frozen):
    """A file of the version."""

    role: str
    size_bytes: int


class Model(_Frozen):
    """
    What the candidate is and costs.

    Attributes:
        version: its name.
        network, arguments: what it was built from.
        num_parameters: all of them.
        num_multiply_adds: for one drawing; see training_server.multiply_adds.
        files: the version's; without the report itself in a version's own report.
    """

    version: str
    network: str
    arguments: dict[str, Any]
    num_parameters: int
    num_multiply_adds: int
    files: list[File]


class LabelResult(_Frozen):
    """
    One label against the rest; see training_server.scores and training_server.roc. Null is what cannot be measured.

    Attributes:
        roc: points (share of the others taken for it, share of its own found), rising; null if left out for room.
    """

    label: str
    num_doodles: int
    num_guessed: int
    precision: Number | None
    recall: Number | None
    f1: Number | None
    roc_area: Number | None
    roc: list[tuple[Number, Number]] | None


class Average(_Frozen):
    """Means over labels; see training_server.scores."""

    precision: Number | None
    recall: Number | None
    f1: Number | None
    roc_area: Number | None


class Bin(_Frozen):
    """The drawings of one stretch of confidence; see training_server.calibration."""

    low: Number
    high: Number
    num_doodles: int
    confidence: Number | None
    accuracy: Number | None


class Result(_Frozen):
    """
    What one version answers on one holdout.

    Attributes:
        accuracy: share right, in [0, 1].
        log_loss: mean, in nats.
        labels: in the order of the report's labels.
        macro, weighted: averages in which each label counts the same, or as often as it has drawings.
        confusion: row = label, column = guess; drawings; null if left out for room.
        calibration: by rising confidence.
        calibration_error: expected, in [0, 1].
        kept: share of the drawings that the version does not call unknown, by its own manifest; null in older reports.
    """

    accuracy: Number
    log_loss: Number
    labels: list[LabelResult]
    macro: Average
    weighted: Average
    confusion: list[list[int]] | None
    calibration: list[Bin]
    calibration_error: Number
    kept: Number | None = None


class Holdout(_Frozen):
    """
    One holdout, and what both versions answer on it.

    Attributes:
        name: "recent" or "base".
        num_doodles: at least one.
        commonest_share: accuracy of always guessing the commonest label.
        candidate: its result.
        live: the live version's; null before the verdict.
        mistakes: the candidate's worst, the surest first.
    """

    name: str
    num_doodles: int
    commonest_share: Number
    candidate: Result
    live: Result | None
    mistakes: list[WorstMistake]


class Report(_Frozen):
    """
    What is known of a run.

    Attributes:
        format_version: of this document.
        run: its key; null for a version that no run made.
        stage: how far the run had come when this was written.
        label_set: its name.
        labels: its labels, in the order of every list below.
        new_labels: those of them that the parent did not know: its answers on them are as good as no probability.
        height, width: of every bitmap, in pixels.
        seed: of everything that was drawn by chance.
        screening: what was put aside before, in words and as counts by reason; null if that was not looked at.
        parts: the drawings that were read.
        samples: some of the new drawings, label by label.
        training, model, holdouts: null and empty until they are known.
        compared_with: the version that was live at the verdict.
        verdict: outcome, summary and checks with their statistics, as in the run.
        stage_seconds: how long each stage took.
    """

    format_version: Literal[1] = 1
    run: UUID | None
    stage: Stage
    label_set: str
    labels: list[str]
    new_labels: list[str] = []
    height: int
    width: int
    seed: int
    screening: dict[str, Any] | None = None
    parts: list[Part]
    samples: list[Picture]
    training: Training | None = None
    model: Model | None = None
    holdouts: list[Holdout] = []
    compared_with: str | None = None
    verdict: dict[str, Any] | None = None
    stage_seconds: dict[str, Number] = {}


def shorten(report: Report, max_bytes: int = MAX_BYTES) -> Report:
    """
    Keep a report within its size: leave out ROC curves, then drawings, and in the end confusion matrices.

    Args:
        report: of any size.
        max_bytes: as JSON.
    """
    for leave_out in (_leave_out_curves, leave_out_drawings, _leave_out_confusion):
        if len(report.model_dump_json()) <= max_bytes:
            break
        report = leave_out(report)
    return report


def _leave_out_curves(report: Report) -> Report:
    def change(result: Result) -> Result:
        return result.model_copy(update={"labels": [each.model_copy(update={"roc": None}) for each in result.labels]})

    return _change_results(report, change)


def leave_out_drawings(report: Report) -> Report:
    """Leave out every drawing: for want of room, or because a document is public."""
    holdouts = [each.model_copy(update={"mistakes": []}) for each in report.holdouts]
    return report.model_copy(update={"samples": [], "holdouts": holdouts})


def _leave_out_confusion(report: Report) -> Report:
    return _change_results(report, lambda result: result.model_copy(update={"confusion": None}))


def _change_results(report: Report, change: Callable[[Result], Result]) -> Report:
    holdouts = [
        each.model_copy(update={"candidate": change(each.candidate), "live": each.live and change(each.live)})
        for each in report.holdouts
    ]
    return report.model_copy(update={"holdouts": holdouts})
