"""A large residual network: too slow for a drawing page, made to teach small ones (docs/decisions/0034)."""

import keras
from keras import KerasTensor, layers

from training_server.network_arguments import ResnetArguments


def resnet(input_shape: tuple[int, int, int], num_labels: int, arguments: ResnetArguments) -> keras.Model:
    """
    Three stages of 3x3 convolutions with batch normalisation and residual sums, and the mean over what is left.

    For (28, 28, 1) and 32 first filters: 28x28x32, residual -> 14x14x64, residual -> 7x7x128, two residuals -> 128 ->
    num_labels: 436,518 parameters and 36.4 million multiply-adds at six labels, 13.5 times doodlenet's.

    Args:
        input_shape: (height, width, channels), at least 4 x 4.
        num_labels: width of the last layer.
        arguments: filters of the first stage, doubled by each further one; dropout before the last layer.

    Returns:
        float32 (batch, height, width, channels) -> float32 logits (batch, num_labels).
    """
    filters = arguments.first_filters
    pixels = keras.Input(input_shape, name="input")
    x = _add_residual(_convolve(pixels, filters, "stem"), filters, "stem_residual")
    x = layers.MaxPooling2D(name="stem_pool")(x)
    x = _add_residual(_convolve(x, 2 * filters, "body"), 2 * filters, "body_residual")
    x = layers.MaxPooling2D(name="body_pool")(x)
    x = _add_residual(_convolve(x, 4 * filters, "head"), 4 * filters, "head_residual")
    x = _add_residual(x, 4 * filters, "last_residual")
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    x = layers.Dropout(arguments.dropout, name="dropout")(x)
    return keras.Model(pixels, layers.Dense(num_labels, name="logits")(x), name="resnet")


def _add_residual(x: KerasTensor, num_filters: int, name: str) -> KerasTensor:
    return layers.Add(name=f"{name}_sum")([x, _convolve(x, num_filters, name)])


def _convolve(x: KerasTensor, num_filters: int, name: str) -> KerasTensor:
    """(batch, height, width, channels) -> (batch, height, width, num_filters), never negative."""
    x = layers.Conv2D(num_filters, 3, padding="same", use_bias=False, name=name)(x)
    x = layers.BatchNormalization(name=f"{name}_norm")(x)
    return layers.ReLU(name=f"{name}_relu")(x)
