"""A report's pictures: everything that is worth a look, black on white."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from training_server.pictures import CELL_PX, GAP_PX, encode_png, lay_out, list_pictures, shade_confusion
from training_server.report_format import Report, leave_out_drawings

SAMPLE = Path(__file__).parents[2] / "doodle_testing" / "report.json"


@pytest.fixture
def report() -> Report:
    return Report.model_validate_json(SAMPLE.read_bytes())


def test_every_drawing_is_in_one_picture(report: Report) -> None:
    """A sheet of each label's new drawings; a picture a mistake; a name is used once."""
    pictures = {picture.name: picture.grey for picture in list_pictures(report)}

    sheets = {name: grey for name, grey in pictures.items() if name.startswith("new_drawings/")}
    widths = [round((grey.shape[1] + GAP_PX) / (report.width + GAP_PX)) for grey in sheets.values()]
    assert sum(widths) == len(report.samples)
    assert sum("_mistakes/" in name for name in pictures) == sum(len(each.mistakes) for each in report.holdouts)
    assert len(pictures) == len(list_pictures(report))


def test_a_public_report_has_no_drawing(report: Report) -> None:
    """Confusions are figures."""
    names = [picture.name for picture in list_pictures(leave_out_drawings(report))]

    assert names == [f"{part}_confusion/{version}" for part in ("recent", "base") for version in ("candidate", "live")]


def test_paper_is_white_between_drawings() -> None:
    """Drawings keep their size, and what is between them is no ink."""
    black = np.zeros((4, 3), np.uint8)

    sheet = lay_out([black, black, black])

    assert sheet.shape == (4, 3 * 3 + 2 * GAP_PX)
    assert sheet[:, 3 : 3 + GAP_PX].tolist() == [[255] * GAP_PX] * 4


def test_a_picture_is_itself_as_png() -> None:
    """Grey values are kept."""
    grey = np.arange(6, dtype=np.uint8).reshape(2, 3)

    assert tf.io.decode_png(encode_png(grey)).numpy()[:, :, 0].tolist() == grey.tolist()


def test_shades_of_a_confusion() -> None:
    """Dark where a label is always guessed, white where nothing is, a label without drawings included."""
    shades = shade_confusion(np.array([[3, 1], [0, 0]]))

    assert shades.shape == (2 * CELL_PX, 2 * CELL_PX)
    assert shades[::CELL_PX, ::CELL_PX].tolist() == [[64, 191], [255, 255]]
