"""What a candidate has from the version it begins from; without TensorFlow, so that any request can be checked."""

from collections.abc import Mapping
from typing import Any

from doodle_db.label_sets import LabelSet
from doodle_db.manifest import Manifest, NetworkDefinition
from training_server.errors import LabelsDifferError
from training_server.network_arguments import parse_arguments


def require_labels(manifest: Manifest, label_set: LabelSet) -> None:
    """
    Make sure that a version tells apart what the label set does, in the same order and shape.

    Raises:
        LabelsDifferError: it does not.
    """
    shape = (manifest.input.height, manifest.input.width, manifest.input.channels)
    if manifest.label_names != label_set.names or shape != (label_set.height, label_set.width, label_set.channels):
        raise LabelsDifferError(
            f"The live version {manifest.version} was made for {', '.join(manifest.label_names)}, not for the label "
            f"set {label_set.name}; deploy a base version of {label_set.name} first."
        )


def derive_definition(parent: Manifest, network_args: Mapping[str, Any]) -> NetworkDefinition:
    """
    Say what a candidate's network is: its parent's, with the arguments a request changes.

    Raises:
        NetworkArgumentsError: an argument does not exist or is out of its range.
    """
    arguments = parse_arguments(parent.network.name, {**parent.network.arguments, **network_args})
    return NetworkDefinition(name=parent.network.name, arguments=arguments.model_dump())
