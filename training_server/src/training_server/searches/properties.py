"""What a search may vary: each property by its name in capitals, its kind, its bounds, and what it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from training_server.network_arguments import ARGUMENTS, network_names

Value = str | int | float
"""One value of a property."""

Kind = Literal["word", "integer", "number"]

Goal = Literal["run", "train_args", "network_args"]
"""Where in a run's order a property ends."""

MAX_SEED = 2**31 - 1


@dataclass(frozen=True)
class Property:
    """
    One thing that may be varied.

    Attributes:
        name: as configurations have it.
        kind: of its values.
        goal: which part of a run's order it becomes.
        argument: its name there.
        low, high: the smallest and the largest number; None for words.
        words: the words there are; empty for numbers.
    """

    name: str
    kind: Kind
    goal: Goal
    argument: str
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()

    def describe(self) -> str:
        """
        Say what is expected.

        >>> PROPERTIES["EPOCHS"].describe()
        'an integer from 1 to 100'
        """
        if self.kind == "word":
            return f"one of {', '.join(self.words)}"
        article = "an integer" if self.kind == "integer" else "a number"
        return f"{article} from {self.low:g} to {self.high:g}" if self.name != "SEED" else "an integer from 0 to 2^31-1"

    def accepts(self, value: object) -> bool:
        """
        Tell whether a value is one of this property's.

        >>> PROPERTIES["EPOCHS"].accepts(True), PROPERTIES["EPOCHS"].accepts(1.0), PROPERTIES["DROPOUT"].accepts(0)
        (False, False, True)
        """
        if self.kind == "word":
            return isinstance(value, str) and value in self.words
        numbers: tuple[type, ...] = (int,) if self.kind == "integer" else (int, float)
        if isinstance(value, bool) or not isinstance(value, numbers) or self.low is None or self.high is None:
            return False
        return bool(self.low <= value <= self.high)  # type: ignore[operator]  # a number, as was just seen


_ALL = (
    Property("NETWORK", "word", "run", "network", words=network_names()),
    Property("DATASET", "word", "run", "dataset", words=("all", "base", "users")),
    Property("MAX_DOODLES", "integer", "run", "max_doodles", 100, 100_000),
    Property("EPOCHS", "integer", "train_args", "epochs", 1, 100),
    Property("BATCH_SIZE", "integer", "train_args", "batch_size", 8, 1024),
    Property("LEARNING_RATE", "number", "train_args", "learning_rate", 1e-6, 0.1),
    Property("SEED", "integer", "train_args", "seed", 0, MAX_SEED),
    Property("WEIGHT_DECAY", "number", "train_args", "weight_decay", 0.0, 0.1),
    Property("LABEL_SMOOTHING", "number", "train_args", "label_smoothing", 0.0, 0.5),
    Property("KERNEL_SIZE", "integer", "network_args", "kernel_size", 1, 7),
    Property("NUM_FILTERS", "integer", "network_args", "num_filters", 4, 64),
    Property("DENSE_WIDTH", "integer", "network_args", "dense_units", 8, 512),
    Property("FIRST_UNITS", "integer", "network_args", "first_units", 8, 512),
    Property("SECOND_UNITS", "integer", "network_args", "second_units", 8, 512),
    Property("DROPOUT", "number", "network_args", "dropout", 0.0, 0.8),
)

PROPERTIES: Mapping[str, Property] = {each.name: each for each in _ALL}
"""All there are, in the order in which they are shown; a test holds their bounds against what runs take."""


def in_order(content: Mapping[str, Any]) -> dict[str, Any]:
    """
    Put properties in order: PostgreSQL keeps a JSON object's keys in one of its own.

    >>> in_order({"EPOCHS": 1, "NETWORK": "cnn"})
    {'NETWORK': 'cnn', 'EPOCHS': 1}
    """
    return {name: content[name] for name in PROPERTIES if name in content}


def networks_taking(name: str) -> tuple[str, ...]:
    """
    Name the networks a property means something to.

    >>> networks_taking("KERNEL_SIZE"), len(networks_taking("EPOCHS")) == len(network_names())
    (('cnn',), True)
    """
    each = PROPERTIES[name]
    if each.goal != "network_args":
        return network_names()
    return tuple(network for network in network_names() if each.argument in ARGUMENTS[network].model_fields)


def properties_of(network: str) -> tuple[str, ...]:
    """Name the properties that mean something to a network, in order."""
    return tuple(name for name in PROPERTIES if network in networks_taking(name))


def default_of(name: str, network: str) -> Value | None:
    """
    Give the value of a network's property if nothing is said; None for what is no network's.

    >>> default_of("KERNEL_SIZE", "cnn")
    3
    """
    each = PROPERTIES[name]
    if each.goal != "network_args":
        return None
    default: Value = ARGUMENTS[network].model_fields[each.argument].default
    return default
