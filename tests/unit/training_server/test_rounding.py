"""Weights of 8 bits: a byte each in the file for browsers, nearly the same answers, and small steps are not lost."""

import json

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from training_server.evaluate import predict_logits
from training_server.freeze import freeze, fuse
from training_server.graph_format import write_graph_model
from training_server.network_arguments import network_names
from training_server.networks import build
from training_server.rounding import carry, round_weights
from training_server.weight_grid import NUM_STEPS, find_grid, from_codes, to_codes
from training_server.weights import read_weights, write_weights

RANDOM = np.random.default_rng(1)


def make_network(name: str) -> keras.Model:
    """A network with weights as after a training: normalisation that does something, one output of it nothing."""
    network = build(name, (28, 28, 1), 6, {}, seed=3)
    weights = {path: array + RANDOM.normal(0, 0.05, array.shape) for path, array in read_weights(network).items()}
    for path, array in weights.items():
        if path.endswith("/moving_variance"):
            np.abs(array, out=array)
        if path.endswith("/gamma"):
            array[:2] = 0, -0.7
    write_weights(network, {path: array.astype(np.float32) for path, array in weights.items()})
    return network


@pytest.mark.parametrize("name", network_names())
def test_every_kernel_takes_a_byte_a_weight(name: str) -> None:
    """Of every network there is, also where normalisation is folded into the kernels."""
    network = make_network(name)

    round_weights(network)
    written = json.loads(write_graph_model(fuse(freeze(network))).model_json)

    kernels = [weight for weight in written["weightsManifest"][0]["weights"] if len(weight["shape"]) > 1]
    assert kernels
    assert {weight.get("quantization", {}).get("dtype") for weight in kernels} == {"uint8"}


def test_answers_hardly_change() -> None:
    """The rounded network is the same network, to a hundredth of what its logits differ by."""
    network = make_network("doodlenet")
    bitmaps = RANDOM.integers(0, 256, (40, 28, 28), dtype=np.uint8)
    before = predict_logits(network, bitmaps)

    round_weights(network)

    after = predict_logits(network, bitmaps)
    assert 0 < np.abs(after - before).mean() < 0.05 * before.std()


def test_what_is_rounded_stays() -> None:
    """Rounding once more moves nothing but last digits; vectors are never touched."""
    network = make_network("doodlenet")
    given = read_weights(network)
    round_weights(network)
    once = read_weights(network)

    round_weights(network)

    twice = read_weights(network)
    assert all(np.allclose(twice[path], once[path], rtol=1e-5, atol=0) for path in once)
    assert all(np.array_equal(once[path], given[path]) for path in once if once[path].ndim == 1)


def test_steps_smaller_than_the_grid_s_survive() -> None:
    """A training that moves every weight by a fifth of a step moves each output as far; alone, each would go back."""
    kernel = RANDOM.normal(0, 0.1, (3, 3, 16, 8)).astype(np.float32)
    grid = find_grid(kernel)
    start = from_codes(to_codes(kernel, grid), grid)
    pushed = np.clip(start + 0.2 * grid.step, start.min(), start.max()).astype(np.float32)

    rounded = from_codes(carry(pushed, find_grid(pushed)), find_grid(pushed))

    moved = (rounded - start).sum(axis=(0, 1, 2)) / (pushed - start).sum(axis=(0, 1, 2))
    assert moved == pytest.approx(1, abs=0.05)
    assert np.array_equal(from_codes(to_codes(pushed, grid), grid), start)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(np.zeros((5, 2)), id="nothing but 0"),
        pytest.param(np.full((400, 2), 0.3), id="all at the upper end"),
        pytest.param(np.full((400, 2), -0.3), id="all at the lower end"),
        pytest.param(np.repeat([[-0.1004], [0.5]], 200, axis=0), id="all at one of both ends"),
    ],
)
def test_the_ends_of_a_grid_are_kept(given: NDArray[np.float64]) -> None:
    """The lowest and highest weight stay what they are, so that the rounded kernel's own grid is the same one."""
    kernel = given.astype(np.float32)
    grid = find_grid(kernel)

    codes = carry(kernel, grid)

    assert np.abs(from_codes(codes, grid) - kernel).max() <= grid.step
    assert codes.min() == 0 or kernel.min() >= 0
    assert codes.max() == NUM_STEPS or kernel.max() <= 0
