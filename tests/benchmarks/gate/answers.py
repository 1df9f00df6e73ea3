"""Real networks of differing quality, and what they answer to real drawings none of them was trained on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import keras
import numpy as np
from numpy.typing import NDArray

from benchmarks.drills.rules import learn_beside
from doodle_db.label_sets import LabelSet
from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import NUM_REPLAY, take
from training_server.evaluate import predict_logits
from training_server.fit import fit
from training_server.fit_plan import DELTA_PLAN, FitPlan, pretrain_plan_for
from training_server.network_arguments import DEFAULT_NETWORK
from training_server.networks import build
from training_server.progress import SilentObserver
from training_server.weights import Weights, read_weights, write_weights

NUM_NEW = 1_000
"""Drawings that deltas learn from: two rounds of 500."""

NOISE = (0.05, 0.1, 0.2, 0.4)
"""Noise that damages weights, as a share of how far they lie apart: one point of accuracy is lost, or some tens."""


@dataclass(frozen=True)
class Sizes:
    """
    How much is trained; less for a quick try, whose figures say nothing.

    Attributes:
        num_training: rows the networks are trained on.
        num_asked: rows asked about at most, of those that are left.
        epochs: of the live network.
        short_epochs: of networks that are worse because they were trained for less.
        num_deltas: trained from the live network.
    """

    num_training: int = 9_500
    num_asked: int = 20_000
    epochs: int = 12
    short_epochs: tuple[int, ...] = (4, 7)
    num_deltas: int = 3


@dataclass(frozen=True)
class Answers:
    """
    What networks answer to the same drawings.

    Attributes:
        label_names: in the order of the logits.
        labels: int64, shape (num_rows,).
        logits: by the network's name, float32, shape (num_rows, num_labels); "live" is one of them.
    """

    label_names: tuple[str, ...]
    labels: NDArray[np.int64]
    logits: Mapping[str, NDArray[np.float32]]

    def right(self, name: str) -> NDArray[np.bool_]:
        """bool, shape (num_rows,): where a network's first guess is the label."""
        return np.asarray(self.logits[name].argmax(axis=1) == self.labels)


def collect(label_set: LabelSet, drawings: LabelledBitmaps, sizes: Sizes, seed: int) -> Answers:
    """
    Train networks on one part of the drawings and ask all of them about the rest.

    Args:
        label_set: of the drawings.
        drawings: of the train split alone: what is chosen by these figures is chosen on no test drawing.
        sizes: how much is trained.
        seed: of the parts and of every training.
    """
    order = np.random.default_rng(seed).permutation(len(drawings))
    old, new, asked = np.split(order, [sizes.num_training, sizes.num_training + NUM_NEW])
    networks = train_all(label_set, take(drawings, old), take(drawings, new), sizes, seed)
    pool = take(drawings, asked[: sizes.num_asked])
    return Answers(
        label_set.names,
        pool.labels,
        {name: predict_logits(network, pool.bitmaps) for name, network in networks.items()},
    )


def train_all(
    label_set: LabelSet, old: LabelledBitmaps, new: LabelledBitmaps, sizes: Sizes, seed: int
) -> dict[str, keras.Model]:
    """Train the live network, its like from other seeds, worse ones, deltas of it, and damage it."""
    plan = replace(pretrain_plan_for(label_set), epochs=sizes.epochs, seed=seed)
    live = pretrain(label_set, old, plan)
    weights = read_weights(live)
    networks = {"live": live, "another seed": pretrain(label_set, old, replace(plan, seed=seed + 1))}
    for epochs in sizes.short_epochs:
        networks[f"{epochs} epochs"] = pretrain(label_set, old, replace(plan, epochs=epochs, seed=seed + 2))
    for number in range(sizes.num_deltas):
        networks[f"delta {number}"] = train_delta(label_set, weights, old, new, seed + 10 + number)
    for scale in NOISE:
        networks[f"noise {scale}"] = damage(label_set, weights, scale, seed)
    return networks


def pretrain(label_set: LabelSet, rows: LabelledBitmaps, plan: FitPlan) -> keras.Model:
    """Train the default network from nothing."""
    network = build_network(label_set, plan.seed)
    fit(network, rows, plan, SilentObserver())
    return network


def train_delta(
    label_set: LabelSet, weights: Weights, old: LabelledBitmaps, new: LabelledBitmaps, seed: int
) -> keras.Model:
    """Train the live network further on a half of the new rows, as a run does."""
    random = np.random.default_rng(seed)
    network, founder = build_network(label_set, seed), build_network(label_set, seed)
    write_weights(network, weights)
    write_weights(founder, weights)
    shown = take(new, random.permutation(len(new))[: len(new) // 2])
    replay = take(old, random.permutation(len(old))[:NUM_REPLAY])
    learn_beside(founder, label_set.names, network, shown, replay, replace(DELTA_PLAN, seed=seed))
    return network


def damage(label_set: LabelSet, weights: Weights, scale: float, seed: int) -> keras.Model:
    """Add noise to every weight, in proportion to how far its array's values lie apart."""
    random = np.random.default_rng(seed)
    network = build_network(label_set, seed)
    noisy = {name: array + scale * array.std() * random.normal(size=array.shape) for name, array in weights.items()}
    write_weights(network, {name: array.astype(np.float32) for name, array in noisy.items()})
    return network


def build_network(label_set: LabelSet, seed: int) -> keras.Model:
    """Build the default network untrained."""
    shape = (label_set.height, label_set.width, label_set.channels)
    return build(DEFAULT_NETWORK, shape, len(label_set.names), {}, seed)
