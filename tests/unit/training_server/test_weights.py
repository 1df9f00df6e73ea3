"""Weights as plain arrays."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from training_server.errors import WeightsError
from training_server.networks import build
from training_server.weights import load_weights, read_weights, save_weights, write_weights

SHAPE = (28, 28, 1)


def test_weights_come_back_as_they_were_written(tmp_path: Path) -> None:
    """File and fresh network hold the same bits, in the same order, normalisation statistics included."""
    weights = read_weights(build("doodlenet", SHAPE, 3, {}, seed=1))
    save_weights(tmp_path / "weights.npz", weights)
    fresh = build("doodlenet", SHAPE, 3, {}, seed=2)

    write_weights(fresh, load_weights(tmp_path / "weights.npz"))

    restored = read_weights(fresh)
    assert list(restored) == list(weights)
    assert all(np.array_equal(restored[name], weights[name]) for name in weights)
    assert "stem_norm/moving_variance" in weights


def test_the_same_weights_give_the_same_file(tmp_path: Path) -> None:
    """A file's hash says something about weights, not about when it was written."""
    weights = read_weights(build("mlp", SHAPE, 3, {}))
    for name in ("first.npz", "second.npz"):
        save_weights(tmp_path / name, weights)

    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "second.npz").read_bytes()


def test_weights_of_another_network_are_refused() -> None:
    """Names and shapes must match; the network keeps its own weights."""
    network = build("mlp", SHAPE, 3, {})
    before = read_weights(network)

    with pytest.raises(WeightsError, match="logits/bias, logits/kernel differ in name or shape"):
        write_weights(network, read_weights(build("mlp", SHAPE, 6, {}, seed=9)))

    assert all(np.array_equal(before[name], array) for name, array in read_weights(network).items())


@pytest.mark.parametrize("content", [b"", b"no archive", pickle.dumps({"logits/bias": [1.0]})])
def test_a_file_that_is_no_archive_of_arrays_is_refused(tmp_path: Path, content: bytes) -> None:
    """Nothing but arrays is ever read."""
    (tmp_path / "weights.npz").write_bytes(content)

    with pytest.raises(WeightsError, match="no file of plain arrays"):
        load_weights(tmp_path / "weights.npz")


def test_pickled_objects_in_an_archive_are_refused(tmp_path: Path) -> None:
    """An archive cannot smuggle in code."""
    np.savez(tmp_path / "weights.npz", weights=np.array([{"harmless": False}], dtype=object))

    with pytest.raises(WeightsError, match="no file of plain arrays"):
        load_weights(tmp_path / "weights.npz")


def test_other_numbers_than_float32_are_refused(tmp_path: Path) -> None:
    """What is loaded is what was trained: no silent conversion."""
    np.savez(tmp_path / "weights.npz", weights=np.zeros(3, np.float64))

    with pytest.raises(WeightsError, match="float32"):
        load_weights(tmp_path / "weights.npz")
