"""Event files: read back with TensorFlow's own reader, they say what the report says."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.util import event_pb2

from training_server.event_files import write_event_file
from training_server.report_format import Report

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SAMPLE = Path(__file__).parents[2] / "doodle_testing" / "report.json"


@pytest.fixture
def report() -> Report:
    return Report.model_validate_json(SAMPLE.read_bytes())


def read_events(path: Path) -> list[Any]:
    """Read a file's records; TensorFlow checks their checksums."""
    return [event_pb2.Event.FromString(each.numpy()) for each in tf.data.TFRecordDataset(str(path))]


def test_an_event_file_holds_curves_and_results(report: Report, tmp_path: Path) -> None:
    """Curves by epoch, each version's results at the epoch that was kept, one time for all."""
    path = write_event_file(tmp_path, report, NOW)

    first, *events = read_events(path)
    assert first.file_version == "brain.Event:2"
    assert {event.wall_time for event in events} == {NOW.timestamp()}
    scalars = {
        (value.tag, event.step): value.simple_value
        for event in events
        for value in event.summary.value
        if value.HasField("simple_value")
    }
    assert [scalars["loss/training", epoch] for epoch in (1, 2, 3)] == pytest.approx([1, 1 / 2, 1 / 3], rel=1e-5)
    recent = report.holdouts[0]
    assert recent.live is not None
    assert scalars["recent_candidate/accuracy", 3] == pytest.approx(recent.candidate.accuracy)
    assert scalars["recent_live/accuracy", 3] == pytest.approx(recent.live.accuracy)
    assert ("recent_candidate/recall_mouse", 3) not in scalars


def test_mistakes_are_pictures_black_on_white(report: Report, tmp_path: Path) -> None:
    """A picture a mistake, with its words; a sheet a label, and both confusions of each holdout."""
    events = read_events(write_event_file(tmp_path, report, NOW))

    images = {value.tag: value.image for event in events for value in event.summary.value if value.HasField("image")}
    num_mistakes = sum(len(holdout.mistakes) for holdout in report.holdouts)
    assert len(images) == num_mistakes + 2 * len(report.holdouts) + len({each.label for each in report.samples})
    mistake = report.holdouts[0].mistakes[0]
    image = images[f"recent_mistakes/01 {mistake.label}, taken for {mistake.guess}"]
    pixels = tf.io.decode_png(image.encoded_image_string).numpy()
    assert pixels.shape == (report.height, report.width, 1)
    assert set(np.unique(pixels)) == {0, 255}


def test_parameters_are_a_text(report: Report, tmp_path: Path) -> None:
    """TensorBoard shows them as a table."""
    events = read_events(write_event_file(tmp_path, report, NOW))

    texts = [value for event in events for value in event.summary.value if value.tag == "parameters"]
    assert [text.metadata.plugin_data.plugin_name for text in texts] == ["text"]
    assert b"| network | mlp |" in texts[0].tensor.string_val[0]


def test_a_run_has_one_file(report: Report, tmp_path: Path) -> None:
    """In a folder of its own, which TensorBoard takes for its name; a second attempt replaces it."""
    write_event_file(tmp_path, report, NOW)

    path = write_event_file(tmp_path, report, NOW)

    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]
    assert path.parent.name == str(report.run)


def test_a_folder_that_cannot_be_made(report: Report, tmp_path: Path) -> None:
    """An error of the system's, which the worker logs."""
    (tmp_path / "taken").write_text("a file")

    with pytest.raises(OSError, match="taken"):
        write_event_file(tmp_path / "taken", report, NOW)
