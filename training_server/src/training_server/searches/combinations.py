"""Which trainings a configuration means: all its combinations, and what each becomes as a run."""

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

from training_server.searches.configuration import Configuration, Range
from training_server.searches.properties import PROPERTIES, Value, properties_of

Params = dict[str, Value]
"""One value of every property that means something to the network, in order."""


def count_combinations(configuration: Configuration) -> int | None:
    """
    Count what a grid would try; None if a range makes it endless.

    >>> count_combinations({"NETWORK": ("cnn", "mlp"), "EPOCHS": (1, 2), "KERNEL_SIZE": (3, 5)})
    6
    """
    if any(isinstance(choice, Range) for choice in configuration.values()):
        return None
    return sum(
        prod(len(values) for values in _for_network(configuration, each).values()) for each in _networks(configuration)
    )


def list_combinations(configuration: Configuration) -> Iterator[Params]:
    """
    Go through a grid, network by network, the last property the fastest; what a network does not take is left out.

    >>> list(list_combinations({"NETWORK": ("cnn",), "EPOCHS": (1, 2)}))
    [{'NETWORK': 'cnn', 'EPOCHS': 1}, {'NETWORK': 'cnn', 'EPOCHS': 2}]
    """
    for network in _networks(configuration):
        choices = _for_network(configuration, network)
        for values in product(*choices.values()):
            yield dict(zip(choices, values, strict=True))


def pick_middle(configuration: Configuration) -> list[Params]:
    """Give one training of each network that costs about what the search's trainings cost: for ranges, their middle."""
    middle = {name: _find_middle(name, choice) for name, choice in configuration.items() if name != "NETWORK"}
    return [
        {
            name: network if name == "NETWORK" else middle[name]
            for name in properties_of(network)
            if name in configuration
        }
        for network in _networks(configuration)
    ]


def to_order(params: Mapping[str, Value]) -> dict[str, Any]:
    """
    Write a combination as a run's order: dataset, network, and what else there is to say.

    >>> to_order({"NETWORK": "cnn", "DATASET": "base", "EPOCHS": 2, "DENSE_WIDTH": 128})
    {'network_args': {'dense_units': 128}, 'train_args': {'epochs': 2}, 'network': 'cnn', 'dataset': 'base'}
    """
    order: dict[str, Any] = {"network_args": {}, "train_args": {}}
    for name, value in params.items():
        each = PROPERTIES[name]
        (order if each.goal == "run" else order[each.goal])[each.argument] = value
    return order


def _networks(configuration: Configuration) -> list[str]:
    choice = configuration["NETWORK"]
    return [] if isinstance(choice, Range) else [str(each) for each in choice]


def _for_network(configuration: Configuration, network: str) -> dict[str, tuple[Value, ...]]:
    """Give the values of what means something to a network, the network itself first."""
    taken = {name: configuration[name] for name in properties_of(network) if name in configuration}
    values = {name: choice for name, choice in taken.items() if not isinstance(choice, Range)}
    return {**values, "NETWORK": (network,)}


def _find_middle(name: str, choice: tuple[Value, ...] | Range) -> Value:
    if not isinstance(choice, Range):
        return choice[len(choice) // 2]
    middle = (choice.low * choice.high) ** 0.5 if choice.log else (choice.low + choice.high) / 2
    return round(middle) if PROPERTIES[name].kind == "integer" else middle
