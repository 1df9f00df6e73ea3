"""Round a trained network's weights to 8 bits before anything is measured: what is judged is what pages will run."""

import keras
import numpy as np
from numpy.typing import NDArray

from training_server.weight_grid import NUM_STEPS, WeightGrid, find_grid, from_codes
from training_server.weights import read_weights, write_weights


def round_weights(network: keras.Model) -> None:
    """
    Give each kernel 256 values at most, as it will be once normalisation is folded into it; vectors stay as they are.

    An exported graph has no normalisation: each convolution's kernel is multiplied, output by output, by what the
    normalisation behind it does. It is those products that are rounded, and divided again, so that the file for
    browsers holds one byte a weight while the network here still has its normalisation to train on with. Nothing is
    rounded while training, so small steps add up in float32 until the version is made; docs/decisions/0047.

    Args:
        network: trained, its weights finite; changed in place. Rounding it once more changes nothing but last digits.
    """
    weights = read_weights(network)
    factors = _find_factors(network, weights)
    kernels = {path: array for path, array in weights.items() if array.ndim > 1}
    write_weights(network, weights | {path: _round(kernel, factors.get(path)) for path, kernel in kernels.items()})


def _round(kernel: NDArray[np.float32], factors: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """
    Round a kernel as it will be when it is multiplied by factors, one for each output.

    Args:
        kernel: float32, shape (..., num_outputs).
        factors: float32, shape (num_outputs,); None: all are 1. An output whose factor is 0 is left alone.
    """
    if factors is None:
        factors = np.ones(1, np.float32)
    folded = kernel * factors
    grid = find_grid(folded)
    divisors = np.where(factors == 0, 1, factors)
    return np.where(factors == 0, kernel, from_codes(carry(folded, grid), grid) / divisors).astype(np.float32)


def carry(kernel: NDArray[np.float32], grid: WeightGrid) -> NDArray[np.uint8]:
    """
    Round to a grid so that each output's weights keep their sum: what one loses, the next one is given.

    A short training moves most weights by less than half a step. To round each by itself would undo just that; here the
    few that cross take the others' steps with them (error diffusion, Floyd & Steinberg 1976). Passed on is from place
    to place of one input, then to the next input: places side by side see nearly the same ink.

    Args:
        kernel: float32, shape (..., num_inputs, num_outputs); finite.
        grid: the kernel's own (find_grid): its lowest and highest number stay its ends.

    Returns:
        uint8 codes, same shape.

    >>> carry(np.array([[0.0], [0.4], [0.4], [0.4], [255.0]], np.float32), WeightGrid(1.0, 0)).ravel().tolist()
    [0, 0, 1, 0, 255]
    """
    in_steps = np.moveaxis(kernel.astype(np.float64) / grid.step, -2, 0)
    rows = in_steps.reshape(-1, kernel.shape[-1])
    low, high = -grid.zero, NUM_STEPS - grid.zero
    lowest, highest = rows.min(), rows.max()
    rounded, carried = np.empty_like(rows), np.zeros(rows.shape[1])
    for index, row in enumerate(rows):
        wanted = row + carried
        nearest = np.clip(np.rint(wanted), low, high)
        nearest[(row == lowest) & (row < 0)], nearest[(row == highest) & (row > 0)] = low, high
        # Bounded, for where an output's weights are all the same and at an end: the rest must not fall on the next one.
        rounded[index], carried = nearest, np.clip(wanted - nearest, -1, 1)
    codes = (rounded + grid.zero).astype(np.uint8)
    return np.moveaxis(codes.reshape(in_steps.shape), 0, -2)


def _find_factors(network: keras.Model, weights: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """Tell by what normalisation multiplies the outputs of each layer just before one; by the kernel's path."""
    sources = {id(layer.output): layer for layer in network.layers if _is_plain_product(layer)}
    factors = {}
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization) and id(layer.input) in sources:
            deviations = np.sqrt(weights[layer.moving_variance.path] + np.float32(layer.epsilon))
            gains = weights[layer.gamma.path] if layer.scale else np.float32(1)
            factors[sources[id(layer.input)].kernel.path] = np.asarray(gains / deviations, np.float32)
    return factors


def _is_plain_product(layer: keras.Layer) -> bool:
    """Tell whether what comes out is the inputs times the kernel and nothing else: then a factor can be folded in."""
    is_linear = getattr(layer, "activation", None) is keras.activations.linear
    return hasattr(layer, "kernel") and is_linear and not layer.use_bias
