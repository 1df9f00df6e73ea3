"""
A search's configuration: JSON of properties in capitals, checked by name and filled up with what was used before.

A scalar is one value, a list several, {"min", "max", "log"?} a range. Pure: nothing is read and nothing kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from training_server.errors import ConfigurationError, Fault
from training_server.searches.properties import (
    PROPERTIES,
    Property,
    Value,
    default_of,
    in_order,
    networks_taking,
    properties_of,
)

Method = Literal["grid", "random", "tpe"]

METHODS: tuple[Method, ...] = ("grid", "random", "tpe")

MAX_VALUES = 50
"""Of one property: a longer list is a range."""


@dataclass(frozen=True)
class Range:
    """
    A stretch of numbers.

    Attributes:
        low, high: both belong to it.
        log: whether a factor of ten is as far anywhere in it.
    """

    low: float
    high: float
    log: bool = False


Choice = tuple[Value, ...] | Range
"""What a property may be in a search."""

Configuration = dict[str, Choice]
"""Every property that means something to one of the networks, in the order of PROPERTIES."""

DEFAULTS: Mapping[str, Any] = {
    "NETWORK": "cnn",
    "DATASET": "all",
    "EPOCHS": 3,
    "BATCH_SIZE": 64,
    "LEARNING_RATE": 0.001,
    "SEED": 0,
    "WEIGHT_DECAY": 1e-4,
    "LABEL_SMOOTHING": 0.05,
}
"""Where nothing was ever said; the network's own properties have its defaults, and all doodles there are are read."""


def complete(given: Mapping[str, Any], previous: Mapping[str, Any], method: Method) -> Configuration:
    """
    Check what was said, and take the rest from before.

    Args:
        given: by name; null takes a property back to its default.
        previous: a complete configuration, as to_json gives it; empty: nothing was ever said.
        method: a grid has no ranges.

    Raises:
        ConfigurationError: properties are unknown, ill-typed, out of bounds, or not taken by any of the networks; it
            tells all of them.
    """
    faults = [fault for name, value in given.items() if (fault := _find_fault(name, value, method)) is not None]
    if faults:
        raise ConfigurationError(faults)
    kept = {name: value for name, value in previous.items() if _find_fault(name, value, method) is None}
    said = {name: value for name, value in given.items() if value is not None}
    known = {**DEFAULTS, **{name: value for name, value in kept.items() if name not in given}, **said}
    networks = [str(each) for each in _parse(PROPERTIES["NETWORK"], known["NETWORK"])]  # type: ignore[union-attr]
    if foreign := [_refuse_foreign(name, networks) for name in said if not set(networks_taking(name)) & set(networks)]:
        raise ConfigurationError(foreign)
    return {name: choice for name in PROPERTIES if (choice := _choose(name, known, networks)) is not None}


def to_json(configuration: Configuration) -> dict[str, Any]:
    """
    Write a configuration as it is shown and kept.

    >>> to_json({"EPOCHS": (1,), "SEED": (1, 2), "DROPOUT": Range(0.0, 0.5)})
    {'EPOCHS': 1, 'SEED': [1, 2], 'DROPOUT': {'min': 0.0, 'max': 0.5}}
    """
    return {name: _to_json(choice) for name, choice in configuration.items()}


def from_json(content: Mapping[str, Any]) -> Configuration:
    """Read a configuration that to_json has written."""
    return {name: _parse(PROPERTIES[name], value) for name, value in in_order(content).items()}


def join_values(before: Configuration, more: Configuration) -> Configuration:
    """
    Give a configuration that has the values of both, each once, the earlier ones first; neither has ranges.

    >>> join_values({"SEED": (1, 2)}, {"SEED": (2, 3), "DROPOUT": (0.5,)})
    {'SEED': (1, 2, 3), 'DROPOUT': (0.5,)}
    """
    joined = {name: tuple(dict.fromkeys((*_values(before, name), *_values(more, name)))) for name in PROPERTIES}
    return {name: values for name, values in joined.items() if values}


def _values(configuration: Configuration, name: str) -> tuple[Value, ...]:
    choice = configuration.get(name, ())
    return () if isinstance(choice, Range) else choice


def _to_json(choice: Choice) -> Any:
    if isinstance(choice, Range):
        return {"min": choice.low, "max": choice.high, **({"log": True} if choice.log else {})}
    return choice[0] if len(choice) == 1 else list(choice)


def _choose(name: str, known: Mapping[str, Any], networks: list[str]) -> Choice | None:
    """Give what a property is in a search of these networks; None if it means nothing to them, or is left open."""
    taking = [network for network in networks if name in properties_of(network)]
    if not taking:
        return None
    if name in known:
        return _parse(PROPERTIES[name], known[name])
    default = default_of(name, taking[0])
    return None if default is None else (default,)


def _parse(each: Property, value: Any) -> Choice:
    if isinstance(value, Mapping):
        return Range(_as_kind(each, value["min"]), _as_kind(each, value["max"]), bool(value.get("log", False)))  # type: ignore[arg-type]
    return tuple(_as_kind(each, one) for one in (value if isinstance(value, list) else [value]))


def _as_kind(each: Property, value: Any) -> Value:
    """Let 0 and 0.0 be the same value of a number."""
    return float(value) if each.kind == "number" else value


def _find_fault(name: str, value: Any, method: Method) -> Fault | None:
    each = PROPERTIES.get(name)
    if each is None:
        return Fault(name[:40], f"There is no such property; there are {', '.join(PROPERTIES)}.")
    if value is None:
        return None
    words = _explain_range(each, value, method) if isinstance(value, Mapping) else _explain_values(each, value)
    return Fault(name, words) if words else None


def _explain_values(each: Property, value: Any) -> str | None:
    """Say what is wrong with a value or a list of them; None if nothing is."""
    values = value if isinstance(value, list) else [value]
    if not 1 <= len(values) <= MAX_VALUES:
        return f"A list has 1 to {MAX_VALUES} values; this one has {len(values)}."
    wrong = [one for one in values if not each.accepts(one)]
    if wrong:
        return f"{_quote(wrong[0])} is no value of it; expected {each.describe()}, or a list of such."
    if len(set(values)) < len(values):
        return "A value stands twice in the list."
    return None


def _explain_range(each: Property, value: Mapping[str, Any], method: Method) -> str | None:
    """Say what is wrong with a range; None if nothing is."""
    if method == "grid":
        return "A grid has no ranges; give a list of values, or search with random or tpe."
    if each.kind == "word":
        return f"It has no range; expected {each.describe()}, or a list of such."
    if not {"min", "max"} <= set(value) <= {"min", "max", "log"}:
        return 'A range is {"min": …, "max": …}, and may have "log": true.'
    return _explain_bounds(each, value["min"], value["max"], value.get("log", False))


def _explain_bounds(each: Property, low: Any, high: Any, log: Any) -> str | None:
    wrong = [one for one in (low, high) if not each.accepts(one)]
    if wrong:
        return f"{_quote(wrong[0])} is no bound of it; expected {each.describe()}."
    if not isinstance(log, bool):
        return f'"log" is {_quote(log)}; expected true or false.'
    if not low < high:
        return f"Its min {low:g} is not below its max {high:g}."
    return "A range with log begins above 0." if log and low <= 0 else None


def _refuse_foreign(name: str, networks: list[str]) -> Fault:
    words = f"{', '.join(networks)} takes no such property; {', '.join(networks_taking(name))} would."
    return Fault(name, words)


def _quote(value: object) -> str:
    return repr(value)[:40]
