"""The version the repository ships, as a network that can be asked or trained further."""

from dataclasses import dataclass
from pathlib import Path

import keras

from doodle_db.artifacts import MANIFEST_NAME
from doodle_db.label_sets import LabelSet, load_label_set
from doodle_db.manifest import Manifest, parse_manifest
from training_server.networks import build
from training_server.weights import load_weights, write_weights

MODELS = Path(__file__).parents[2] / "models"


@dataclass(frozen=True)
class ShippedVersion:
    """A version's folder and what its manifest says."""

    folder: Path
    manifest: Manifest
    label_set: LabelSet

    def build(self) -> keras.Model:
        """Build its network anew: whoever trains it further spoils no other test."""
        definition, size = self.manifest.network, self.manifest.input
        shape = (size.height, size.width, size.channels)
        network = build(definition.name, shape, len(self.manifest.labels), definition.arguments)
        write_weights(network, load_weights(self.folder / self.manifest.file_of("weights").path))
        return network


def find_shipped(label_set: str = "animals") -> list[Path]:
    """
    Find the manifests of shipped versions.

    Args:
        label_set: its name; "*" for all of them.
    """
    return sorted(MODELS.glob(f"{label_set}/*/{MANIFEST_NAME}"))


def load_shipped(path: Path) -> ShippedVersion:
    """Read a shipped version by its manifest's path."""
    manifest = parse_manifest(path.read_bytes())
    return ShippedVersion(path.parent, manifest, load_label_set(manifest.label_set))
