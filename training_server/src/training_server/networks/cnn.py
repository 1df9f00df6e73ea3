"""The network of the system this one started from: the yardstick."""

import keras
from keras import layers

from training_server.network_arguments import CnnArguments


def cnn(input_shape: tuple[int, int, int], num_labels: int, arguments: CnnArguments) -> keras.Model:
    """
    Three 3x3 convolutions with pooling, then one dense layer: 92,867 parameters at three labels.

    For (28, 28, 1): 28x28x1 -> 26x26x32 -> 13x13x32 -> 11x11x64 -> 5x5x64 -> 3x3x64 -> 576 -> 64 -> num_labels.

    Args:
        input_shape: (height, width, channels), at least 18 x 18.
        num_labels: width of the last layer.
        arguments: width and dropout of the dense layer.

    Returns:
        float32 (batch, height, width, channels) -> float32 logits (batch, num_labels).
    """
    pixels = keras.Input(input_shape, name="input")
    x = layers.Conv2D(32, 3, activation="relu", name="conv1")(pixels)
    x = layers.MaxPooling2D(name="pool1")(x)
    x = layers.Conv2D(64, 3, activation="relu", name="conv2")(x)
    x = layers.MaxPooling2D(name="pool2")(x)
    x = layers.Conv2D(64, 3, activation="relu", name="conv3")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(arguments.dense_units, activation="relu", name="dense")(x)
    x = layers.Dropout(arguments.dropout, name="dropout")(x)
    return keras.Model(pixels, layers.Dense(num_labels, name="logits")(x), name="cnn")
