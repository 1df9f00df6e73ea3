"""Write a run's report, stage by stage: what was read, how it was trained, what it answers, what the gate said."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from doodle_db.label_sets import LabelSet
from doodle_db.manifest import Manifest, Rejection
from doodle_db.training_sets import LabelledBitmaps
from training_server.fit import FitResult
from training_server.fit_plan import FitPlan
from training_server.holdout_report import add_live_result, describe_holdout, encode_bitmap
from training_server.material import Material
from training_server.progress import EpochResult
from training_server.report_format import Epoch, File, Model, Part, Picture, Report, Training

SAMPLES_PER_LABEL = 8
MAX_SAMPLES = 96

Logits = Mapping[str, NDArray[np.float32]]
"""By holdout: float32, shape (num_rows, num_labels)."""


def begin_report(
    run: UUID, label_set: LabelSet, material: Material, seed: int, new_labels: Sequence[str] = ()
) -> Report:
    """
    Report what a run read.

    Args:
        run: its key.
        label_set: the labels in the order of the logits.
        material: its drawings.
        seed: of everything that is drawn by chance.
        new_labels: which of the labels the parent does not know.
    """
    names = label_set.names
    parts = {"new": material.new, "replay": material.replay, "recent": material.recent, "base": material.base}
    return Report(
        run=run,
        stage="read",
        label_set=label_set.name,
        labels=list(names),
        new_labels=list(new_labels),
        height=label_set.height,
        width=label_set.width,
        seed=seed,
        parts=[describe_part(name, rows, len(names)) for name, rows in parts.items()],
        samples=_choose_samples(material.new, names),
    )


def describe_part(name: str, rows: LabelledBitmaps, num_labels: int) -> Part:
    """
    Count the drawings of a split.

    Args:
        name: see report_format.Part.
        rows: all of them.
        num_labels: of the label set.
    """
    counts = np.bincount(rows.labels, minlength=num_labels)
    return Part(name=name, num_doodles=len(rows), counts=counts.tolist())


def _choose_samples(rows: LabelledBitmaps, names: Sequence[str]) -> list[Picture]:
    """Choose drawings for the sample sheet: the first ones of each label, whose ids are random."""
    per_label = max(1, min(SAMPLES_PER_LABEL, MAX_SAMPLES // len(names)))
    chosen = np.concatenate([np.flatnonzero(rows.labels == label)[:per_label] for label in range(len(names))])
    samples = [Picture(label=names[rows.labels[row]], bitmap=encode_bitmap(rows.bitmaps[row])) for row in chosen]
    return samples[:MAX_SAMPLES]


def add_training(
    report: Report,
    plan: FitPlan,
    result: FitResult,
    *,
    parent_version: str | None,
    num_steps: int,
    epoch_seconds: Sequence[float],
) -> Report:
    """
    Report how the candidate was trained.

    Args:
        report: so far.
        plan: how it was to be trained.
        result: what came of it.
        parent_version: whose weights it began from; None if from none.
        num_steps: of all epochs.
        epoch_seconds: of each epoch.
    """
    training = Training(
        plan=asdict(plan),
        parent_version=parent_version,
        num_validation=len(result.validation),
        epochs=[_describe_epoch(epoch) for epoch in result.epochs],
        best_epoch=result.best_epoch,
        num_steps=num_steps,
        seconds_per_step=sum(epoch_seconds) / num_steps if num_steps else None,
    )
    return report.model_copy(update={"stage": "trained", "training": training})


def _describe_epoch(epoch: EpochResult) -> Epoch:
    return Epoch.model_validate({name: value if isfinite(value) else None for name, value in asdict(epoch).items()})


def add_model(report: Report, manifest: Manifest, num_multiply_adds: int) -> Report:
    """
    Report what the candidate is and costs.

    Args:
        report: so far.
        manifest: of the candidate.
        num_multiply_adds: for one drawing.
    """
    model = Model(
        version=manifest.version,
        network=manifest.network.name,
        arguments=manifest.network.arguments,
        num_parameters=manifest.num_parameters,
        num_multiply_adds=num_multiply_adds,
        files=[File(role=file.role, size_bytes=file.size_bytes) for file in manifest.files],
    )
    return report.model_copy(update={"model": model})


def add_candidate(report: Report, material: Material, logits: Logits, rejection: Rejection) -> Report:
    """
    Report what the candidate answers on the holdouts that have a row.

    Args:
        report: so far.
        material: with the holdouts.
        logits: the candidate's.
        rejection: by which it calls drawings unknown.
    """
    return add_answers(report, {"recent": material.recent, "base": material.base}, logits, rejection)


def add_answers(
    report: Report, held_out: Mapping[str, LabelledBitmaps], logits: Logits, rejection: Rejection
) -> Report:
    """
    Report what a network answers on holdouts; those without a row are left out.

    Args:
        report: so far.
        held_out: the drawings, by holdout.
        logits: the network's.
        rejection: by which it calls drawings unknown.
    """
    holdouts = [
        describe_holdout(name, rows, logits[name], report.labels, rejection)
        for name, rows in held_out.items()
        if len(rows)
    ]
    return report.model_copy(update={"stage": "tested", "holdouts": holdouts})


def add_live(report: Report, material: Material, candidate: Logits, live: Logits, manifest: Manifest) -> Report:
    """
    Report what the live version answers; a later one takes the place of an earlier one.

    Args:
        report: so far, with the candidate's answers.
        material: with the holdouts.
        candidate, live: what both answer.
        manifest: of the live version.
    """
    rows = {"recent": material.recent, "base": material.base}
    holdouts = [
        add_live_result(each, rows[each.name], candidate[each.name], live[each.name], report.labels, manifest.rejection)
        for each in report.holdouts
    ]
    return report.model_copy(update={"holdouts": holdouts, "compared_with": manifest.version})


def finish_report(report: Report, verdict: Mapping[str, Any], stage_seconds: Mapping[str, float]) -> Report:
    """
    Report how a run ends.

    Args:
        report: so far.
        verdict: as the run keeps it.
        stage_seconds: how long each stage took.
    """
    told = {"stage": "judged", "verdict": dict(verdict), "stage_seconds": dict(stage_seconds)}
    return Report.model_validate({**report.model_dump(), **told})
