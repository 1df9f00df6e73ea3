"""A run's report: complete, small, and never the reason why a run breaks."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from numpy.typing import NDArray

from doodle_db.manifest import Rejection
from doodle_db.rejection import energy
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.builders import LABEL_SET, manifest
from training_server.fit import FitResult
from training_server.fit_plan import DELTA_PLAN
from training_server.holdout_report import MAX_MISTAKES, describe_result
from training_server.material import Material
from training_server.progress import EpochResult
from training_server.report_format import MAX_BYTES, Report, shorten
from training_server.run_report import (
    add_candidate,
    add_live,
    add_model,
    add_training,
    begin_report,
    finish_report,
)

ROOT = Path(__file__).parents[3]
RUN = UUID(int=7)
NUM_LABELS = len(LABEL_SET.names)
REJECTION = Rejection(score="energy", threshold=-2.0)
VERDICT = {"outcome": "rejected", "summary": "Not shown to be better.", "checks": []}


def draw_rows(number: int, seed: int, num_labels: int = NUM_LABELS) -> LabelledBitmaps:
    """Drawings of noise, which hardly compress; labels in turn."""
    bitmaps = np.random.default_rng(seed).integers(0, 256, (number, LABEL_SET.height, LABEL_SET.width), np.uint8)
    return LabelledBitmaps(bitmaps, np.arange(number) % num_labels)


def make_material(num_recent: int = 60, num_base: int = 90) -> Material:
    return Material(draw_rows(100, 1), draw_rows(300, 2), draw_rows(num_recent, 3), draw_rows(num_base, 4))


def make_logits(material: Material, seed: int) -> dict[str, NDArray[np.float32]]:
    chance = np.random.default_rng(seed)
    return {
        name: chance.normal(size=(len(rows), NUM_LABELS)).astype(np.float32)
        for name, rows in {"recent": material.recent, "base": material.base}.items()
    }


def make_result(*losses: float) -> FitResult:
    epochs = tuple(EpochResult(number, loss, 0.5, float("nan"), float("nan")) for number, loss in enumerate(losses, 1))
    return FitResult(epochs, best_epoch=1, validation=draw_rows(0, 5))


def make_report(material: Material) -> Report:
    candidate, live = make_logits(material, 1), make_logits(material, 2)
    report = begin_report(RUN, LABEL_SET, material, seed=3)
    report = add_training(
        report, DELTA_PLAN, make_result(0.5, 0.25), parent_version="0" * 12, num_steps=20, epoch_seconds=[2.0, 1.0]
    )
    report = add_model(report, manifest("ab" * 6), num_multiply_adds=1000)
    report = add_candidate(report, material, candidate, REJECTION)
    report = add_live(report, material, candidate, live, manifest("0" * 12))
    return finish_report(report, VERDICT, {"training": 3.0})


def test_a_report_tells_everything() -> None:
    """All parts of a whole run, in the labels' order."""
    material = make_material()

    report = make_report(material)

    assert [(part.name, part.num_doodles, sum(part.counts)) for part in report.parts] == [
        ("new", 100, 100),
        ("replay", 300, 300),
        ("recent", 60, 60),
        ("base", 90, 90),
    ]
    assert report.training is not None
    assert (report.training.seconds_per_step, report.training.plan["batch_size"]) == (0.15, DELTA_PLAN.batch_size)
    assert [epoch.validation_loss for epoch in report.training.epochs] == [None, None]
    assert report.model is not None
    assert report.model.version == "ab" * 6
    assert [holdout.name for holdout in report.holdouts] == ["recent", "base"]
    assert (report.verdict, report.stage, report.stage_seconds) == (VERDICT, "judged", {"training": 3.0})


def test_samples_are_the_drawings_themselves() -> None:
    """Some of each label, bit for bit."""
    material = make_material()

    samples = begin_report(RUN, LABEL_SET, material, seed=3).samples

    assert {sample.label for sample in samples} == set(LABEL_SET.names)
    assert base64.b64decode(samples[0].bitmap) == material.new.bitmaps[0].tobytes()


def test_a_mistake_shows_what_both_took_it_for() -> None:
    """The surest first; what the live version says of the same drawing stands beside it."""
    material = make_material()
    live = make_logits(material, 2)["recent"].argmax(axis=1)

    recent, _ = make_report(material).holdouts

    assert 0 < len(recent.mistakes) <= MAX_MISTAKES
    assert [each.confidence for each in recent.mistakes] == sorted(
        (each.confidence for each in recent.mistakes), reverse=True
    )
    bitmaps = [base64.b64encode(bitmap.tobytes()).decode() for bitmap in material.recent.bitmaps]
    for mistake in recent.mistakes:
        row = bitmaps.index(mistake.bitmap)
        assert mistake.label == LABEL_SET.names[material.recent.labels[row]] != mistake.guess
        assert mistake.live_guess == LABEL_SET.names[live[row]]


def test_numbers_are_those_of_the_evaluation() -> None:
    """What is right is counted once, in accuracy, confusion and weighted recall alike."""
    material = make_material()
    logits = make_logits(material, 1)["base"]
    right = float((logits.argmax(axis=1) == material.base.labels).mean())

    result = describe_result(logits, material.base, LABEL_SET.names, REJECTION)

    assert result.accuracy == pytest.approx(right, rel=1e-5)
    assert result.weighted.recall == pytest.approx(right, rel=1e-5)
    assert result.confusion is not None
    assert np.trace(result.confusion) == round(right * 90)
    assert sum(each.num_doodles for each in result.calibration) == 90


def test_what_stays_known_is_measured_by_each_version_s_own_rejection() -> None:
    """The candidate's threshold says nothing of the live version's answers."""
    material = make_material()
    candidate, live = (energy(make_logits(material, seed)["base"]) for seed in (1, 2))

    _, base = make_report(material).holdouts

    assert base.live is not None
    assert base.candidate.kept == pytest.approx((candidate <= REJECTION.threshold).mean(), abs=1e-6)
    assert base.live.kept == pytest.approx((live <= manifest().rejection.threshold).mean(), abs=1e-6)
    assert base.candidate.kept != base.live.kept


def test_a_label_without_drawings_has_no_numbers() -> None:
    """Null, not a crash: a new label's first run has no held-out drawing of it."""
    rows = draw_rows(20, 1, num_labels=2)

    result = describe_result(np.zeros((20, NUM_LABELS), np.float32), rows, LABEL_SET.names, REJECTION)

    last = result.labels[-1]
    assert (last.recall, last.precision, last.f1, last.roc_area, last.roc) == (None, None, None, None, None)


@pytest.mark.parametrize(("num_recent", "num_base"), [(0, 0), (0, 3), (1, 0)])
def test_empty_holdouts_are_left_out(num_recent: int, num_base: int) -> None:
    """The first runs of an installation have few held-out drawings, or none."""
    report = make_report(make_material(num_recent, num_base))

    assert len(report.holdouts) == (num_recent > 0) + (num_base > 0)


def test_nothing_new_has_a_report() -> None:
    """A run whose doodles were withdrawn says so, with what else it read."""
    material = replace(make_material(), new=draw_rows(0, 1))

    report = finish_report(begin_report(RUN, LABEL_SET, material, seed=3), VERDICT, {})

    assert (report.samples, report.parts[0].counts, report.training) == ([], [0] * NUM_LABELS, None)


def test_a_diverged_training_has_a_report() -> None:
    """Losses that are no numbers are null: JSON has no other word."""
    report = begin_report(RUN, LABEL_SET, make_material(), seed=3)

    report = add_training(
        report, DELTA_PLAN, make_result(float("inf")), parent_version=None, num_steps=0, epoch_seconds=[]
    )

    assert report.training is not None
    assert (report.training.epochs[0].loss, report.training.seconds_per_step) == (None, None)


def test_a_report_is_json_and_comes_back() -> None:
    """What is stored is what was written."""
    report = make_report(make_material())

    document = json.loads(json.dumps(report.model_dump(mode="json"), allow_nan=False))

    assert Report.model_validate(document) == report


def test_a_whole_report_is_small() -> None:
    """With every drawing and curve of the largest holdouts it is well within its bound."""
    report = make_report(make_material(2_000, 4_000))

    assert len(report.model_dump_json()) < MAX_BYTES / 2
    assert shorten(report) == report


def test_what_is_too_large_is_shortened_in_order() -> None:
    """Curves go first, then drawings, then confusion matrices; the numbers stay."""
    report = make_report(make_material())
    size = len(report.model_dump_json())

    without_curves = shorten(report, size - 1)
    without_drawings = shorten(report, len(without_curves.model_dump_json()) - 1)
    shortest = shorten(report, 1)

    assert without_curves.holdouts[0].candidate.labels[0].roc is None
    assert (without_curves.samples, without_drawings.samples) == (report.samples, [])
    assert without_drawings.holdouts[0].candidate.confusion is not None
    assert shortest.holdouts[0].candidate.confusion is None
    assert shortest.holdouts[0].candidate.macro == report.holdouts[0].candidate.macro


def test_the_sample_that_readers_are_tested_with_is_a_report() -> None:
    """What the page and the command are tested with is what a run writes."""
    sample = ROOT / "tests" / "doodle_testing" / "report.json"

    report = Report.model_validate_json(sample.read_bytes())

    assert report.model_dump(mode="json") == json.loads(sample.read_text(encoding="utf-8"))
