"""Ways to come to an answer, from the simplest to what is shipped: each gives its figures for a seed."""

import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.comparisons.environment import make_environment
from benchmarks.comparisons.measured import Measured, measure_logits, measure_probabilities
from doodle_db.label_sets import LabelSet
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.shipped_version import load_shipped
from training_server.evaluate import predict_logits
from training_server.fit import fit
from training_server.fit_plan import FitPlan, pretrain_plan_for
from training_server.multiply_adds import count_multiply_adds
from training_server.network_arguments import DEFAULT_NETWORK
from training_server.networks import build
from training_server.progress import Observer

TREE_REQUIREMENTS = ("scikit-learn==1.9.1",)
"""Released in September 2026; some 200 MB with what it needs, so it is no dependency of the project."""


@dataclass(frozen=True)
class Task:
    """
    What every recipe is given.

    Attributes:
        label_set: labels and shape.
        training: rows of the train split; what a recipe needs for choosing it takes from these.
        holdout: rows of the test split: to be measured on, and for nothing else.
        epochs: instead of the plan's; None: as `pretrain` has it.
        observer: watches trainings.
    """

    label_set: LabelSet
    training: LabelledBitmaps
    holdout: LabelledBitmaps
    epochs: int | None
    observer: Observer


@dataclass(frozen=True)
class Recipe:
    """
    A line of the table.

    Attributes:
        name: of the result's file.
        title: as the table writes it.
        made_with: all that the figures depend on besides task and seed.
        measure: takes the seed.
        seeds: those there are figures for; None: any.
    """

    name: str
    title: str
    made_with: dict[str, Any]
    measure: Callable[[int], Measured]
    seeds: tuple[int, ...] | None = None


def guess_commonest(task: Task) -> Recipe:
    """Answer what is drawn most often, whatever is drawn; as sure as the training rows' shares say."""

    def measure(_seed: int) -> Measured:
        shares = np.bincount(task.training.labels, minlength=len(task.label_set.names)) / len(task.training)
        answers = np.tile(shares, (len(task.holdout), 1))
        return measure_probabilities(answers, task.holdout.labels, task.label_set.names)

    return Recipe("commonest", "always the commonest label", {}, measure, seeds=(0,))


def grow_tree(task: Task) -> Recipe:
    """Train scikit-learn's decision tree on pixels."""

    def measure(seed: int) -> Measured:
        python = make_environment("scikit-learn", TREE_REQUIREMENTS, "200 MB")
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            rows, answers = Path(folder) / "rows.npz", Path(folder) / "answers.npz"
            np.savez(
                rows,
                training_bitmaps=task.training.bitmaps,
                training_labels=task.training.labels,
                holdout_bitmaps=task.holdout.bitmaps,
            )
            program = Path(__file__).with_name("decision_tree.py")
            subprocess.run([python, program, rows, answers, str(seed)], check=True)
            told = np.load(answers)
            measured = measure_probabilities(told["probabilities"], task.holdout.labels, task.label_set.names)
            return replace(measured, num_parameters=int(told["num_nodes"]), seconds=time.monotonic() - began)

    return Recipe("tree", "decision tree (its nodes)", {"requirements": TREE_REQUIREMENTS}, measure)


def train_network(task: Task, network: str) -> Recipe:
    """Train a network from nothing, as `pretrain` does without teachers."""
    plan = pretrain_plan_for(task.label_set)
    plan = replace(plan, epochs=task.epochs or plan.epochs)
    made_with = {"network": network, "plan": asdict(replace(plan, seed=0))}
    title = f"`{network}`" + (", plain recipe" if network == DEFAULT_NETWORK else "")
    return Recipe(network, title, made_with, lambda seed: _train(task, network, replace(plan, seed=seed)))


def _train(task: Task, name: str, plan: FitPlan) -> Measured:
    shape = (task.label_set.height, task.label_set.width, task.label_set.channels)
    network = build(name, shape, len(task.label_set.names), {}, plan.seed)
    began = time.monotonic()
    fit(network, task.training, plan, task.observer)
    seconds = time.monotonic() - began
    return replace(
        measure_logits(predict_logits(network, task.holdout.bitmaps), task.holdout.labels, task.label_set.names),
        num_parameters=network.count_params(),
        num_multiply_adds=count_multiply_adds(network),
        seconds=seconds,
    )


def ask_versions(task: Task, folders: list[Path]) -> Recipe:
    """Measure finished versions: the shipped one, and others made like it with other seeds."""
    versions = [folder.name for folder in folders]

    def measure(number: int) -> Measured:
        version = load_shipped(folders[number] / "manifest.json")
        network = version.build()
        return replace(
            measure_logits(predict_logits(network, task.holdout.bitmaps), task.holdout.labels, task.label_set.names),
            num_parameters=network.count_params(),
            num_multiply_adds=count_multiply_adds(network),
        )

    title = "as shipped" if len(folders) == 1 else "made as what is shipped"
    return Recipe("version", f"**{title}**", {"versions": versions}, measure, seeds=tuple(range(len(folders))))
