"""A version in the layers format of TensorFlow.js, as its `loadLayersModel` reads it: for what we are compared with."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np

from doodle_testing.shipped_version import ShippedVersion


def write_layers_model(version: ShippedVersion, folder: Path) -> None:
    """
    Write model.json and weights.bin (float32, little-endian).

    The library's own converter writes files of Keras 3 that the library cannot read (tensorflow/tfjs #8328); what it
    reads is Keras 2's description, which is made here of the layers our networks have.

    Args:
        version: a version whose network has one input and one output.
        folder: is there already.
    """
    network = version.build()
    weights = [(weight.path, np.asarray(weight, np.float32)) for weight in network.weights]
    described = {
        "format": "layers-model",
        "modelTopology": {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": _describe(network)},
        "weightsManifest": [
            {
                "paths": ["weights.bin"],
                "weights": [
                    {"name": name, "shape": list(values.shape), "dtype": "float32"} for name, values in weights
                ],
            }
        ],
    }
    (folder / "model.json").write_text(json.dumps(described))
    (folder / "weights.bin").write_bytes(b"".join(values.astype("<f4").tobytes() for _, values in weights))


def _describe(network: keras.Model) -> dict[str, Any]:
    layers = [_describe_layer(layer) for layer in network.layers]
    first, last = network.layers[0].name, network.layers[-1].name
    return {
        "class_name": "Functional",
        "config": {
            "name": network.name,
            "layers": layers,
            "input_layers": [[first, 0, 0]],
            "output_layers": [[last, 0, 0]],
        },
    }


def _describe_layer(layer: keras.Layer) -> dict[str, Any]:
    before = [operation.name for node in layer._inbound_nodes for operation in _parents(node)]
    return {
        "class_name": type(layer).__name__,
        "name": layer.name,
        "config": _configure(layer),
        "inbound_nodes": [[[name, 0, 0, {}] for name in before]] if before else [],
    }


def _parents(node: Any) -> list[Any]:
    return [parent.operation for parent in node.parent_nodes]


def _configure(layer: keras.Layer) -> dict[str, Any]:
    """Name what Keras 2 calls otherwise, and leave out what it does not know."""
    config = layer.get_config()
    if isinstance(layer, keras.layers.InputLayer):
        return {"name": layer.name, "batch_input_shape": config["batch_shape"], "dtype": "float32"}
    known = ("name", "filters", "kernel_size", "strides", "padding", "use_bias", "activation", "pool_size", "axis")
    more = ("epsilon", "momentum", "center", "scale", "units", "rate", "max_value", "threshold", "negative_slope")
    return {key: config[key] for key in (*known, *more) if key in config}
