"""Pictures that are no drawings: photos as somebody would upload them, noise, blots; seeded."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Bitmaps = NDArray[np.uint8]

LUMINANCE = np.array([0.299, 0.587, 0.114])
"""Shares of red, green and blue; ITU-R BT.601."""


def to_grey(photos: NDArray[np.uint8]) -> NDArray[np.float64]:
    """
    Take the colour from photos.

    Args:
        photos: uint8, shape (num, height, width, 3), 0..255.

    Returns:
        float64, shape (num, height, width), 0 black to 255 white.
    """
    return np.asarray(photos @ LUMINANCE)


def resize(pictures: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    """
    Shrink or enlarge pictures, bilinearly, pixel centres on pixel centres.

    Args:
        pictures: float64, shape (num, rows, columns).
    """
    return _resize_axis(_resize_axis(pictures, height, axis=1), width, axis=2)


def _resize_axis(pictures: NDArray[np.float64], size: int, axis: int) -> NDArray[np.float64]:
    places = np.clip((np.arange(size) + 0.5) * pictures.shape[axis] / size - 0.5, 0, pictures.shape[axis] - 1)
    low = np.minimum(places.astype(np.int64), pictures.shape[axis] - 2)
    share = (places - low).reshape([-1 if each == axis else 1 for each in range(3)])
    lower, upper = np.take(pictures, low, axis), np.take(pictures, low + 1, axis)
    return np.asarray(lower * (1 - share) + upper * share)


def picture_photos(photos: NDArray[np.uint8], height: int, width: int) -> Mapping[str, Bitmaps]:
    """
    Make of photos what a person might take for a drawing.

    Args:
        photos: uint8, shape (num, rows, columns, 3).

    Returns:
        By kind: uint8, shape (num, height, width); 0 paper, 255 full ink.
    """
    grey = resize(to_grey(photos), height, width)
    edges = _find_edges(grey)
    dark = grey < grey.mean(axis=(1, 2), keepdims=True)
    return {
        "photos, light is ink": _round(grey),
        "photos, dark is ink": _round(255 - grey),
        "photos, black and white": _round(255.0 * dark),
        "photos, white and black": _round(255.0 * ~dark),
        "photos, edges": _round(edges),
        "photos, edges in black and white": _round(255.0 * (edges > 110)),
    }


def _find_edges(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    """The gradient's length, the steepest of each picture being 255."""
    down, right = np.gradient(grey, axis=(1, 2))
    length = np.hypot(down, right)
    return np.asarray(255 * length / np.maximum(length.max(axis=(1, 2), keepdims=True), 1))


def make_noise(num: int, seed: int, height: int, width: int) -> Mapping[str, Bitmaps]:
    """
    Make noise of several kinds, `num` pictures each.

    Returns:
        By kind: uint8, shape (num, height, width); 0 paper, 255 full ink.
    """
    random, shape = np.random.default_rng(seed), (num, height, width)
    gaussians = {
        f"noise, Gaussian around {mean}": _round(random.normal(mean, deviation, shape))
        for mean, deviation in ((0, 60), (64, 40), (128, 60))
    }
    salted = {
        f"noise, {share:.0%} of pixels ink": _round(255.0 * (random.random(shape) < share))
        for share in (0.02, 0.05, 0.1, 0.2, 0.35, 0.5)
    }
    return {
        "noise, uniform": _round(random.uniform(0, 255, shape)),
        **gaussians,
        **salted,
        "noise, blots": _blot(random.random(shape)),
    }


def _blot(noise: NDArray[np.float64]) -> Bitmaps:
    """Smooth noise over 5 x 5 pixels; its darkest fifth is ink."""
    rows = sum(np.roll(noise, shift, axis=1) for shift in range(-2, 3))
    smooth = sum(np.roll(rows, shift, axis=2) for shift in range(-2, 3))
    limits = np.quantile(smooth, 0.8, axis=(1, 2), keepdims=True)
    return _round(255.0 * (smooth > limits))


def _round(pictures: NDArray[np.floating]) -> Bitmaps:
    return np.asarray(np.clip(np.round(pictures), 0, 255), np.uint8)
