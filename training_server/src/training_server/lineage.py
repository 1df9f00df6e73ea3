"""What a candidate has from the version it begins from; without TensorFlow, so that any request can be checked."""

from collections.abc import Mapping, Sequence
from typing import Any

from doodle_db.label_sets import LabelSet
from doodle_db.manifest import Manifest, NetworkDefinition
from training_server.errors import LabelsDifferError
from training_server.network_arguments import parse_arguments


def require_labels(manifest: Manifest, label_set: LabelSet) -> None:
    """
    Make sure that every label a version knows is in the label set, and that drawings have the same shape.

    It may know fewer: labels can be added, and are learnt later.

    Raises:
        LabelsDifferError: it does not.
    """
    shape = (manifest.input.height, manifest.input.width, manifest.input.channels)
    is_known = set(manifest.label_names) <= set(label_set.names)
    if not is_known or shape != (label_set.height, label_set.width, label_set.channels):
        raise LabelsDifferError(
            f"The live version {manifest.version} was made for {', '.join(manifest.label_names)}, not for the label "
            f"set {label_set.name}; deploy a base version of {label_set.name} first."
        )


def require_known(rival: Manifest, label_names: Sequence[str]) -> None:
    """
    Make sure that a candidate knows every label of a version it is compared with.

    Raises:
        LabelsDifferError: it does not.
    """
    if lost := [name for name in rival.label_names if name not in label_names]:
        raise LabelsDifferError(
            f"Version {rival.version} knows {', '.join(lost)}, which this candidate does not: it began from another "
            "version. Train again."
        )


def derive_definition(parent: Manifest, network_args: Mapping[str, Any]) -> NetworkDefinition:
    """
    Say what a candidate's network is: its parent's, with the arguments a request changes.

    Raises:
        NetworkArgumentsError: an argument does not exist or is out of its range.
    """
    arguments = parse_arguments(parent.network.name, {**parent.network.arguments, **network_args})
    return NetworkDefinition(name=parent.network.name, arguments=arguments.model_dump())
