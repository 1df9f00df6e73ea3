"""
Train a first version from base drawings alone: `python -m training_server.pretrain --help`.

Only drawings of the train split are trained on; the figures in the manifest are of the test split, by the same rule
(doodle_db.splits) as after an import, so no later gate tests on a drawing this version has seen.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import keras

from doodle_db.base_sources.bitmaps_over_http import fetch_bitmaps, is_address
from doodle_db.base_sources.download_bar import DownloadBar
from doodle_db.errors import DoodleError
from doodle_db.label_sets import LabelSet, load_label_set
from doodle_db.manifest import Manifest, NetworkDefinition, TrainingData
from training_server.agreement import ExportCheck
from training_server.answer_files import read_answers
from training_server.base_material import add_other_categories, find_base_data, read_background, read_base_rows
from training_server.candidate import require_finite
from training_server.errors import ExportError
from training_server.evaluate import evaluate_logits, predict_logits, to_metrics
from training_server.export import VersionRecord, export_version
from training_server.export_check import Runner, check_exports
from training_server.fit import fit
from training_server.fit_plan import FOUNDATION_PLAN, PRETRAIN_PLAN, TAUGHT_PLAN, FitPlan, pretrain_plan_for
from training_server.foundation import lay_foundation
from training_server.lessons import Lessons
from training_server.network_arguments import DEFAULT_NETWORK, parse_arguments
from training_server.networks import build
from training_server.printer import EpochPrinter
from training_server.progress import Observer, StepClock
from training_server.rejection import choose_ink_range, choose_rejection, note_kept
from training_server.report import Pretraining, describe_pretraining
from training_server.rounding import round_weights
from training_server.scribbles import add_scribbles

NUM_CHECKED = 64
"""Held-out drawings the exported files are compared on."""

DEFAULT_CACHE = Path(".doodle/base_data")
DEFAULT_RUNNER = Path("frontend/dist-node/run_graph_model.mjs")


@dataclass(frozen=True)
class PretrainOrder:
    """
    What is to be trained, on what, and where it goes.

    Attributes:
        label_set: the labels in the order of the logits.
        data: the folder of base data (DOODLE_DATA_DIR), in which the label set names a folder; or where a label set's
            base data itself lies (doodle_db.base_sources).
        network: name and arguments.
        plan: how.
        out: the version's folder is made in here, named by the version.
        runner: runs the exported TensorFlow.js model for the check.
        created_at: goes into the manifest.
        foundation: how a network with a background is prepared (training_server.foundation).
        answers: files of what teachers answer to the train split (training_server.teach); none without teachers.
    """

    label_set: LabelSet
    data: Path
    network: NetworkDefinition
    plan: FitPlan
    out: Path
    runner: Runner
    created_at: datetime
    foundation: FitPlan = FOUNDATION_PLAN
    answers: tuple[Path, ...] = ()


def pretrain(order: PretrainOrder, observer: Observer) -> Path:
    """
    Train, measure, export and check a first version.

    Returns:
        The version's folder.

    Raises:
        NotFoundError: a label has no base drawings.
        ExamplesError: the teachers' answers are of other base data.
        DivergedError: the weights are no numbers any more.
        ExportError: the files do not answer as the network does, or could not be run.
    """
    place = find_base_data(order.data, order.label_set)
    training, holdout = read_base_rows(place, order.label_set)
    lessons = read_lessons(order, place, training.ids)
    shape = (order.label_set.height, order.label_set.width, order.label_set.channels)
    network = build(order.network.name, shape, len(order.label_set.labels), order.network.arguments, order.plan.seed)
    if order.plan.background:
        plan = pretrain_plan_for(order.label_set, order.foundation)
        lay_foundation(network, order.network, add_other_categories(training, place, order.label_set), plan, observer)
    clock = StepClock(observer)
    result = fit(network, training.rows, order.plan, clock, lessons=lessons)
    require_finite(network, order.plan)
    round_weights(network)
    done = Pretraining(training.rows, holdout.rows, order.plan, result, clock.num_steps, clock.read_seconds())
    record = _record(order, network, done)
    staged = order.out / f".staged-{order.created_at:%Y%m%dT%H%M%S%f}"
    staged.mkdir(parents=True)
    try:
        manifest = export_version(network, record, staged)
        _require_agreement(
            check_exports(
                network,
                order.network,
                staged,
                holdout.rows.bitmaps[:: max(1, len(holdout) // NUM_CHECKED)],
                order.runner,
            )
        )
        return _move(staged, order.out / manifest.version)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def read_lessons(order: PretrainOrder, place: Path, ids: Sequence[UUID]) -> Lessons:
    """
    Read what there is to learn from besides labels.

    Args:
        order: its answers and its plan's background say what is wanted.
        place: of the base data.
        ids: of the training rows.

    Raises:
        ExamplesError: the answers are of other base data.
        NotFoundError: there are no drawings of other things.
    """
    num_labels = len(order.label_set.names)
    others = read_background(place, order.label_set).rows.bitmaps if order.plan.background else None
    return Lessons(
        answers=read_answers(order.answers, ids, num_labels) if order.answers else None,
        background=None if others is None else add_scribbles(others, order.plan.seed),
    )


def _record(order: PretrainOrder, network: keras.Model, done: Pretraining) -> VersionRecord:
    logits = predict_logits(network, done.holdout.bitmaps)
    evaluation = evaluate_logits(logits, done.holdout.labels)
    names = order.label_set.names
    threshold_rows = done.result.validation if len(done.result.validation) else done.training
    rejection = choose_rejection(
        predict_logits(network, threshold_rows.bitmaps),
        threshold_rows.bitmaps,
        choose_ink_range(done.training.bitmaps),
        order.label_set.kept_share,
    )
    return VersionRecord(
        label_set=order.label_set,
        network=order.network,
        metrics={"base": note_kept(to_metrics(evaluation, names), rejection, logits, done.holdout.bitmaps)},
        parent_version=None,
        run=None,
        created_at=order.created_at,
        training_data=TrainingData(num_new=0, num_replay=0, num_base=len(done.training), watermark=0),
        rejection=rejection,
        report=describe_pretraining(order.label_set, done, logits, rejection),
    )


def _require_agreement(check: ExportCheck) -> None:
    """Raise where the exported files answer otherwise than the network."""
    if not check.agrees:
        raise ExportError(
            f"The exported files differ from the network on {check.num_doodles} drawings: {dict(check.differences)}; "
            f"at most {check.tolerance} was expected."
        )


def _move(staged: Path, folder: Path) -> Path:
    """Give a finished version its name; a version that is there already stays."""
    if not folder.exists():
        staged.rename(folder)
    return folder


def _parse(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training_server.pretrain", description=__doc__)
    parser.add_argument("--label-set", default="animals", help="its name")
    parser.add_argument("--data", required=True, help="base data: DOODLE_DATA_DIR, a file, a folder, or an address")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="where base data from an address is kept")
    parser.add_argument("--out", type=Path, required=True, help="the version's folder is made in here")
    parser.add_argument("--network", default=DEFAULT_NETWORK, help="its name")
    parser.add_argument("--network-args", type=json.loads, default={}, help="a JSON object")
    parser.add_argument("--epochs", type=int, help="as the plan says, if left out")
    parser.add_argument("--seed", type=int, default=PRETRAIN_PLAN.seed)
    parser.add_argument("--answers", type=Path, nargs="+", default=(), help="what teachers answer, files of `teach`")
    parser.add_argument("--background", action="store_true", help="learn to tell other categories' drawings apart, too")
    parser.add_argument("--node", default="node", help="the Node program")
    parser.add_argument("--tfjs-runner", type=Path, default=DEFAULT_RUNNER, help="made by `npm run build:runner`")
    return parser.parse_args(words)


def _to_order(words: argparse.Namespace, created_at: datetime) -> PretrainOrder:
    arguments: dict[str, Any] = parse_arguments(words.network, words.network_args).model_dump()
    label_set = load_label_set(words.label_set)
    plan = pretrain_plan_for(label_set, TAUGHT_PLAN if words.background or words.answers else PRETRAIN_PLAN)
    return PretrainOrder(
        label_set=label_set,
        data=_fetch(words.data, label_set, words.cache),
        network=NetworkDefinition(name=words.network, arguments=arguments),
        plan=replace(
            plan,
            epochs=plan.epochs if words.epochs is None else words.epochs,
            seed=words.seed,
            background=plan.background if words.background else 0.0,
        ),
        out=words.out,
        runner=Runner(words.node, words.tfjs_runner),
        created_at=created_at,
        foundation=replace(FOUNDATION_PLAN, seed=words.seed),
        answers=tuple(words.answers),
    )


def _fetch(data: str, label_set: LabelSet, cache: Path) -> Path:
    return fetch_bitmaps(data, label_set, cache, DownloadBar(sys.stderr).show) if is_address(data) else Path(data)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; give its exit status."""
    try:
        folder = pretrain(_to_order(_parse(words), datetime.now(UTC)), EpochPrinter())
    except DoodleError as refused:
        print(f"error: {refused}", file=sys.stderr)
        return 1
    manifest = Manifest.model_validate_json((folder / "manifest.json").read_bytes())
    base = manifest.metrics["base"]
    print(f"{folder}: right on {base.accuracy:.1%} of {base.num_doodles} held-out drawings")
    return 0


if __name__ == "__main__":
    sys.exit(main())
