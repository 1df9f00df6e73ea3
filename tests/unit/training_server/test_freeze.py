"""From a Keras network to a graph of constants."""

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from training_server.freeze import FrozenGraph, freeze, fuse
from training_server.network_arguments import network_names
from training_server.networks import build
from training_server.weights import read_weights, write_weights

SHAPE = (28, 28, 1)


def randomised(name: str, seed: int = 0) -> Any:
    """A network whose every weight is random, so that nothing folds away by being zero or one."""
    network = build(name, SHAPE, 5, {})
    random = np.random.default_rng(seed)
    weights = {
        path: (array + random.uniform(0.01, 0.1, array.shape)).astype(np.float32)
        for path, array in read_weights(network).items()
    }
    write_weights(network, weights)
    return network


def run(graph: FrozenGraph, pixels: np.ndarray) -> np.ndarray:
    """Run a frozen graph in TensorFlow."""
    imported = tf.compat.v1.wrap_function(lambda: tf.import_graph_def(graph.graph_def, name=""), [])
    tensor = imported.graph.as_graph_element
    answer = imported.prune(tensor(graph.input), tensor(graph.output))(tf.constant(pixels))
    return np.asarray(answer.numpy())


def ops_of(graph: FrozenGraph) -> list[str]:
    """The ops of a graph, without constants."""
    return [node.op for node in graph.graph_def.node if node.op != "Const"]


@pytest.mark.parametrize("name", network_names())
def test_frozen_and_fused_answer_as_the_network(name: str) -> None:
    """Folding and fusing change the graph, not what it says."""
    network = randomised(name)
    pixels = np.random.default_rng(1).random((4, *SHAPE), np.float32)
    expected = network(pixels, training=False).numpy()

    graph = freeze(network)

    assert run(graph, pixels) == pytest.approx(expected, rel=1e-5, abs=1e-5)
    assert run(fuse(graph), pixels) == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_batch_normalisation_leaves_no_trace() -> None:
    """Doodlenet becomes one fused node per convolution: nothing multiplies or adds per channel any more."""
    ops = ops_of(fuse(freeze(randomised("doodlenet"))))

    assert ops.count("_FusedConv2D") == 5
    assert not {"Mul", "Sub", "Rsqrt", "BiasAdd", "Relu"} & set(ops)


def test_dropout_is_gone() -> None:
    """What is frozen is the network in use: nothing random is left."""
    network = build("cnn", SHAPE, 3, {"dropout": 0.5})

    assert not [op for op in ops_of(freeze(network)) if "Random" in op]


def test_tanh_stays_outside_fused_nodes() -> None:
    """TensorFlow.js cannot run tanh inside a fused node, so LeNet-5 keeps it outside."""
    graph = fuse(freeze(randomised("lenet5")))

    lists = [node.attr["fused_ops"].list.s for node in graph.graph_def.node if "fused_ops" in node.attr]
    fused = {name for names in lists for name in names}
    assert fused == {b"BiasAdd"}
    assert ops_of(graph).count("Tanh") == 4


def test_freezing_twice_gives_the_same_graph() -> None:
    """Names and order depend on the network alone."""
    network = randomised("doodlenet")

    first, second = (fuse(freeze(network)).graph_def.SerializeToString(deterministic=True) for _ in range(2))

    assert first == second
