"""A run's report as an event file for TensorBoard; written with TensorFlow, read without our help."""

from datetime import datetime
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.core.framework import summary_pb2
from tensorflow.core.util import event_pb2

from training_server.errors import TrackerError
from training_server.figures import list_figures, list_parameters
from training_server.pictures import NamedPicture, encode_png, list_pictures
from training_server.report_format import Report


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
    values = [_make_text("parameters", list_parameters(report)), *map(_make_picture, list_pictures(report))]
    return [*events, *(_make_event(seconds, step, value) for value in values)]


def _make_event(seconds: float, step: int, value: Any) -> Any:
    return event_pb2.Event(wall_time=seconds, step=step, summary=summary_pb2.Summary(value=[value]))


def _make_text(tag: str, facts: dict[str, str]) -> Any:
    lines = ["| what | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())]
    plugin = summary_pb2.SummaryMetadata.PluginData(plugin_name="text")
    tensor = tf.make_tensor_proto("\n".join(lines), dtype=tf.string)
    return summary_pb2.Summary.Value(tag=tag, tensor=tensor, metadata=summary_pb2.SummaryMetadata(plugin_data=plugin))


def _make_picture(picture: NamedPicture) -> Any:
    height, width = picture.grey.shape
    encoded = encode_png(picture.grey)
    image = summary_pb2.Summary.Image(height=height, width=width, colorspace=1, encoded_image_string=encoded)
    return summary_pb2.Summary.Value(tag=picture.name, image=image)
