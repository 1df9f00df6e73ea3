"""What a report tells of a holdout: what the candidate and the live version answer on it, and the worst mistakes."""

import base64
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from doodle_db.manifest import Rejection
from doodle_db.training_sets import LabelledBitmaps
from training_server.calibration import calibrate
from training_server.evaluate import evaluate_logits, to_log_probabilities
from training_server.mistakes import Mistake, find_worst
from training_server.rejection import measure_kept
from training_server.report_format import Average, Bin, Holdout, LabelResult, Result, WorstMistake
from training_server.roc import RocCurve, to_log_odds, trace_roc
from training_server.scores import AverageScores, LabelScores, score_labels

MAX_MISTAKES = 24
"""Of each holdout: what a person looks through."""


def describe_holdout(
    name: str, rows: LabelledBitmaps, logits: NDArray[np.float32], names: Sequence[str], rejection: Rejection
) -> Holdout:
    """
    Describe what the candidate answers on a holdout.

    Args:
        name: of the holdout.
        rows: its drawings, at least one.
        logits: float32, shape (num_rows, num_labels), the candidate's.
        names: of the labels.
        rejection: by which the candidate calls drawings unknown.
    """
    worst = find_worst(logits, rows.labels, MAX_MISTAKES)
    return Holdout(
        name=name,
        num_doodles=len(rows),
        commonest_share=float(np.bincount(rows.labels).max() / len(rows)),
        candidate=describe_result(logits, rows, names, rejection),
        live=None,
        mistakes=[_describe_mistake(mistake, rows, names) for mistake in worst],
    )


def _describe_mistake(mistake: Mistake, rows: LabelledBitmaps, names: Sequence[str]) -> WorstMistake:
    return WorstMistake(
        label=names[mistake.label],
        bitmap=encode_bitmap(rows.bitmaps[mistake.row]),
        guess=names[mistake.guess],
        confidence=mistake.confidence,
        label_confidence=mistake.label_confidence,
    )


def add_live_result(
    holdout: Holdout,
    rows: LabelledBitmaps,
    candidate: NDArray[np.float32],
    live: NDArray[np.float32],
    names: Sequence[str],
    rejection: Rejection,
) -> Holdout:
    """
    Set what the live version answers beside what the candidate does.

    Args:
        holdout: with the candidate's result and mistakes.
        rows: its drawings.
        candidate, live: float32, shape (num_rows, num_labels), what both answer.
        names: of the labels.
        rejection: by which the live version calls drawings unknown.
    """
    guesses = live.argmax(axis=1)
    worst = find_worst(candidate, rows.labels, MAX_MISTAKES)
    mistakes = [
        told.model_copy(update={"live_guess": names[guesses[mistake.row]]})
        for told, mistake in zip(holdout.mistakes, worst, strict=True)
    ]
    return holdout.model_copy(update={"live": describe_result(live, rows, names, rejection), "mistakes": mistakes})


def describe_result(
    logits: NDArray[np.float32], rows: LabelledBitmaps, names: Sequence[str], rejection: Rejection
) -> Result:
    """
    Describe what a network answers.

    Args:
        logits: float32, shape (num_rows, num_labels), at least one row.
        rows: the drawings.
        names: of the labels.
        rejection: by which it calls drawings unknown.

    Raises:
        ExamplesError: there is no row, or not one label per row.
    """
    labels = rows.labels
    evaluation = evaluate_logits(logits, labels)
    scores = score_labels(evaluation.confusion)
    curves = trace_curves(logits, labels)
    confidences = np.exp(to_log_probabilities(logits).max(axis=1))
    calibration = calibrate(confidences, np.asarray(logits.argmax(axis=1) == labels))
    return Result(
        accuracy=evaluation.accuracy,
        log_loss=evaluation.log_loss,
        labels=[_describe_label(*each) for each in zip(names, scores.labels, curves, strict=True)],
        macro=_describe_average(scores.macro, curves, [1] * len(names)),
        weighted=_describe_average(scores.weighted, curves, [each.num_doodles for each in scores.labels]),
        confusion=evaluation.confusion.tolist(),
        calibration=[Bin(**asdict(each)) for each in calibration.bins],
        calibration_error=calibration.error,
        kept=measure_kept(rejection, logits, rows.bitmaps),
    )


def encode_bitmap(bitmap: NDArray[np.uint8]) -> str:
    """
    Write a drawing as base64, row by row.

    Args:
        bitmap: uint8, shape (height, width); 0 paper, 255 full ink.
    """
    return base64.b64encode(bitmap.tobytes()).decode()


def trace_curves(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> list[RocCurve | None]:
    """Trace each label's ROC curve against the rest; None where there is nothing to tell apart."""
    num_labels = logits.shape[1]
    if num_labels < 2:
        return [None] * num_labels
    odds = to_log_odds(logits)
    return [trace_roc(odds[:, index], np.asarray(labels == index)) for index in range(num_labels)]


def _describe_label(name: str, scores: LabelScores, curve: RocCurve | None) -> LabelResult:
    return LabelResult(
        label=name,
        **asdict(scores),
        roc_area=curve.area if curve else None,
        roc=list(curve.points) if curve else None,
    )


def _describe_average(scores: AverageScores, curves: Sequence[RocCurve | None], weights: Sequence[int]) -> Average:
    known = [(curve.area, weight) for curve, weight in zip(curves, weights, strict=True) if curve]
    total = sum(weight for _, weight in known)
    area = sum(area * weight for area, weight in known) / total if total else None
    return Average(**asdict(scores), roc_area=area)
