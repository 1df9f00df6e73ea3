"""What a taught network begins from: weights that have learnt every category there is, with a label or without."""

import keras

from doodle_db.manifest import NetworkDefinition
from doodle_db.training_sets import LabelledBitmaps
from training_server.fit import fit
from training_server.fit_plan import FitPlan
from training_server.networks import build
from training_server.progress import Observer
from training_server.weights import Weights, read_weights, write_weights

HEAD = "logits/"
"""Where every network's last layer keeps its weights (training_server.networks)."""


def lay_foundation(
    network: keras.Model, definition: NetworkDefinition, rows: LabelledBitmaps, plan: FitPlan, observer: Observer
) -> None:
    """
    Train a twin of a network on all categories, and give the network what it learnt of its own labels.

    Args:
        network: untrained; its weights are replaced.
        definition: what it was built from.
        rows: of all categories; the network's labels are the first ones.
        plan: how the twin is trained.
        observer: is told the progress.
    """
    twin = build(
        definition.name, network.input_shape[1:], int(rows.labels.max()) + 1, definition.arguments, seed=plan.seed
    )
    fit(twin, rows, plan, observer)
    write_weights(network, cut_head(read_weights(twin), network.output_shape[-1]))


def cut_head(weights: Weights, num_labels: int) -> Weights:
    """Keep of the last layer the first labels' part."""
    return {path: array[..., :num_labels] if path.startswith(HEAD) else array for path, array in weights.items()}
