"""The version a drill begins from: a network that can be built anew as often as needed."""

from dataclasses import dataclass, replace

import keras

from doodle_db.manifest import NetworkDefinition, Rejection
from doodle_testing.shipped_version import ShippedVersion
from training_server.networks import build
from training_server.weights import Weights, load_weights, read_weights, write_weights

NOTHING_UNKNOWN = Rejection(score="energy", threshold=1e30)
"""Of a version that a drill made itself and nobody asks what it does not know."""


@dataclass(frozen=True)
class Origin:
    """
    A version, as far as a drill needs it.

    Attributes:
        definition: name and arguments of its network.
        input_shape: (height, width, channels).
        label_names: in the order of the logits.
        weights: of the network.
        rejection: of its manifest.
    """

    definition: NetworkDefinition
    input_shape: tuple[int, int, int]
    label_names: tuple[str, ...]
    weights: Weights
    rejection: Rejection = NOTHING_UNKNOWN

    @classmethod
    def of_shipped(cls, shipped: ShippedVersion) -> "Origin":
        """Begin from a version's folder, whichever is shipped."""
        manifest = shipped.manifest
        shape = (manifest.input.height, manifest.input.width, manifest.input.channels)
        weights = load_weights(shipped.folder / manifest.file_of("weights").path)
        return cls(manifest.network, shape, tuple(manifest.label_names), weights, manifest.rejection)

    def with_weights_of(self, network: keras.Model) -> "Origin":
        """Give the version that a network of the same definition and labels has become."""
        return replace(self, weights=read_weights(network))

    def build(self, seed: int = 0) -> keras.Model:
        """Build the network and put in its weights."""
        network = self.build_untrained(len(self.label_names), seed)
        write_weights(network, self.weights)
        return network

    def build_untrained(self, num_labels: int, seed: int = 0) -> keras.Model:
        """Build the network for so many labels, with first weights of a seed."""
        return build(self.definition.name, self.input_shape, num_labels, self.definition.arguments, seed)
