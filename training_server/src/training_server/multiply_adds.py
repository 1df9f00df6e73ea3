"""What a network costs: the multiplications with weights that one drawing takes."""

from math import prod

import keras
from keras import layers


def count_multiply_adds(network: keras.Model) -> int:
    """
    Count the multiply-adds of one drawing: those of convolutions and dense layers.

    Pooling, activations and sums multiply with no weight and are not counted; batch normalisation is folded into the
    convolution before it when a version is exported.

    Args:
        network: built for drawings of a known height and width.
    """
    return sum(_count(layer) for layer in network.layers)


def _count(layer: keras.Layer) -> int:
    if isinstance(layer, keras.Model):
        return count_multiply_adds(layer)
    if isinstance(layer, layers.SeparableConv2D):
        places = _count_places(layer)
        return int(places * (prod(layer.depthwise_kernel.shape) + prod(layer.pointwise_kernel.shape)))
    if isinstance(layer, layers.Conv2D | layers.DepthwiseConv2D):
        return int(_count_places(layer) * prod(layer.kernel.shape))
    if isinstance(layer, layers.Dense):
        return int(prod(layer.input.shape[1:-1]) * prod(layer.kernel.shape))
    return 0


def _count_places(layer: keras.Layer) -> int:
    """Count where a kernel is laid on: height x width of the output."""
    _, height, width, _ = layer.output.shape
    return int(height * width)
