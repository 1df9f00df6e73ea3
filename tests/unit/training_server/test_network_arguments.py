"""What may be said about a network, checked without TensorFlow."""

import subprocess
import sys
from typing import Any

import pytest

from doodle_db.errors import InvalidError
from training_server.errors import NetworkArgumentsError, UnknownNetworkError
from training_server.network_arguments import ARGUMENTS, DEFAULT_NETWORK, network_names, parse_arguments


def test_every_network_works_with_nothing_said() -> None:
    """Every argument has a default, and the default network is one of them."""
    assert all(parse_arguments(name, {}) == ARGUMENTS[name]() for name in network_names())
    assert DEFAULT_NETWORK in network_names()


def test_defaults_are_filled_in() -> None:
    """What a manifest keeps says every argument, so that a later default cannot change an old version."""
    told = {"kernel_size": 3, "num_filters": 32, "dense_units": 64, "dropout": 0.5}

    assert parse_arguments("cnn", {"dropout": 0.5}).model_dump() == told


def test_an_unknown_network_is_refused_with_the_names_there_are() -> None:
    """A typing mistake is answered with what could have been meant."""
    with pytest.raises(UnknownNetworkError, match="one of cnn, doodlenet, lenet5, mlp") as refused:
        parse_arguments("resnet152", {})

    assert refused.value.field == "network"
    assert isinstance(refused.value, InvalidError)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"dense_unit": 64}, "network_args.dense_unit"),
        ({"dense_units": 7}, "network_args.dense_units"),
        ({"dense_units": 100_000}, "network_args.dense_units"),
        ({"kernel_size": 8}, "network_args.kernel_size"),
        ({"num_filters": 3}, "network_args.num_filters"),
        ({"dropout": 0.9}, "network_args.dropout"),
        ({"dropout": "much"}, "network_args.dropout"),
        ({"dropout": float("nan")}, "network_args.dropout"),
    ],
)
def test_a_wrong_argument_is_refused_with_what_is_allowed(arguments: dict[str, Any], field: str) -> None:
    """The error names the field, what is wrong and the whole range of what is allowed."""
    with pytest.raises(
        NetworkArgumentsError, match=r"Allowed: .*dense_units \(integer, 8 to 512, default 64\)"
    ) as refused:
        parse_arguments("cnn", arguments)

    assert refused.value.field == field


def test_a_request_can_be_checked_without_tensorflow() -> None:
    """The web process answers a wrong request at once, and never loads TensorFlow for it."""
    code = (
        "import sys, training_server.network_arguments; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
