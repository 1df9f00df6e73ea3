"""What may be ordered, described for a form: networks with their arguments, and how they may be trained."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel

from doodle_db.run_orders import Dataset
from training_server.network_arguments import ARGUMENTS, DEFAULT_NETWORK, network_names
from training_server.order import MAX_DOODLES, MIN_DOODLES, TrainArgs


def describe_form() -> dict[str, Any]:
    """Describe everything an order may say, with bounds and defaults; a default of null depends on the run."""
    return {
        "default_network": DEFAULT_NETWORK,
        "datasets": list(get_args(Dataset)),
        "networks": [describe_network(name) for name in network_names()],
        "train_args": describe_fields(TrainArgs),
        "max_doodles": {"minimum": MIN_DOODLES, "maximum": MAX_DOODLES},
    }


def describe_network(name: str) -> dict[str, Any]:
    """Describe a network and its arguments."""
    model = ARGUMENTS[name]
    words = (model.__doc__ or "").strip().splitlines()[0]
    return {"name": name, "words": words, "arguments": describe_fields(model)}


def describe_fields(model: type[BaseModel]) -> list[dict[str, Any]]:
    """
    Describe a model's fields.

    >>> describe_fields(TrainArgs)[0]
    {'name': 'epochs', 'type': 'integer', 'minimum': 1, 'maximum': 100, 'default': None}
    """
    rules = model.model_json_schema().get("properties", {})
    return [{"name": name, **_describe(rule)} for name, rule in rules.items()]


def _describe(rule: Mapping[str, Any]) -> dict[str, Any]:
    told = next((each for each in rule.get("anyOf", []) if each.get("type") != "null"), rule)
    return {
        "type": told["type"],
        "minimum": told.get("minimum"),
        "maximum": told.get("maximum"),
        "default": rule.get("default"),
    }
