"""The network of the system this one started from: the yardstick."""

import keras
from keras import KerasTensor, layers

from training_server.network_arguments import CnnArguments


def cnn(input_shape: tuple[int, int, int], num_labels: int, arguments: CnnArguments) -> keras.Model:
    """
    Three convolutions with pooling, then one dense layer: 92,867 parameters at three labels and the defaults.

    For (28, 28, 1): 28x28x1 -> 26x26x32 -> 13x13x32 -> 11x11x64 -> 5x5x64 -> 3x3x64 -> 576 -> 64 -> num_labels.
    Windows of more than 3x3 would leave nothing for the last one: the drawing is padded for them, and the sizes are
    28 -> 14 -> 7.

    Args:
        input_shape: (height, width, channels), at least 18 x 18.
        num_labels: width of the last layer.
        arguments: window and width of the convolutions (the first as wide as told, the others twice that), width and
            dropout of the dense layer.

    Returns:
        float32 (batch, height, width, channels) -> float32 logits (batch, num_labels).
    """
    pixels = keras.Input(input_shape, name="input")
    x = _convolve(pixels, arguments.num_filters, arguments.kernel_size, "conv1")
    x = layers.MaxPooling2D(name="pool1")(x)
    x = _convolve(x, 2 * arguments.num_filters, arguments.kernel_size, "conv2")
    x = layers.MaxPooling2D(name="pool2")(x)
    x = _convolve(x, 2 * arguments.num_filters, arguments.kernel_size, "conv3")
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(arguments.dense_units, activation="relu", name="dense")(x)
    x = layers.Dropout(arguments.dropout, name="dropout")(x)
    return keras.Model(pixels, layers.Dense(num_labels, name="logits")(x), name="cnn")


def _convolve(x: KerasTensor, num_filters: int, kernel_size: int, name: str) -> KerasTensor:
    """(batch, height, width, channels) -> (batch, height', width', num_filters), never negative."""
    padding = "valid" if kernel_size <= 3 else "same"
    return layers.Conv2D(num_filters, kernel_size, padding=padding, activation="relu", name=name)(x)
