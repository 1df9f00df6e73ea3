"""The version a run begins from, and the one it is compared with: their weights in a network."""

from pathlib import Path

import keras

from doodle_db.artifacts import ArtifactStore
from doodle_db.manifest import Manifest, NetworkDefinition
from training_server.errors import WeightsError
from training_server.networks import build
from training_server.weights import load_weights, write_weights


def load_network(store: ArtifactStore, manifest: Manifest, folder: Path) -> keras.Model:
    """
    Build a version's network and put in its weights.

    Args:
        store: holds the version.
        manifest: of the version.
        folder: for a temporary copy of the weights.

    Raises:
        ArtifactError: the stored weights are not what the manifest says.
        UnknownVersionError: they are not in the store.
    """
    return load_into(store, manifest, manifest.network, folder, seed=0)


def load_into(
    store: ArtifactStore, manifest: Manifest, definition: NetworkDefinition, folder: Path, seed: int
) -> keras.Model:
    """
    Build a network and put in a version's weights.

    Args:
        store: holds the version.
        manifest: of the version.
        definition: of the network; the version's own, or one with weights of the same names and shapes.
        folder: for a temporary copy of the weights.
        seed: of what is random in the network, such as dropout.

    Raises:
        WeightsError: the weights do not fit the network.
    """
    path = folder / f"{manifest.version}.npz"
    path.write_bytes(store.read_file(manifest, manifest.file_of("weights").path))
    network = build_for(manifest, definition, seed)
    write_weights(network, load_weights(path))
    return network


def build_for(
    manifest: Manifest, definition: NetworkDefinition, seed: int, num_labels: int | None = None
) -> keras.Model:
    """Build an untrained network with a version's input shape, and its number of labels unless told otherwise."""
    shape = (manifest.input.height, manifest.input.width, manifest.input.channels)
    return build(definition.name, shape, num_labels or len(manifest.labels), definition.arguments, seed)


def begin_from(
    store: ArtifactStore, manifest: Manifest, definition: NetworkDefinition, folder: Path, seed: int
) -> keras.Model | None:
    """Do what load_into does; None if the definition's weights have other shapes, so training must begin anew."""
    try:
        return load_into(store, manifest, definition, folder, seed)
    except WeightsError:
        if definition == manifest.network:
            raise
        return None
