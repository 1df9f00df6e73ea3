"""LeNet-5, the classic for 28 x 28 drawings."""

import keras
from keras import layers

from training_server.network_arguments import Lenet5Arguments


def lenet5(input_shape: tuple[int, int, int], num_labels: int, arguments: Lenet5Arguments) -> keras.Model:
    """
    Two 5x5 convolutions with average pooling, then two dense layers, tanh throughout.

    For (28, 28, 1): 28x28x6 -> 14x14x6 -> 10x10x16 -> 5x5x16 -> 400 -> 120 -> 84 -> num_labels.
    Source: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition", 1998.
    There the input is padded to 32 x 32 and the pooling has weights; here the first layer pads and pooling has none.

    Args:
        input_shape: (height, width, channels), at least 12 x 12.
        num_labels: width of the last layer.
        arguments: dropout before the last layer.

    Returns:
        float32 (batch, height, width, channels) -> float32 logits (batch, num_labels).
    """
    pixels = keras.Input(input_shape, name="input")
    x = layers.Conv2D(6, 5, padding="same", activation="tanh", name="conv1")(pixels)
    x = layers.AveragePooling2D(2, name="pool1")(x)
    x = layers.Conv2D(16, 5, activation="tanh", name="conv2")(x)
    x = layers.AveragePooling2D(2, name="pool2")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(120, activation="tanh", name="dense1")(x)
    x = layers.Dense(84, activation="tanh", name="dense2")(x)
    x = layers.Dropout(arguments.dropout, name="dropout")(x)
    return keras.Model(pixels, layers.Dense(num_labels, name="logits")(x), name="lenet5")
