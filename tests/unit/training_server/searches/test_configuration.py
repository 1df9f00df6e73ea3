"""What a search's configuration may say, what it keeps, and which trainings it means."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from training_server.errors import ConfigurationError
from training_server.network_arguments import ARGUMENTS, network_names
from training_server.order import TrainOrder
from training_server.searches.combinations import count_combinations, list_combinations, to_order
from training_server.searches.configuration import Method, complete, from_json, join_values, to_json
from training_server.searches.properties import PROPERTIES, properties_of

ISSUE = {
    "EPOCHS": 1,
    "BATCH_SIZE": 10,
    "LEARNING_RATE": [0.001, 0.002],
    "KERNEL_SIZE": [3],
    "NUM_FILTERS": [20],
    "DENSE_WIDTH": [128],
}


def refuse(given: dict[str, Any], method: Method = "grid", previous: dict[str, Any] | None = None) -> dict[str, str]:
    """Give what is refused, by name."""
    with pytest.raises(ConfigurationError) as refused:
        complete(given, previous or {}, method)
    return {fault.name: fault.words for fault in refused.value.faults}


def test_the_form_is_values_lists_and_nothing_else_is_needed() -> None:
    """A scalar is one value, a list several; what is left out has its default."""
    configuration = complete(ISSUE, {}, "grid")

    assert to_json(configuration) == {
        "NETWORK": "cnn",
        "DATASET": "all",
        "EPOCHS": 1,
        "BATCH_SIZE": 10,
        "LEARNING_RATE": [0.001, 0.002],
        "SEED": 0,
        "WEIGHT_DECAY": 0.0001,
        "LABEL_SMOOTHING": 0.05,
        "KERNEL_SIZE": 3,
        "NUM_FILTERS": 20,
        "DENSE_WIDTH": 128,
        "DROPOUT": 0.0,
    }
    assert from_json(to_json(configuration)) == configuration


def test_what_is_left_out_keeps_its_value() -> None:
    """A file of one property changes that one; null takes it back to its default."""
    before = to_json(complete(ISSUE, {}, "grid"))

    after = to_json(complete({"EPOCHS": [2, 3]}, before, "grid"))

    assert after == {**before, "EPOCHS": [2, 3]}
    assert to_json(complete({"DENSE_WIDTH": None}, after, "grid"))["DENSE_WIDTH"] == 64


def test_another_network_lets_go_what_it_does_not_take() -> None:
    """What was said of the network before is not held against the next one; what is said of it now is."""
    before = to_json(complete(ISSUE, {}, "grid"))

    assert "KERNEL_SIZE" not in complete({"NETWORK": "mlp"}, before, "grid")
    assert refuse({"NETWORK": "mlp", "KERNEL_SIZE": 3}, previous=before) == {
        "KERNEL_SIZE": "mlp takes no such property; cnn would."
    }


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        ({"EPOCH": 1}, "EPOCH", "There is no such property"),
        ({"epochs": 1}, "epochs", "There is no such property"),
        ({"EPOCHS": "1"}, "EPOCHS", "'1' is no value of it; expected an integer from 1 to 100"),
        ({"EPOCHS": 1.0}, "EPOCHS", "1.0 is no value"),
        ({"EPOCHS": True}, "EPOCHS", "True is no value"),
        ({"EPOCHS": 0}, "EPOCHS", "0 is no value"),
        ({"EPOCHS": []}, "EPOCHS", "A list has 1 to 50 values; this one has 0."),
        ({"SEED": list(range(51))}, "SEED", "this one has 51"),
        ({"SEED": [1, 1]}, "SEED", "twice"),
        ({"SEED": [[1]]}, "SEED", "[1] is no value"),
        ({"LEARNING_RATE": [0.001, float("inf")]}, "LEARNING_RATE", "inf is no value"),
        ({"LEARNING_RATE": float("nan")}, "LEARNING_RATE", "nan is no value"),
        ({"NETWORK": "vgg"}, "NETWORK", "'vgg' is no value of it; expected one of cnn, doodlenet"),
        ({"DATASET": "new"}, "DATASET", "expected one of all, base, users"),
        ({"LEARNING_RATE": {"min": 0.1, "max": 0.2}}, "LEARNING_RATE", "A grid has no ranges"),
    ],
)
def test_what_is_unknown_or_ill_typed_is_refused_by_name(given: dict[str, Any], name: str, words: str) -> None:
    """The refusal says what was wrong and what was expected."""
    assert words in refuse(given)[name]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"min": 1}, 'A range is {"min"'),
        ({"min": 1, "max": 2, "step": 1}, 'A range is {"min"'),
        ({"min": 0, "max": 2}, "0 is no bound"),
        ({"min": 2, "max": 1}, "Its min 2 is not below its max 1."),
        ({"min": 1, "max": 2, "log": 1}, '"log" is 1'),
    ],
)
def test_a_range_has_an_order(value: dict[str, Any], words: str) -> None:
    """Bounds are values of the property, the smaller one first."""
    assert words in refuse({"EPOCHS": value}, "random")["EPOCHS"]


def test_other_ranges_that_are_none() -> None:
    """Nothing lies between words, and no factor leads away from 0."""
    assert "It has no range" in refuse({"NETWORK": {"min": 1, "max": 2}}, "tpe")["NETWORK"]
    log = refuse({"DROPOUT": {"min": 0.0, "max": 0.5, "log": True}}, "tpe")
    assert log == {"DROPOUT": "A range with log begins above 0."}


def test_all_faults_are_told_at_once() -> None:
    """Nobody mends a file one refusal at a time."""
    assert set(refuse({"EPOCHS": 0, "FILTERS": 1, "SEED": "a"})) == {"EPOCHS", "FILTERS", "SEED"}


def test_a_grid_is_every_combination() -> None:
    """Networks try what they take: no combination stands twice because of a property that means nothing to one."""
    configuration = complete({"NETWORK": ["cnn", "mlp"], "SEED": [0, 1], "KERNEL_SIZE": [3, 5]}, {}, "grid")

    combinations = list(list_combinations(configuration))

    assert len(combinations) == count_combinations(configuration) == 4 + 2
    assert len({tuple(each.items()) for each in combinations}) == 6
    for each in combinations:
        assert tuple(each) == tuple(name for name in properties_of(str(each["NETWORK"])) if name in each)
    assert count_combinations(complete({"EPOCHS": {"min": 1, "max": 9}}, {}, "tpe")) is None


def test_a_grid_that_gets_more_values_stays_a_grid() -> None:
    """Values that were there stay first."""
    before = complete({"SEED": [0, 1]}, {}, "grid")

    joined = join_values(before, complete({"SEED": [1, 7]}, to_json(before), "grid"))

    assert joined["SEED"] == (0, 1, 7)


@pytest.mark.parametrize("name", [name for name in PROPERTIES if name not in {"NETWORK", "DATASET"}])
def test_bounds_are_those_of_a_run(name: str) -> None:
    """Whatever a search may try, a run may be ordered with: the best trial becomes a candidate by that."""
    each = PROPERTIES[name]
    network = next(network for network in network_names() if name in properties_of(network))
    assert each.low is not None
    assert each.high is not None

    def order(value: float) -> None:
        number = int(value) if each.kind == "integer" else value
        ordered = TrainOrder.model_validate(to_order({"NETWORK": network, "DATASET": "base", name: number}))
        ARGUMENTS[network].model_validate(ordered.network_args)

    order(each.low)
    order(each.high)
    for beyond in (each.low - 1, each.high + 1):
        with pytest.raises(ValidationError):
            order(beyond)


def test_words_are_those_of_a_run() -> None:
    """Every network and every data set that is there to stay may be searched."""
    datasets = get_args(get_args(TrainOrder.model_fields["dataset"].annotation)[0])

    assert PROPERTIES["NETWORK"].words == network_names()
    assert {*PROPERTIES["DATASET"].words, "new"} == set(datasets)
