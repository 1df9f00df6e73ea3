"""
Reading drawings from pictures: photographs of paper, scans, screenshots, icons.

    bytes -> read_pixels -> pixels -> find_strokes -> strokes -> doodle_db.ink.draw -> bitmap
"""

from model_server.photo.errors import (
    NoInkError,
    PhotoError,
    PictureDamagedError,
    PictureError,
    PictureSizeError,
    PictureTypeError,
)
from model_server.photo.pixels import read_pixels
from model_server.photo.strokes import find_strokes

__all__ = [
    "NoInkError",
    "PhotoError",
    "PictureDamagedError",
    "PictureError",
    "PictureSizeError",
    "PictureTypeError",
    "find_strokes",
    "read_pixels",
]
