"""The bitmap codec refuses what is no drawing and never bends a pixel."""

import numpy as np
import pytest

from doodle_db.bitmap import check_bitmap, to_model_input
from doodle_db.errors import BitmapShapeError, BlankBitmapError


@pytest.mark.parametrize("num_bytes", [0, 1, 783, 785])
def test_a_bitmap_of_another_size_is_refused(num_bytes: int) -> None:
    """The message names both sizes, the error the field."""
    with pytest.raises(BitmapShapeError, match=rf"{num_bytes} bytes; 28 x 28 = 784") as refused:
        check_bitmap(b"\xff" * num_bytes, 28, 28)

    assert refused.value.field == "bitmap"


def test_a_blank_bitmap_is_refused() -> None:
    """Nothing can be learnt from an empty page."""
    with pytest.raises(BlankBitmapError):
        check_bitmap(bytes(784), 28, 28)


def test_one_faint_pixel_is_a_drawing() -> None:
    """The door judges form, not art."""
    check_bitmap(bytes(783) + b"\x01", 28, 28)


def test_model_input_is_exactly_the_pixel_over_255() -> None:
    """The browser divides float32 by 255 too: any other arithmetic would be train/serve skew."""
    pixels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)

    scaled = to_model_input(pixels)

    assert scaled.dtype == np.float32
    assert scaled.shape == (1, 16, 16, 1)
    assert (scaled[..., 0] == pixels.astype(np.float32) / np.float32(255)).all()


def test_model_input_refuses_a_single_bitmap() -> None:
    """One drawing is a batch of one."""
    with pytest.raises(BitmapShapeError, match="three axes"):
        to_model_input(np.zeros((28, 28), np.uint8))
