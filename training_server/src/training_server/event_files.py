"""A run's report as an event file for TensorBoard; written with TensorFlow, read without our help."""

import base64
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.core.framework import summary_pb2
from tensorflow.core.util import event_pb2

from training_server.errors import TrackerError
from training_server.figures import list_figures, list_parameters
from training_server.report_format import Holdout, Report

CELL_PX = 24
"""Of a confusion matrix as a picture."""


def write_event_file(folder: Path, report: Report, now: datetime) -> Path:
    """
    Write a run's event file into a folder of its own; written again, it takes the place of the one before.

    Args:
        folder: where TensorBoard is told to look; made if it is not there.
        report: of the run.
        now: the time, for TensorBoard's clock.

    Returns:
        The file.

    Raises:
        OSError: the folder cannot be written.
        TrackerError: the file cannot.
    """
    of_run = folder / str(report.run)
    of_run.mkdir(parents=True, exist_ok=True)
    path = of_run / "events.out.tfevents.doodle"
    # Aside, then renamed: TensorBoard follows a folder while we write.
    staged = of_run / ".staged"
    try:
        with tf.io.TFRecordWriter(str(staged)) as writer:
            for event in _make_events(report, now.timestamp()):
                writer.write(event.SerializeToString())
    except tf.errors.OpError as failed:
        raise TrackerError(f"The event file of run {report.run} could not be written: {failed.message}") from failed
    staged.replace(path)
    return path


def _make_events(report: Report, seconds: float) -> list[Any]:
    # The first record names the format; source: tensorflow/core/util/event.proto.
    events = [event_pb2.Event(wall_time=seconds, file_version="brain.Event:2")]
    for figure in list_figures(report):
        value = summary_pb2.Summary.Value(tag=figure.name, simple_value=figure.value)
        events.append(_make_event(seconds, figure.step, value))
    step = report.training.best_epoch if report.training else 0
    values = [_make_text("parameters", list_parameters(report))]
    for holdout in report.holdouts:
        values += _make_pictures(report, holdout)
    return [*events, *(_make_event(seconds, step, value) for value in values)]


def _make_event(seconds: float, step: int, value: Any) -> Any:
    return event_pb2.Event(wall_time=seconds, step=step, summary=summary_pb2.Summary(value=[value]))


def _make_text(tag: str, facts: dict[str, str]) -> Any:
    lines = ["| what | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())]
    plugin = summary_pb2.SummaryMetadata.PluginData(plugin_name="text")
    tensor = tf.make_tensor_proto("\n".join(lines), dtype=tf.string)
    return summary_pb2.Summary.Value(tag=tag, tensor=tensor, metadata=summary_pb2.SummaryMetadata(plugin_data=plugin))


def _make_pictures(report: Report, holdout: Holdout) -> list[Any]:
    shape = (report.height, report.width)
    pictures = [
        _make_picture(
            f"{holdout.name}_mistakes/{place:02} {mistake.label}, taken for {mistake.guess}",
            255 - np.frombuffer(base64.b64decode(mistake.bitmap), np.uint8).reshape(shape),
        )
        for place, mistake in enumerate(holdout.mistakes, start=1)
    ]
    if holdout.candidate.confusion:
        shades = shade_confusion(np.array(holdout.candidate.confusion))
        pictures.append(_make_picture(f"{holdout.name}_confusion/candidate", shades))
    return pictures


def _make_picture(tag: str, grey: NDArray[np.uint8]) -> Any:
    height, width = grey.shape
    encoded = tf.io.encode_png(grey[:, :, np.newaxis]).numpy()
    image = summary_pb2.Summary.Image(height=height, width=width, colorspace=1, encoded_image_string=encoded)
    return summary_pb2.Summary.Value(tag=tag, image=image)


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
