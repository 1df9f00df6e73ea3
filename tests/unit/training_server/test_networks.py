"""Networks by name: shapes, sizes, and the same weights for the same seed."""

from collections.abc import Iterator

import keras
import numpy as np
import pytest

from training_server.multiply_adds import count_multiply_adds
from training_server.network_arguments import network_names, parse_arguments
from training_server.networks import NETWORKS, build
from training_server.weights import read_weights

SHAPE = (28, 28, 1)


@pytest.fixture(autouse=True)
def forget_networks() -> Iterator[None]:
    """Keras keeps nothing from one test to the next."""
    yield
    keras.backend.clear_session()


def test_every_name_is_built_by_a_function() -> None:
    """A name that can be asked for can be built."""
    assert tuple(sorted(NETWORKS)) == network_names()


@pytest.mark.parametrize("name", network_names())
@pytest.mark.parametrize("num_labels", [3, 6, 10])
def test_every_network_ends_in_logits(name: str, num_labels: int) -> None:
    """One finite number a label, not probabilities: readers do the softmax."""
    network = build(name, SHAPE, num_labels, {})

    logits = network(np.random.default_rng(0).random((2, *SHAPE), np.float32), training=False).numpy()

    assert logits.shape == (2, num_labels)
    assert np.isfinite(logits).all()
    assert network.layers[-1].activation is keras.activations.linear


@pytest.mark.parametrize("name", network_names())
def test_other_shapes_than_28_work(name: str) -> None:
    """The label set gives the shape; no network writes it down."""
    network = build(name, (40, 32, 1), 4, {})

    assert network(np.zeros((1, 40, 32, 1), np.float32), training=False).shape == (1, 4)


@pytest.mark.parametrize("name", network_names())
def test_the_same_seed_gives_the_same_weights(name: str) -> None:
    """A run that is taken up again starts where it started."""
    first, again, other = (read_weights(build(name, SHAPE, 3, {}, seed)) for seed in (5, 5, 6))

    assert all(np.array_equal(first[path], again[path]) for path in first)
    assert not all(np.array_equal(first[path], other[path]) for path in first)


@pytest.mark.parametrize("name", network_names())
def test_weights_have_the_same_names_in_every_process(name: str) -> None:
    """Names come from our code, not from how many networks Keras has built before."""
    first, second = (list(read_weights(build(name, SHAPE, 3, {}))) for _ in range(2))

    assert first == second
    assert first[-2:] == ["logits/kernel", "logits/bias"]
    assert not any(path[-1].isdigit() for path in first)


def test_the_cnn_is_the_one_we_started_from() -> None:
    """92,867 parameters at three labels, 93,062 at six."""
    assert build("cnn", SHAPE, 3, {}).count_params() == 92_867
    assert build("cnn", SHAPE, 6, {}).count_params() == 93_062


def test_a_cnn_of_before_is_still_the_same() -> None:
    """A manifest that knows no windows and filters gives the network it gave then, weight by weight."""
    before = build("cnn", SHAPE, 3, {"dense_units": 64, "dropout": 0.0}, seed=5)
    now = build("cnn", SHAPE, 3, parse_arguments("cnn", {}).model_dump(), seed=5)

    assert {path: each.tolist() for path, each in read_weights(before).items()} == {
        path: each.tolist() for path, each in read_weights(now).items()
    }
    assert [layer.output.shape[1:] for layer in before.layers] == [layer.output.shape[1:] for layer in now.layers]


@pytest.mark.parametrize("kernel_size", range(1, 8))
def test_every_window_leaves_something_to_look_at(kernel_size: int) -> None:
    """The smallest drawing a cnn takes is large enough for each window that may be asked for."""
    network = build("cnn", (18, 18, 1), 3, {"kernel_size": kernel_size, "num_filters": 4})

    assert network(np.zeros((1, 18, 18, 1), np.float32), training=False).shape == (1, 3)
    assert network.get_layer("conv1").kernel.shape == (kernel_size, kernel_size, 1, 4)


def test_doodlenet_is_no_larger_and_cheaper_than_cnn() -> None:
    """The default earns its place: at most 93,000 parameters, fewer multiply-adds."""
    cnn, doodlenet = build("cnn", SHAPE, 6, {}), build("doodlenet", SHAPE, 6, {})

    assert doodlenet.count_params() <= 93_000
    assert count_multiply_adds(doodlenet) < count_multiply_adds(cnn)


def test_arguments_reach_the_network() -> None:
    """A request for a wider layer gets one."""
    assert build("cnn", SHAPE, 3, {"dense_units": 32}).count_params() < 92_867
