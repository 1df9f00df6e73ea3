"""
Train a teacher and keep what it answers to every base drawing: `python -m training_server.teach --help`.

A teacher is a large network that learns the labels together with every other category there is; a small one then
learns from its answers (`python -m training_server.pretrain --answers`). It sees the train split alone. Why:
docs/decisions/0034.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.errors import DoodleError
from doodle_db.label_sets import LabelSet, load_label_set
from doodle_db.manifest import NetworkDefinition
from training_server.answer_files import write_answers
from training_server.base_material import add_other_categories, find_base_data, read_base_rows
from training_server.evaluate import predict_logits, to_log_probabilities
from training_server.fit import fit
from training_server.fit_plan import TEACHER_PLAN, FitPlan, pretrain_plan_for
from training_server.networks import build
from training_server.printer import EpochPrinter
from training_server.progress import Observer

TEACHER = NetworkDefinition(name="resnet", arguments={})


@dataclass(frozen=True)
class TeacherOrder:
    """
    Which teacher, of what.

    Attributes:
        label_set: the labels in the order of the answers.
        data: the folder of base data (DOODLE_DATA_DIR), or where the label set's base data itself lies.
        network: name and arguments.
        plan: how it is trained.
        out: the .npz file of its answers.
    """

    label_set: LabelSet
    data: Path
    network: NetworkDefinition
    plan: FitPlan
    out: Path


def teach(order: TeacherOrder, observer: Observer) -> float:
    """
    Train one teacher and write its answers to the label set's train split.

    Returns:
        Share of the drawings held back from it that it is right on, among all categories.

    Raises:
        NotFoundError: a label has no base drawings.
    """
    place = find_base_data(order.data, order.label_set)
    training, _ = read_base_rows(place, order.label_set)
    lessons = add_other_categories(training, place, order.label_set)
    shape = (order.label_set.height, order.label_set.width, order.label_set.channels)
    num_categories = int(lessons.labels.max()) + 1
    network = build(order.network.name, shape, num_categories, order.network.arguments, order.plan.seed)
    result = fit(network, lessons, order.plan, observer)
    answers = answer(network, training.rows.bitmaps, len(order.label_set.names), mirror=order.label_set.mirror)
    write_answers(order.out, training.ids, answers)
    return result.epochs[result.best_epoch - 1].validation_accuracy


def answer(network: keras.Model, bitmaps: NDArray[np.uint8], num_labels: int, *, mirror: bool) -> NDArray[np.float32]:
    """
    Ask a teacher what a drawing is, among the labels alone.

    Args:
        network: its first logits are the labels'.
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.
        num_labels: how many of its logits count.
        mirror: whether the drawing's mirror image is asked about too; the answer is the mean.

    Returns:
        float32, shape (num_rows, num_labels), each row a distribution.
    """
    views = [bitmaps, np.ascontiguousarray(bitmaps[:, :, ::-1])] if mirror else [bitmaps]
    logits = [predict_logits(network, view)[:, :num_labels] for view in views]
    return np.asarray(np.mean([np.exp(to_log_probabilities(each)) for each in logits], axis=0), np.float32)


def _parse(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training_server.teach", description=__doc__)
    parser.add_argument("--label-set", default="animals", help="its name")
    parser.add_argument("--data", type=Path, required=True, help="base data: DOODLE_DATA_DIR, or a folder of files")
    parser.add_argument("--out", type=Path, required=True, help="the .npz file its answers are written to")
    parser.add_argument("--epochs", type=int, default=TEACHER_PLAN.epochs)
    parser.add_argument("--seed", type=int, default=TEACHER_PLAN.seed, help="another one for each teacher")
    return parser.parse_args(words)


def _to_order(words: argparse.Namespace) -> TeacherOrder:
    label_set = load_label_set(words.label_set)
    plan = replace(pretrain_plan_for(label_set, TEACHER_PLAN), epochs=words.epochs, seed=words.seed)
    return TeacherOrder(label_set, words.data, TEACHER, plan, words.out)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; give its exit status."""
    try:
        order = _to_order(_parse(words))
        accuracy = teach(order, EpochPrinter())
    except DoodleError as refused:
        print(f"error: {refused}", file=sys.stderr)
        return 1
    print(f"{order.out}: right on {accuracy:.1%} of the drawings held back, of all categories")
    return 0


if __name__ == "__main__":
    sys.exit(main())
