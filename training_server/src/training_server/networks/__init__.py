"""Networks by name: each one function that returns an untrained Keras model ending in logits."""

from collections.abc import Callable, Mapping
from typing import Any

import keras

from training_server.network_arguments import parse_arguments
from training_server.networks.cnn import cnn
from training_server.networks.doodlenet import doodlenet
from training_server.networks.lenet5 import lenet5
from training_server.networks.mlp import mlp
from training_server.networks.resnet import resnet

NETWORKS: Mapping[str, Callable[..., keras.Model]] = {
    "cnn": cnn,
    "doodlenet": doodlenet,
    "lenet5": lenet5,
    "mlp": mlp,
    "resnet": resnet,
}


def build(
    network: str,
    input_shape: tuple[int, int, int],
    num_labels: int,
    arguments: Mapping[str, Any],
    seed: int = 0,
) -> keras.Model:
    """
    Build an untrained network; the same arguments always give the same first weights.

    Args:
        network: one of network_arguments.network_names().
        input_shape: (height, width, channels) of the model input.
        num_labels: how many logits it ends in.
        arguments: the network's own; what is missing takes its default.
        seed: of the first weights and of dropout; Keras keeps it for the whole process.

    Returns:
        A model from float32 (batch, height, width, channels) in [0, 1] to float32 logits (batch, num_labels).

    Raises:
        UnknownNetworkError: there is no network of that name.
        NetworkArgumentsError: an argument does not exist or is out of its range.
    """
    checked = parse_arguments(network, arguments)
    keras.utils.set_random_seed(seed)
    return NETWORKS[network](input_shape, num_labels, checked)
