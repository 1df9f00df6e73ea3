"""Training a network from its first weights on a dataset: for candidates and, measured only, for trials of a search."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import Connection

from doodle_db.label_sets import LabelSet
from doodle_db.manifest import NetworkDefinition
from doodle_db.new_doodles import find_last_too_old
from doodle_db.run_orders import Dataset
from doodle_db.training_counts import read_last_look, read_last_verdict, read_live_watermark
from doodle_db.training_sets import LabelledBitmaps, count_fresh, select_holdout, select_new, select_replay
from training_server.candidate import Candidate, require_finite
from training_server.dataset import join, take
from training_server.errors import ExamplesError
from training_server.fit import FitResult, fit
from training_server.fit_plan import FitPlan
from training_server.holdouts import answer
from training_server.material import NUM_BASE, NUM_RECENT, Material, draw_both, draw_replay
from training_server.networks import build
from training_server.progress import Observer
from training_server.rounding import round_weights
from training_server.split_metrics import choose_test, measure_splits

MAX_DOODLES = 100_000
"""Drawings one training reads at most, where an order says nothing less: 80 MB of them, and minutes an epoch."""


def read_scratch_material(
    connection: Connection,
    dataset: Dataset,
    label_set: LabelSet,
    seed: int,
    max_doodles: int | None = None,
    before: int | None = None,
) -> Material:
    """
    Read the drawings of a dataset and what a network trained on them is tested on.

    Args:
        connection: in one transaction of its own, REPEATABLE READ, so that all parts are of one moment.
        dataset: `new`: users' since the live version's watermark, the newest of them; `users`, `base`, or `all`: both.
        label_set: the labels to tell apart, in their order.
        seed: of the draw, where there are more drawings than wanted.
        max_doodles: how many to train on; they are spread evenly over the labels. None: MAX_DOODLES.
        before: users' drawings recorded before this transaction; None: up to where the last run screened them.

    Returns:
        Users' drawings as `new` and base data as `replay`, both of the train split: validation is held back of them by
        fit, by the plan's seed and share, so that the same plan always holds back the same. `recent` and `base` are
        held out for good.
    """
    before = read_last_look(connection) if before is None else before
    users, base = _draw(
        connection, dataset, label_set, Draw(seed, min(max_doodles or MAX_DOODLES, MAX_DOODLES), before)
    )
    recent = select_holdout(connection, label_set, "user", NUM_RECENT, before)
    fresh = count_fresh(connection, label_set, "user", NUM_RECENT, read_last_verdict(connection), before)
    held_out = select_holdout(connection, label_set, "base", NUM_BASE)
    return Material(users, base, recent, held_out, fresh, len(base))


@dataclass(frozen=True)
class Draw:
    """
    How drawings are drawn.

    Attributes:
        seed: of chance.
        num_wanted: at most, up to rounding.
        before: users' drawings recorded before this transaction.
    """

    seed: int
    num_wanted: int
    before: int


def _draw(
    connection: Connection, dataset: Dataset, label_set: LabelSet, draw: Draw
) -> tuple[LabelledBitmaps, LabelledBitmaps]:
    """Draw users' drawings and base data; of both, at least half is base data if there is as much."""
    num_labels, none = len(label_set.names), empty(label_set)
    if dataset == "new":
        watermarks = read_live_watermark(connection), draw.before
        new = select_new(connection, label_set, *watermarks, find_last_too_old(connection, *watermarks))
        shuffled = take(new, np.random.default_rng(draw.seed).permutation(len(new)))
        return draw_replay(lambda number: pick_first(shuffled, number), draw.num_wanted, num_labels), none
    pivot = UUID(bytes=np.random.default_rng(draw.seed).bytes(16))

    def select_base(num_per_label: int) -> LabelledBitmaps:
        return select_replay(connection, label_set, draw.before, num_per_label, pivot, "base")

    def select_users(num_per_label: int) -> LabelledBitmaps:
        return select_replay(connection, label_set, draw.before, num_per_label, pivot, "user")

    if dataset == "base":
        return none, draw_replay(select_base, draw.num_wanted, num_labels)
    if dataset == "users":
        return draw_replay(select_users, draw.num_wanted, num_labels), none
    base, users = draw_both(select_base, select_users, draw.num_wanted, num_labels)
    return users, base


def pick_first(rows: LabelledBitmaps, num_per_label: int) -> LabelledBitmaps:
    """
    Pick the first rows of each label, in their order.

    >>> pick_first(LabelledBitmaps(np.zeros((4, 1, 1), np.uint8), np.array([1, 0, 1, 1])), 2).labels.tolist()
    [1, 0, 1]
    """
    chosen = [np.flatnonzero(rows.labels == label)[:num_per_label] for label in np.unique(rows.labels)]
    return take(rows, np.sort(np.concatenate([*chosen, np.empty(0, np.int64)])))


def empty(label_set: LabelSet) -> LabelledBitmaps:
    """Give no drawings."""
    return LabelledBitmaps(np.empty((0, label_set.height, label_set.width), np.uint8), np.empty(0, np.int64))


@dataclass(frozen=True)
class Scratch:
    """
    What is to be trained.

    Attributes:
        definition: of the network, its arguments checked.
        plan: how; its seed is also that of the first weights.
        dataset: what the material is of.
        label_set: the labels, in the order of the material's.
    """

    definition: NetworkDefinition
    plan: FitPlan
    dataset: Dataset
    label_set: LabelSet


def train_scratch(
    scratch: Scratch, material: Material, observer: Observer, tell: Callable[[FitResult], None] = lambda _: None
) -> Candidate:
    """
    Train a network from its first weights and measure it.

    Args:
        scratch: what is to be trained.
        material: see read_scratch_material.
        observer: is told every epoch with what it came to on the rows held back, and may end the training by raising.
        tell: is told what came of the training before anything is made of it.

    Raises:
        ExamplesError: there is no drawing to train on.
        DivergedError: the weights are no numbers any more.
    """
    rows = join(material.new, material.replay)
    if not len(rows):
        raise ExamplesError(f"The data set {scratch.dataset} has no drawing to train on; draw some, or name another.")
    label_set, plan = scratch.label_set, scratch.plan
    shape = (label_set.height, label_set.width, label_set.channels)
    network = build(scratch.definition.name, shape, len(label_set.names), scratch.definition.arguments, plan.seed)
    result = fit(network, rows, plan, observer)
    tell(result)
    require_finite(network, plan)
    round_weights(network)
    logits = answer(network, material)
    test = choose_test(logits, material, scratch.dataset)
    metrics = measure_splits(network, result, test, label_set.names, plan.seed)
    return Candidate(network, scratch.definition, None, plan, result, logits, metrics)
