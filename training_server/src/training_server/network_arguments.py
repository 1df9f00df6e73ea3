"""What may be said about each network, and its defaults; no TensorFlow, so that a request can be checked anywhere."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from training_server.errors import NetworkArgumentsError, UnknownNetworkError

DEFAULT_NETWORK = "doodlenet"

Units = Annotated[int, Field(ge=8, le=512)]
"""Width of a dense layer; the bounds keep a request from asking for a network no browser could load."""

DropoutRate = Annotated[float, Field(ge=0.0, le=0.8)]
"""Share of activations set to zero while training."""

KernelSize = Annotated[int, Field(ge=1, le=7)]
"""Height and width of a convolution's window, in pixels."""

NumFilters = Annotated[int, Field(ge=4, le=64)]
"""Width of the first convolution."""


class NetworkArguments(BaseModel):
    """Arguments common to all networks: none."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CnnArguments(NetworkArguments):
    """Three convolutions and a dense layer: the network of the system this one started from, if nothing is said."""

    kernel_size: KernelSize = 3
    num_filters: NumFilters = 32
    dense_units: Units = 64
    dropout: DropoutRate = 0.0


class MlpArguments(NetworkArguments):
    """Two dense layers over the pixels: the baseline that knows nothing about images."""

    first_units: Units = 96
    second_units: Units = 64
    dropout: DropoutRate = 0.0


class Lenet5Arguments(NetworkArguments):
    """LeNet-5 with its published sizes (LeCun et al. 1998)."""

    dropout: DropoutRate = 0.0


class DoodlenetArguments(NetworkArguments):
    """Our own small residual network; see docs/decisions/0004."""

    dropout: DropoutRate = 0.1


class ResnetArguments(NetworkArguments):
    """A large residual network that teaches small ones; see docs/decisions/0034."""

    first_filters: Annotated[int, Field(ge=8, le=64)] = 32
    dropout: DropoutRate = 0.3


ARGUMENTS: Mapping[str, type[NetworkArguments]] = {
    "cnn": CnnArguments,
    "doodlenet": DoodlenetArguments,
    "lenet5": Lenet5Arguments,
    "mlp": MlpArguments,
    "resnet": ResnetArguments,
}


def network_names() -> tuple[str, ...]:
    """Name the networks there are, in alphabetical order."""
    return tuple(sorted(ARGUMENTS))


def parse_arguments(network: str, arguments: Mapping[str, Any]) -> NetworkArguments:
    """
    Check a network's name and arguments, and fill in what was left out.

    Args:
        network: one of network_names().
        arguments: by name; what is missing takes its default.

    Raises:
        UnknownNetworkError: there is no network of that name.
        NetworkArgumentsError: an argument does not exist or is out of its range; the message says what is allowed.

    >>> parse_arguments("cnn", {"dense_units": 32}).model_dump()
    {'kernel_size': 3, 'num_filters': 32, 'dense_units': 32, 'dropout': 0.0}
    """
    if network not in ARGUMENTS:
        raise UnknownNetworkError(
            f"Unknown network {network[:40]!r}; one of {', '.join(network_names())}.", field="network"
        )
    allowed = ARGUMENTS[network]
    try:
        return allowed.model_validate(dict(arguments))
    except ValidationError as invalid:
        first = invalid.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise NetworkArgumentsError(
            f"{network}: {field[:40]}: {first['msg']}. Allowed: {_describe(allowed)}.", field=f"network_args.{field}"
        ) from invalid


def _describe(allowed: type[NetworkArguments]) -> str:
    properties = allowed.model_json_schema()["properties"]
    return ", ".join(
        f"{name} ({rule['type']}, {rule['minimum']} to {rule['maximum']}, default {rule['default']})"
        for name, rule in properties.items()
    )
