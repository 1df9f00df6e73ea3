"""What an order means, and what the form for one says."""

from typing import Any

import pytest

from doodle_testing.builders import manifest
from training_server.errors import NetworkArgumentsError, OrderError, UnknownNetworkError
from training_server.order import TrainArgs, TrainOrder, check_order, decide_kind
from training_server.order_form import describe_form

LIVE = manifest("0" * 12)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({}, "delta"),
        ({"network_args": {"dropout": 0.2}}, "delta"),
        ({"dataset": "new"}, "delta"),
        ({"dataset": "new", "network": "doodlenet"}, "delta"),
        ({"dataset": "new", "network": "mlp"}, "scratch"),
        ({"dataset": "base"}, "scratch"),
        ({"network": "doodlenet"}, "scratch"),
    ],
)
def test_what_an_order_names_decides(said: dict[str, Any], kind: str) -> None:
    """A network or data set that is named is trained from scratch; new doodles go on from the live version."""
    assert decide_kind(TrainOrder(**said), "doodlenet") == kind


def test_arguments_are_checked_for_the_network_that_is_trained() -> None:
    """The one ordered, or the live one; a delta leaves no drawing out."""
    check_order(TrainOrder(network="mlp", network_args={"first_units": 32}), "scratch", LIVE)
    check_order(TrainOrder(dataset="base", network_args={"dropout": 0.2}), "scratch", LIVE)
    with pytest.raises(NetworkArgumentsError, match="dense_units"):
        check_order(TrainOrder(dataset="base", network_args={"dense_units": 32}), "scratch", LIVE)
    with pytest.raises(UnknownNetworkError):
        check_order(TrainOrder(network="vit"), "scratch", LIVE)
    with pytest.raises(OrderError) as refused:
        check_order(TrainOrder(max_doodles=500), "delta", LIVE)
    assert refused.value.field == "max_doodles"


def test_the_form_has_what_orders_take() -> None:
    """Every network and every argument of a training, with bounds that a request is held to."""
    form = describe_form()

    assert [field["name"] for field in form["train_args"]] == list(TrainArgs.model_fields)
    assert form["datasets"] == ["new", "base", "users", "all"]
    assert form["default_network"] in {network["name"] for network in form["networks"]}
    by_name = {network["name"]: network for network in form["networks"]}
    dropout = {"name": "dropout", "type": "number", "minimum": 0.0, "maximum": 0.8, "default": 0.1}
    assert by_name["doodlenet"]["arguments"] == [dropout]
    for network in form["networks"]:
        assert network["words"]
        for field in network["arguments"]:
            assert field["minimum"] <= field["default"] <= field["maximum"], field
