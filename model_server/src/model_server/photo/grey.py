"""Which of a picture's greys shows ink as dark on light (steps 2 and 3 of docs/decisions/0049-photos.md)."""

import numpy as np

from model_server.photo.shrinking import measure_luma
from model_server.photo.windows import Grey, Integers, average


def find_grey(colours: Integers) -> Grey:
    """
    Turn colours into a grey in which ink is dark, be it pen on paper or chalk on a board.

    Args:
        colours: int64, shape (height, width, 3), 0..255: red, green, blue.

    Returns:
        uint8, shape (height, width); 0 ink, 255 paper.
    """
    luma = measure_luma(colours)
    # The extreme channel counts as much as what the eye sees: yellow on white is ink, too.
    dark_ink = ((colours.min(axis=-1) + luma) >> 1).astype(np.uint8)
    light_ink = (255 - ((colours.max(axis=-1) + luma + 1) >> 1)).astype(np.uint8)
    grey: Grey = dark_ink if _measure_skew(dark_ink) <= _measure_skew(light_ink) else light_ink
    return grey


def _measure_skew(grey: Grey) -> int:
    """Negative when few pixels are much darker than what is around them, as lines are, and many a little lighter."""
    distance = grey - average(grey, max(grey.shape) // 8 + 2)
    return int((distance * distance * distance).sum())
