"""A frozen graph as ONNX, through tf2onnx."""

from typing import Any

import tensorflow as tf
import tf2onnx.optimizer
import tf2onnx.tfonnx

from training_server.freeze import FrozenGraph

OPSET = 17
"""Read by every onnxruntime since 1.12 (2022), the one for browsers included."""

INPUT_NAME = "input"
OUTPUT_NAME = "logits"
BATCH_NAME = "batch"


def write_onnx(graph: FrozenGraph) -> bytes:
    """
    Write a frozen graph as ONNX; the same graph always gives the same bytes.

    Args:
        graph: not fused: tf2onnx does not know TensorFlow's fused ops.

    Returns:
        A model from `input`, float32 (batch, height, width, channels), to `logits`, float32 (batch, num_labels).
    """
    imported = tf.Graph()
    with imported.as_default():
        tf.import_graph_def(graph.graph_def, name="")
        converted = tf2onnx.tfonnx.process_tf_graph(
            imported, input_names=[graph.input], output_names=[graph.output], opset=OPSET
        )
    model = tf2onnx.optimizer.optimize_graph(converted).make_model("doodle loop")
    _rename(model.graph, graph)
    model.graph.name = "network"
    return bytes(model.SerializeToString(deterministic=True))


def _rename(onnx_graph: Any, graph: FrozenGraph) -> None:
    """Name and order everything by its use: tf2onnx counts names on from one conversion to the next."""
    names = {graph.input: INPUT_NAME, graph.output: OUTPUT_NAME}
    for place, node in enumerate(onnx_graph.node):
        node.name = f"{node.op_type}_{place}"
        for kind in (node.input, node.output):
            for index, name in enumerate(kind):
                kind[index] = names.setdefault(name, f"value_{len(names)}") if name else ""
    for value in (*onnx_graph.input, *onnx_graph.output, *onnx_graph.initializer):
        value.name = names[value.name]
    for value in (*onnx_graph.input, *onnx_graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = BATCH_NAME
    weights = sorted(onnx_graph.initializer, key=lambda weight: int(weight.name.removeprefix("value_")))
    del onnx_graph.initializer[:]
    onnx_graph.initializer.extend(weights)
    del onnx_graph.value_info[:]
