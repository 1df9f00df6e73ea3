"""A Keras network as a plain TensorFlow graph of constants: what both exports are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import config_pb2, device_properties_pb2, meta_graph_pb2
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from tensorflow.python.grappler import cluster, tf_optimizer

FOLDING = ("constfold", "dependency", "pruning")
"""Grappler's passes that fold batch normalisation into the convolution before it and drop what is left over."""

FUSING = ("remap", "constfold", "dependency", "pruning")
"""Grappler's passes that make one node of convolution, bias and activation."""

FUSED_ACTIVATIONS = ("Relu", "Relu6")
"""Activations every backend of TensorFlow.js runs inside a fused node."""

INPUT_NAME = "input"


@dataclass(frozen=True)
class FrozenGraph:
    """
    A graph whose weights are constants.

    Attributes:
        graph_def: a tensorflow.GraphDef.
        input, output: names of tensors, e.g. "input:0".
        input_shape: (height, width, channels); the batch is free.
        num_labels: width of the output.
    """

    graph_def: Any
    input: str
    output: str
    input_shape: tuple[int, int, int]
    num_labels: int


def freeze(network: keras.Model) -> FrozenGraph:
    """
    Trace a network as it is in use and turn its weights into constants, batch normalisation folded.

    Args:
        network: from float32 (batch, height, width, channels) to logits.
    """
    traced = tf.function(lambda pixels: network(pixels, training=False), autograph=False)
    signature = tf.TensorSpec([None, *network.input_shape[1:]], tf.float32, name=INPUT_NAME)
    frozen = convert_variables_to_constants_v2(traced.get_concrete_function(signature))
    graph = FrozenGraph(
        graph_def=frozen.graph.as_graph_def(),
        input=frozen.inputs[0].name,
        output=frozen.outputs[0].name,
        input_shape=tuple(network.input_shape[1:]),
        num_labels=int(network.output_shape[-1]),
    )
    return _with(graph, _name_biases(_optimise(graph, FOLDING)))


def fuse(graph: FrozenGraph) -> FrozenGraph:
    """Make one node of each convolution or matrix product, bias and rectifier, as TensorFlow.js runs fastest."""
    return _with(graph, _split_activations(_optimise(graph, FUSING)))


def _with(graph: FrozenGraph, graph_def: Any) -> FrozenGraph:
    return FrozenGraph(graph_def, graph.input, graph.output, graph.input_shape, graph.num_labels)


def _optimise(graph: FrozenGraph, passes: Sequence[str]) -> Any:
    """Run some of Grappler's passes over the graph for an imagined CPU, so that the result is the same everywhere."""
    config = config_pb2.ConfigProto()
    config.graph_options.rewrite_options.optimizers.extend(passes)
    config.graph_options.rewrite_options.min_graph_nodes = -1  # also graphs of less than four nodes
    return tf_optimizer.OptimizeGraph(config, _describe(graph), cluster=_imagine_cpu())


def _describe(graph: FrozenGraph) -> Any:
    """Wrap the graph with what Grappler must keep: input and output."""
    imported = tf.Graph()
    with imported.as_default():
        tf.import_graph_def(graph.graph_def, name="")
        described = tf.compat.v1.train.export_meta_graph(graph_def=imported.as_graph_def(), graph=imported)
    kept = meta_graph_pb2.CollectionDef()
    kept.node_list.value.extend([graph.input, graph.output])
    described.collection_def["train_op"].CopyFrom(kept)
    for node in described.graph_def.node:
        node.device = "/device:CPU:0"  # Grappler fuses only nodes that are placed
    return described


def _imagine_cpu() -> Any:
    properties = device_properties_pb2.DeviceProperties(type="CPU", num_cores=1, frequency=1000)
    return cluster.Cluster(devices=[device_properties_pb2.NamedDevice(name="/CPU:0", properties=properties)])


def _name_biases(graph_def: Any) -> Any:
    """
    Call an addition of one constant per channel what it is, a BiasAdd, in the order BiasAdd wants.

    Folding leaves batch normalisation's shift as AddV2, which Grappler does not fuse.
    """
    constants = {node.name: node for node in graph_def.node if node.op == "Const"}
    for node in graph_def.node:
        biases = [name for name in node.input if name in constants and _is_vector(constants[name])]
        if node.op == "AddV2" and len(biases) == 1:
            values = next(name for name in node.input if name != biases[0])
            node.op = "BiasAdd"
            node.input[:] = [values, biases[0]]
            node.attr["data_format"].s = b"NHWC"
    return graph_def


def _split_activations(graph_def: Any) -> Any:
    """Give activations that TensorFlow.js cannot run inside a fused node a node of their own again."""
    split = tf.compat.v1.GraphDef()
    for node in graph_def.node:
        fused = list(node.attr["fused_ops"].list.s) if node.op.startswith("_Fused") else []
        kept = split.node.add()
        kept.CopyFrom(node)
        if len(fused) == 2 and fused[1].decode() not in FUSED_ACTIVATIONS:
            kept.name = f"{node.name}/before"
            kept.attr["fused_ops"].list.s[:] = fused[:1]
            activation = split.node.add(op=fused[1].decode(), name=node.name, input=[kept.name])
            activation.attr["T"].CopyFrom(node.attr["T"])
    return split


def _is_vector(node: Any) -> bool:
    value = tf.make_ndarray(node.attr["value"].tensor)
    return bool(value.ndim == 1 and value.dtype == np.float32)
