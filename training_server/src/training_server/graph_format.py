"""
TensorFlow.js' graph-model format: model.json beside one file of weights.

Source of the format: tensorflow/tfjs, tfjs-core/src/io/types.ts (ModelJSON) and tfjs-converter's
GraphModel; the layers format of the official converter cannot be loaded with Keras 3 (tensorflow/tfjs issue 8328).
"""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from numpy.typing import NDArray

from training_server.errors import ExportError
from training_server.freeze import FrozenGraph
from training_server.weight_grid import WeightGrid, find_grid, is_on_grid, lowest, to_codes

WEIGHTS_NAME = "weights.bin"

KNOWN_OPS = frozenset(
    {
        *("Placeholder", "Const", "Identity"),
        *("Conv2D", "_FusedConv2D", "DepthwiseConv2dNative", "FusedDepthwiseConv2dNative"),
        *("MatMul", "_FusedMatMul", "BiasAdd", "AddV2", "Mul", "Sub", "Maximum"),
        *("MaxPool", "AvgPool", "Mean"),
        *("Relu", "Relu6", "Elu", "Tanh", "Sigmoid", "Softmax"),
        *("Shape", "StridedSlice", "Pack", "Reshape", "Squeeze", "Pad", "PadV2", "Transpose", "ConcatV2"),
    }
)
"""The ops a network may use: TensorFlow.js' converter knows each (tests compare with its own list)."""

DROPPED_ATTRIBUTES = ("value", "_output_shapes", "_XlaHasReferenceVars", "use_cudnn_on_gpu", "TArgs", "num_host_args")
"""Not read by TensorFlow.js; the value of a constant stands in the weights file."""


@dataclass(frozen=True)
class GraphModel:
    """
    Both files of a model.

    Attributes:
        model_json: content of model.json, UTF-8.
        weights: content of weights.bin, little-endian.
    """

    model_json: bytes
    weights: bytes


@dataclass(frozen=True)
class _Constant:
    """
    A weight.

    Attributes:
        name: its node's.
        value: float32 or int32.
        grid: that all its numbers are of; None: they are of none.
    """

    name: str
    value: NDArray[Any]
    grid: WeightGrid | None


def write_graph_model(graph: FrozenGraph) -> GraphModel:
    """
    Write a frozen graph as TensorFlow.js reads it; the same graph always gives the same bytes.

    A weight whose numbers are of a grid of 8 bits (training_server.rounding) takes one byte each, any other four.

    Args:
        graph: with constants for weights.

    Raises:
        ExportError: the graph uses an op TensorFlow.js does not know, or a constant that is neither float32 nor int32.
    """
    check_ops(graph)
    constants = [_read_constant(node) for node in graph.graph_def.node if node.op == "Const"]
    model = {
        "format": "graph-model",
        "generatedBy": "doodle-loop",
        "convertedBy": None,
        "signature": {
            "inputs": {"input": _describe_tensor(graph.input, [-1, *graph.input_shape])},
            "outputs": {"logits": _describe_tensor(graph.output, [-1, graph.num_labels])},
        },
        "modelTopology": {"node": [_describe_node(node) for node in graph.graph_def.node], "versions": {}},
        "weightsManifest": [
            {"paths": [WEIGHTS_NAME], "weights": [_describe_weight(constant) for constant in constants]}
        ],
    }
    content = json.dumps(model, separators=(",", ":"), sort_keys=True).encode()
    return GraphModel(content, b"".join(_to_bytes(constant) for constant in constants))


def check_ops(graph: FrozenGraph) -> None:
    """
    Refuse a graph TensorFlow.js could not run.

    Raises:
        ExportError: with the ops it does not know.
    """
    unknown = sorted({node.op for node in graph.graph_def.node} - KNOWN_OPS)
    if unknown:
        raise ExportError(
            f"The graph uses {', '.join(unknown)}, which TensorFlow.js does not know; "
            "build the network from layers whose ops graph_format.KNOWN_OPS lists."
        )


def _describe_tensor(name: str, shape: list[int]) -> dict[str, Any]:
    return {"name": name, "dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": str(size)} for size in shape]}}


def _describe_node(node: Any) -> dict[str, Any]:
    kept = {name: value for name, value in node.attr.items() if name not in DROPPED_ATTRIBUTES}
    attributes = {name: MessageToDict(value) for name, value in sorted(kept.items())}
    described = {"name": node.name, "op": node.op, "input": list(node.input), "attr": attributes}
    return {key: value for key, value in described.items() if value}


def _read_constant(node: Any) -> _Constant:
    value = tf.make_ndarray(node.attr["value"].tensor)
    if value.dtype not in (np.float32, np.int32):
        raise ExportError(f"The constant {node.name} is {value.dtype}; float32 and int32 can be exported.")
    if value.dtype == np.int32 or value.ndim < 2:
        return _Constant(node.name, value, None)
    grid = find_grid(value)
    return _Constant(node.name, value, grid if is_on_grid(value, grid) else None)


def _describe_weight(constant: _Constant) -> dict[str, Any]:
    described = {"name": constant.name, "shape": list(constant.value.shape), "dtype": str(constant.value.dtype)}
    if constant.grid is None:
        return described
    grid = {"dtype": "uint8", "scale": constant.grid.step, "min": lowest(constant.grid)}
    return {**described, "quantization": grid}


def _to_bytes(constant: _Constant) -> bytes:
    if constant.grid is not None:
        return to_codes(constant.value, constant.grid).tobytes()
    return constant.value.astype(constant.value.dtype.newbyteorder("<")).tobytes()
