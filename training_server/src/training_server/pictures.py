"""The pictures of a report: drawings, worst mistakes, confusions; for programs that keep pictures of many runs."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from training_server.report_format import Holdout, Picture, Report

CELL_PX = 24
"""Of a confusion matrix as a picture."""

GAP_PX = 2
"""Between the drawings of a sheet."""


@dataclass(frozen=True)
class NamedPicture:
    """
    A picture.

    Attributes:
        name: parts with a slash between them.
        grey: uint8, shape (height, width); 255 white, 0 black.
    """

    name: str
    grey: NDArray[np.uint8]


def list_pictures(report: Report) -> list[NamedPicture]:
    """List a report's pictures: a sheet of each label's new drawings, then each holdout's mistakes and confusions."""
    return [*_list_samples(report), *(each for holdout in report.holdouts for each in _list_holdout(report, holdout))]


def _list_samples(report: Report) -> Iterator[NamedPicture]:
    for label in report.labels:
        bitmaps = [_decode(report, sample) for sample in report.samples if sample.label == label]
        if bitmaps:
            yield NamedPicture(f"new_drawings/{label}", lay_out(bitmaps))


def _list_holdout(report: Report, holdout: Holdout) -> Iterator[NamedPicture]:
    for place, mistake in enumerate(holdout.mistakes, start=1):
        name = f"{holdout.name}_mistakes/{place:02} {mistake.label}, taken for {mistake.guess}"
        yield NamedPicture(name, _decode(report, mistake))
    for version, result in (("candidate", holdout.candidate), ("live", holdout.live)):
        if result and result.confusion:
            yield NamedPicture(f"{holdout.name}_confusion/{version}", shade_confusion(np.array(result.confusion)))


def _decode(report: Report, picture: Picture) -> NDArray[np.uint8]:
    """Give a drawing black on white."""
    bitmap = np.frombuffer(base64.b64decode(picture.bitmap), np.uint8)
    return np.asarray(255 - bitmap.reshape(report.height, report.width))


def lay_out(drawings: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """
    Lay drawings beside each other.

    Args:
        drawings: uint8, each of one shape (height, width); 255 white, 0 black.

    Returns:
        uint8, shape (height, the widths and the gaps between).

    >>> lay_out([np.zeros((1, 2), np.uint8)] * 2).tolist()
    [[0, 0, 255, 255, 0, 0]]
    """
    widened = [np.pad(each, ((0, 0), (0, GAP_PX)), constant_values=255) for each in drawings]
    return np.concatenate(widened, axis=1)[:, :-GAP_PX]


def shade_confusion(confusion: NDArray[np.int64]) -> NDArray[np.uint8]:
    """
    Draw a confusion matrix.

    Args:
        confusion: int64, shape (num_labels, num_labels); row = label, column = guess.

    Returns:
        uint8, shape (num_labels * CELL_PX, num_labels * CELL_PX); 255 where nothing is, 0 where a label always is.
    """
    shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    grey = np.asarray(np.round(255 * (1 - shares)), np.uint8)
    return grey.repeat(CELL_PX, axis=0).repeat(CELL_PX, axis=1)


def encode_png(grey: NDArray[np.uint8]) -> bytes:
    """
    Encode a picture.

    Args:
        grey: uint8, shape (height, width); 255 white, 0 black.
    """
    return bytes(tf.io.encode_png(grey[:, :, np.newaxis]).numpy())
