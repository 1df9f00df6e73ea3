"""The figures of a report by name, for programs that draw curves over many runs: TensorBoard, MLflow."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from training_server.report_format import Holdout, Report, Result


@dataclass(frozen=True)
class Figure:
    """
    One number.

    Attributes:
        name: parts with a slash between them.
        value: finite.
        step: the epoch; for what is measured once, the epoch whose weights were kept.
    """

    name: str
    value: float
    step: int


def list_figures(report: Report) -> list[Figure]:
    """List every figure that could be measured: curves by epoch, then what both versions come to on each holdout."""
    return [*_list_epochs(report), *_list_results(report), *_list_costs(report)]


def _list_epochs(report: Report) -> Iterator[Figure]:
    for epoch in report.training.epochs if report.training else ():
        numbers = {
            "loss/training": epoch.loss,
            "accuracy/training": epoch.accuracy,
            "loss/held_back": epoch.validation_loss,
            "accuracy/held_back": epoch.validation_accuracy,
        }
        yield from _measured(numbers, epoch.epoch)


def _list_results(report: Report) -> Iterator[Figure]:
    for holdout in report.holdouts:
        for version, result in _versions(holdout):
            numbers = {
                "accuracy": result.accuracy,
                "log_loss": result.log_loss,
                "calibration_error": result.calibration_error,
                "kept": result.kept,
                **{f"macro_{name}": value for name, value in result.macro.model_dump().items()},
                **{f"weighted_{name}": value for name, value in result.weighted.model_dump().items()},
                **{
                    f"{name}_{label.label}": getattr(label, name)
                    for label in result.labels
                    for name in ("precision", "recall", "f1", "roc_area")
                },
            }
            named = {f"{holdout.name}_{version}/{name}": value for name, value in numbers.items()}
            yield from _measured(named, _kept_epoch(report))


def _versions(holdout: Holdout) -> list[tuple[str, Result]]:
    return [("candidate", holdout.candidate), *([("live", holdout.live)] if holdout.live else [])]


def _list_costs(report: Report) -> Iterator[Figure]:
    numbers: dict[str, float | None] = {f"seconds/{stage}": value for stage, value in report.stage_seconds.items()}
    if report.screening:
        numbers |= {f"left_out/{reason}": count for reason, count in report.screening["counts"].items()}
    if report.training:
        numbers["seconds/step"] = report.training.seconds_per_step
    if report.model:
        numbers["cost/parameters"] = report.model.num_parameters
        numbers["cost/multiply_adds"] = report.model.num_multiply_adds
        numbers |= {f"cost/{file.role}_bytes": file.size_bytes for file in report.model.files}
    yield from _measured(numbers, _kept_epoch(report))


def _measured(numbers: dict[str, float | None], step: int) -> Iterator[Figure]:
    return (Figure(name, float(value), step) for name, value in numbers.items() if value is not None)


def _kept_epoch(report: Report) -> int:
    return report.training.best_epoch if report.training else 0


def list_parameters(report: Report) -> dict[str, str]:
    """List what a run was asked to do and on what, as texts."""
    facts: dict[str, Any] = {"label_set": report.label_set, "seed": report.seed, "compared_with": report.compared_with}
    facts |= {f"num_{part.name}": part.num_doodles for part in report.parts}
    if report.training:
        facts |= {"parent_version": report.training.parent_version, **report.training.plan}
    if report.model:
        facts |= {"version": report.model.version, "network": report.model.network, **report.model.arguments}
    if report.verdict:
        facts["verdict"] = report.verdict["outcome"]
    return {name: str(value) for name, value in facts.items()}
