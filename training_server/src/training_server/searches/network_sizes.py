"""How large a network will be, without building it: what a request is answered with cannot wait for TensorFlow."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from training_server.network_arguments import (
    CnnArguments,
    Lenet5Arguments,
    MlpArguments,
    NetworkArguments,
    ResnetArguments,
    parse_arguments,
)

Layer = tuple[int, int]
"""Parameters, and multiply-adds of one drawing."""

Shape = tuple[int, int, int]
"""Height, width, channels."""


@dataclass(frozen=True)
class NetworkSize:
    """
    What a network costs.

    Attributes:
        num_parameters: all of them, normalisation's statistics included.
        num_multiply_adds: of one drawing; see training_server.multiply_adds.
    """

    num_parameters: int
    num_multiply_adds: int


def measure_network(network: str, shape: Shape, num_labels: int, arguments: Mapping[str, Any]) -> NetworkSize:
    """
    Work out a network's size; a test holds it against the network that is built.

    Args:
        network: one of network_arguments.network_names().
        shape: of its input.
        num_labels: how many logits it ends in.
        arguments: the network's own; what is missing takes its default.

    Raises:
        NetworkArgumentsError: an argument does not exist or is out of its range.

    >>> measure_network("cnn", (28, 28, 1), 3, {}).num_parameters
    92867
    """
    layers = list(_LAYERS[network](shape, num_labels, parse_arguments(network, arguments)))
    return NetworkSize(sum(layer[0] for layer in layers), sum(layer[1] for layer in layers))


def _convolve(height: int, width: int, inputs: int, outputs: int, window: int = 3) -> Layer:
    """A convolution with a bias, by the size of what it gives."""
    weights = window * window * inputs * outputs
    return weights + outputs, height * width * weights


def _convolve_normalised(height: int, width: int, inputs: int, outputs: int) -> Layer:
    """A 3x3 convolution without a bias and its normalisation: four numbers a filter."""
    weights = 9 * inputs * outputs
    return weights + 4 * outputs, height * width * weights


def _connect(inputs: int, outputs: int) -> Layer:
    """A dense layer."""
    return (inputs + 1) * outputs, inputs * outputs


def _cnn(shape: Shape, num_labels: int, arguments: NetworkArguments) -> Iterable[Layer]:
    assert isinstance(arguments, CnnArguments)  # noqa: S101  # the table below says so
    height, width, inputs = shape
    window = arguments.kernel_size
    lost = window - 1 if window <= 3 else 0
    for stage, outputs in enumerate((arguments.num_filters, 2 * arguments.num_filters, 2 * arguments.num_filters)):
        if stage:
            height, width = height // 2, width // 2
        height, width = height - lost, width - lost
        yield _convolve(height, width, inputs, outputs, window)
        inputs = outputs
    yield _connect(height * width * inputs, arguments.dense_units)
    yield _connect(arguments.dense_units, num_labels)


def _mlp(shape: Shape, num_labels: int, arguments: NetworkArguments) -> Iterable[Layer]:
    assert isinstance(arguments, MlpArguments)  # noqa: S101
    height, width, inputs = shape
    yield _connect(height * width * inputs, arguments.first_units)
    yield _connect(arguments.first_units, arguments.second_units)
    yield _connect(arguments.second_units, num_labels)


def _lenet5(shape: Shape, num_labels: int, arguments: NetworkArguments) -> Iterable[Layer]:
    assert isinstance(arguments, Lenet5Arguments)  # noqa: S101
    height, width, inputs = shape
    yield _convolve(height, width, inputs, 6, 5)
    height, width = height // 2 - 4, width // 2 - 4
    yield _convolve(height, width, 6, 16, 5)
    yield _connect((height // 2) * (width // 2) * 16, 120)
    yield _connect(120, 84)
    yield _connect(84, num_labels)


def _doodlenet(shape: Shape, num_labels: int, _arguments: NetworkArguments) -> Iterable[Layer]:
    height, width, inputs = shape
    yield _convolve_normalised(height, width, inputs, 16)
    yield _convolve_normalised(height // 2, width // 2, 16, 24)
    yield _convolve_normalised(height // 4, width // 4, 24, 48)
    yield _convolve_normalised(height // 4, width // 4, 48, 48)
    yield _convolve_normalised(height // 8, width // 8, 48, 96)
    yield _connect(96, num_labels)


def _resnet(shape: Shape, num_labels: int, arguments: NetworkArguments) -> Iterable[Layer]:
    assert isinstance(arguments, ResnetArguments)  # noqa: S101
    height, width, inputs = shape
    for stage, num_residuals in enumerate((1, 1, 2)):
        outputs = arguments.first_filters * 2**stage
        rows, columns = height // 2**stage, width // 2**stage
        yield _convolve_normalised(rows, columns, inputs, outputs)
        yield from [_convolve_normalised(rows, columns, outputs, outputs)] * num_residuals
        inputs = outputs
    yield _connect(inputs, num_labels)


_LAYERS: Mapping[str, Callable[[Shape, int, NetworkArguments], Iterable[Layer]]] = {
    "cnn": _cnn,
    "doodlenet": _doodlenet,
    "lenet5": _lenet5,
    "mlp": _mlp,
    "resnet": _resnet,
}
