"""From what a client sent to the bitmaps a network sees."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from doodle_db.errors import BlankBitmapError, InvalidError
from doodle_db.ink import InkStrokes, draw, normalise, rasterise
from doodle_db.manifest import InputShape
from model_server.photo import PhotoError, find_strokes, read_pixels
from model_server.prediction.body import DrawingBody

FULL_EXTENT = 240
"""Of 255: simplifying takes 2 at each end (docs/decisions/0003), a pen of another program perhaps more."""


def draw_all(drawings: Sequence[DrawingBody], shape: InputShape, *, is_batch: bool) -> NDArray[np.uint8]:
    """
    Make bitmaps of drawings, one after the other.

    Args:
        drawings: checked at the door.
        shape: what the version reads.
        is_batch: how faults are named: `items[3].image`, or `image`.

    Returns:
        uint8, shape (num_drawings, height, width); 0 paper, 255 full ink.

    Raises:
        pydantic.ValidationError: with every drawing that is none.
    """
    bitmaps: list[NDArray[np.uint8]] = []
    faults: list[InitErrorDetails] = []
    for index, drawing in enumerate(drawings):
        try:
            bitmaps.append(draw_one(drawing, shape))
        except (PhotoError, InvalidError) as refused:
            place = ("items", index, kind_of(drawing)) if is_batch else (kind_of(drawing),)
            words = PydanticCustomError("invalid", "{words}", {"words": str(refused)})
            faults.append(InitErrorDetails(type=words, loc=place, input=None))
    if faults:
        raise ValidationError.from_exception_data("drawings", faults)
    return np.stack(bitmaps)


def draw_one(drawing: DrawingBody, shape: InputShape) -> NDArray[np.uint8]:
    """
    Make the bitmap of a drawing.

    Raises:
        PhotoError: the picture cannot be read, or no drawing is found in it.
        InvalidError: there is no ink.
    """
    if drawing.bitmap is not None:
        return np.frombuffer(drawing.bitmap, np.uint8).reshape(shape.height, shape.width)
    if drawing.image is not None:
        _, bitmap = draw(find_strokes(read_pixels(drawing.image)), shape.height, shape.width)
    else:
        bitmap = rasterise(fill_box(drawing.strokes) if drawing.strokes else [], shape.height, shape.width)
    if not bitmap.any():
        raise BlankBitmapError("The drawing has no ink; draw something first.")
    return bitmap


def kind_of(drawing: DrawingBody) -> str:
    """Tell how a drawing was sent, by the name of its field."""
    return next(name for name in ("image", "strokes", "bitmap") if getattr(drawing, name) is not None)


def fill_box(ink: InkStrokes) -> InkStrokes:
    """
    Let a drawing fill the box, as those of the pad do.

    Args:
        ink: valid strokes, at least one.

    Returns:
        The same, where it fills the box already: the pad's strokes were simplified after they were scaled, which may
        have cost them a little at each end, and their bitmap is to stay what it was. Otherwise moved and scaled.

    >>> fill_box([[[3, 253], [0, 100]]]), fill_box([[[10, 20], [0, 5]]])
    ([[[3, 253], [0, 100]]], [[[0, 255], [0, 128]]])
    """
    extents = [
        max(max(stroke[axis]) for stroke in ink) - min(min(stroke[axis]) for stroke in ink)
        for axis in (0, 1)  # xs, ys
    ]
    if max(extents) >= FULL_EXTENT:
        return ink
    return normalise([[(float(x), float(y)) for x, y in zip(xs, ys, strict=True)] for xs, ys in ink])
