"""Weights as plain arrays: out of a network, into a network, to a file and back; nothing is ever executed."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from training_server.errors import WeightsError

Weights = Mapping[str, NDArray[np.float32]]
"""float32 arrays of any shape by `<layer>/<weight>`, in the network's order; normalisation statistics included."""


def read_weights(network: keras.Model) -> dict[str, NDArray[np.float32]]:
    """Copy a network's weights, in its own order."""
    return {variable.path: np.array(variable.numpy(), np.float32) for variable in network.weights}


def write_weights(network: keras.Model, weights: Weights) -> None:
    """
    Put weights into a network.

    Raises:
        WeightsError: names or shapes are not the network's; the network keeps its own then.
    """
    expected = {variable.path: tuple(variable.shape) for variable in network.weights}
    given = {name: array.shape for name, array in weights.items()}
    if expected != given:
        names = sorted(name for name in expected.keys() | given.keys() if expected.get(name) != given.get(name))
        raise WeightsError(
            f"The weights are not those of {network.name}: {', '.join(names[:5])} differ in name or shape."
        )
    for variable in network.weights:
        variable.assign(weights[variable.path])


def blend(weights: Weights, other: Weights, share: float) -> dict[str, NDArray[np.float32]]:
    """
    Mix two networks' weights, name by name.

    Args:
        weights: of one network.
        other: of another with the same names and shapes.
        share: of the other, in [0, 1].
    """
    return {name: np.asarray(array + share * (other[name] - array), np.float32) for name, array in weights.items()}


def save_weights(path: Path, weights: Weights) -> None:
    """Write weights to a .npz file; the same weights always give the same bytes."""
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **dict(weights))


def load_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """
    Read a .npz file of weights; pickled content is refused.

    Raises:
        WeightsError: it is no such file, or holds something else than float32 arrays.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            weights = {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as broken:
        raise WeightsError(f"{path.name} is no file of plain arrays: {broken}") from broken
    if not weights or any(array.dtype != np.float32 for array in weights.values()):
        raise WeightsError(f"{path.name} must hold float32 arrays, at least one.")
    return weights
