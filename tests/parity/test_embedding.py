"""What goes into a network's last layer, asked in Keras by training and through ONNX Runtime by the watch on drift."""

import numpy as np
import pytest

from training_server.drift_view import VersionView
from training_server.embedding import embed
from training_server.freeze import freeze
from training_server.network_arguments import network_names
from training_server.networks import build
from training_server.onnx_format import write_onnx
from training_server.weights import read_weights, write_weights


@pytest.mark.parametrize("name", network_names())
def test_every_network_is_looked_into_alike(name: str) -> None:
    """With random weights and random drawings: the same embeddings, and the same certainty."""
    random = np.random.default_rng(1)
    network = build(name, (28, 28, 1), 6, {})
    moved = {path: array + random.uniform(0, 0.1, array.shape) for path, array in read_weights(network).items()}
    write_weights(network, {path: array.astype(np.float32) for path, array in moved.items()})
    bitmaps = random.integers(0, 256, (300, 28, 28), dtype=np.uint8)

    seen = VersionView(write_onnx(freeze(network))).look(bitmaps)

    told = embed(network, bitmaps)
    np.testing.assert_allclose(seen.embeddings, told.embeddings, rtol=1e-4, atol=1e-4)
    shares = np.exp(told.logits.astype(np.float64) - told.logits.max(axis=1, keepdims=True))
    np.testing.assert_allclose(seen.confidence, (shares / shares.sum(axis=1, keepdims=True)).max(axis=1), atol=1e-4)
