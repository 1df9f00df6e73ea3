"""Dense layers over the pixels: what can be told without knowing that pixels have neighbours."""

import keras
from keras import layers

from training_server.network_arguments import MlpArguments


def mlp(input_shape: tuple[int, int, int], num_labels: int, arguments: MlpArguments) -> keras.Model:
    """
    Two dense layers.

    For (28, 28, 1) and the defaults: 784 -> 96 -> 64 -> num_labels.

    Args:
        input_shape: (height, width, channels).
        num_labels: width of the last layer.
        arguments: widths of the dense layers and their dropout.

    Returns:
        float32 (batch, height, width, channels) -> float32 logits (batch, num_labels).
    """
    pixels = keras.Input(input_shape, name="input")
    x = layers.Flatten(name="flat")(pixels)
    x = layers.Dense(arguments.first_units, activation="relu", name="dense1")(x)
    x = layers.Dropout(arguments.dropout, name="dropout1")(x)
    x = layers.Dense(arguments.second_units, activation="relu", name="dense2")(x)
    x = layers.Dropout(arguments.dropout, name="dropout2")(x)
    return keras.Model(pixels, layers.Dense(num_labels, name="logits")(x), name="mlp")
