"""model.json and weights.bin, as TensorFlow.js reads them."""

import json
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from training_server.errors import ExportError
from training_server.freeze import FrozenGraph, freeze, fuse
from training_server.graph_format import GraphModel, write_graph_model
from training_server.networks import build
from training_server.rounding import round_weights

SHAPE = (28, 28, 1)


def read_weights_file(model: GraphModel) -> dict[str, np.ndarray]:
    """Read the weights as TensorFlow.js does: one after the other, as the manifest lists them."""
    (group,) = json.loads(model.model_json)["weightsManifest"]
    arrays, start = {}, 0
    for weight in group["weights"]:
        grid = weight.get("quantization", {"dtype": weight["dtype"]})
        kind = np.dtype({"float32": "<f4", "int32": "<i4", "uint8": "u1"}[grid["dtype"]])
        size = int(np.prod(weight["shape"], dtype=int)) * kind.itemsize
        values = np.frombuffer(model.weights[start : start + size], kind).reshape(weight["shape"])
        if "scale" in grid:
            values = (values.astype(np.float64) * grid["scale"] + grid["min"]).astype(np.float32)
        arrays[weight["name"]] = values
        start += size
    assert start == len(model.weights)
    return arrays


@pytest.fixture(scope="module")
def graph() -> FrozenGraph:
    """A small network, frozen and fused."""
    return fuse(freeze(build("doodlenet", SHAPE, 6, {})))


def test_the_weights_file_holds_every_constant(graph: FrozenGraph) -> None:
    """Bytes and manifest agree with the graph's constants, and nothing is left over."""
    expected = {
        node.name: tf.make_ndarray(node.attr["value"].tensor) for node in graph.graph_def.node if node.op == "Const"
    }

    arrays = read_weights_file(write_graph_model(graph))

    assert list(arrays) == list(expected)
    assert all(np.array_equal(arrays[name], expected[name]) for name in expected)


def test_rounded_weights_take_a_byte_each() -> None:
    """What is read back are the very numbers, but for the last digits that folding normalisation costs."""
    network = build("doodlenet", SHAPE, 6, {})
    round_weights(network)
    rounded = fuse(freeze(network))
    expected = {
        node.name: tf.make_ndarray(node.attr["value"].tensor) for node in rounded.graph_def.node if node.op == "Const"
    }

    model = write_graph_model(rounded)

    assert len(model.weights) < 1.05 * network.count_params()
    for name, array in read_weights_file(model).items():
        assert array == pytest.approx(expected[name], rel=1e-5, abs=1e-6)


def test_the_model_says_what_goes_in_and_out(graph: FrozenGraph) -> None:
    """One input of any number of drawings, one output of logits, one weights file."""
    model: dict[str, Any] = json.loads(write_graph_model(graph).model_json)

    (given,) = model["signature"]["inputs"].values()
    (answered,) = model["signature"]["outputs"].values()
    assert model["format"] == "graph-model"
    assert [size["size"] for size in given["tensorShape"]["dim"]] == ["-1", "28", "28", "1"]
    assert [size["size"] for size in answered["tensorShape"]["dim"]] == ["-1", "6"]
    assert [group["paths"] for group in model["weightsManifest"]] == [["weights.bin"]]


def test_constants_stand_in_the_weights_file_only(graph: FrozenGraph) -> None:
    """model.json stays small: no value is written twice."""
    model: dict[str, Any] = json.loads(write_graph_model(graph).model_json)

    assert all("value" not in node.get("attr", {}) for node in model["modelTopology"]["node"])


def test_the_same_graph_gives_the_same_bytes(graph: FrozenGraph) -> None:
    """A file's hash says something about its content."""
    assert write_graph_model(graph) == write_graph_model(graph)


def test_an_op_tensorflow_js_does_not_know_is_refused() -> None:
    """A network the browser could not run is found out here, not there."""
    traced = tf.function(lambda x: tf.math.erfinv(x) + tf.math.lgamma(x)).get_concrete_function(
        tf.TensorSpec([None, 2], tf.float32)
    )
    strange = FrozenGraph(traced.graph.as_graph_def(), "x:0", "Identity:0", (28, 28, 1), 2)

    with pytest.raises(ExportError, match="The graph uses Erfinv, Lgamma, which"):
        write_graph_model(strange)
