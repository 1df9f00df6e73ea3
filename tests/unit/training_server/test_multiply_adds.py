"""Multiply-adds, counted by hand."""

from collections.abc import Iterator

import keras
import pytest
from keras import layers

from training_server.multiply_adds import count_multiply_adds
from training_server.networks import build


@pytest.fixture(autouse=True)
def forget_networks() -> Iterator[None]:
    """Keras keeps nothing from one test to the next."""
    yield
    keras.backend.clear_session()


def test_layers_by_hand() -> None:
    """Places of the kernel times its weights; what has no weights, or is folded away, costs nothing."""
    pixels = keras.Input((8, 6, 1))
    x = layers.Conv2D(4, 3, padding="same", strides=2)(pixels)  # 4 x 3 places, 3 x 3 x 1 x 4 weights
    x = layers.BatchNormalization()(x)
    x = layers.DepthwiseConv2D(3, padding="same")(x)  # 4 x 3 places, 3 x 3 x 4 weights
    x = layers.SeparableConv2D(5, 3, padding="same")(x)  # 4 x 3 places, 3 x 3 x 4 + 4 x 5 weights
    x = layers.GlobalAveragePooling2D()(x)
    network = keras.Model(pixels, layers.Dense(3)(x))  # 5 x 3

    assert count_multiply_adds(network) == 12 * 36 + 12 * 36 + 12 * (36 + 20) + 15


def test_groups_see_their_own_channels_only() -> None:
    """A convolution in two groups costs half."""
    pixels = keras.Input((5, 5, 4))

    assert count_multiply_adds(keras.Model(pixels, layers.Conv2D(6, 1, groups=2)(pixels))) == 25 * 2 * 6


def test_a_network_inside_another_counts() -> None:
    """Layers count wherever they stand."""
    inner = keras.Sequential([keras.Input((7,)), layers.Dense(2)])
    pixels = keras.Input((7,))

    assert count_multiply_adds(keras.Model(pixels, layers.Dense(3)(inner(pixels)))) == 14 + 6


@pytest.mark.parametrize(("name", "expected"), [("cnn", 2_793_984), ("doodlenet", 2_688_192)])
def test_our_networks(name: str, expected: int) -> None:
    """As their docstrings say: 2.79 and 2.69 million at six labels."""
    assert count_multiply_adds(build(name, (28, 28, 1), 6, {})) == expected
