"""From a file's bytes to a small upright picture, within 100 MB whatever the file is."""

import struct
import zlib
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model_server.photo.errors import PictureDamagedError, PictureSizeError, PictureTypeError
from model_server.photo.exif import find_orientation
from model_server.photo.header import Header, check_header
from model_server.photo.jpeg import SIGNATURE as JPEG_SIGNATURE
from model_server.photo.jpeg import read_jpeg
from model_server.photo.png import SIGNATURE as PNG_SIGNATURE
from model_server.photo.png import read_png
from model_server.photo.shrinking import MAX_SIDE
from model_server.photo.webp import KIND, read_webp
from model_server.photo.webp import SIGNATURE as WEBP_SIGNATURE

MAX_FILE_BYTES = 20_000_000

STRIP_PIXELS = 2**19
"""Rows of at most so many pixels are turned to RGBA at a time (check_header sees to it that no row is too long)."""

DECODING_ERRORS = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)
"""What Pillow raises over files that are not what they should be."""


def read_pixels(content: bytes) -> NDArray[np.uint8]:
    """
    Decode a picture: of an animation the first frame, upright, shrunk to what find_strokes looks at.

    Args:
        content: a PNG, JPEG or WebP file, told by what is in it.

    Returns:
        uint8, shape (height, width, 4): red, green, blue, alpha (255 opaque), not premultiplied; neither side is
        longer than MAX_SIDE.

    Raises:
        PictureTypeError: it is none of the three formats.
        PictureSizeError: it is too large; nothing has been decoded.
        PictureDamagedError: it cannot be decoded.
    """
    if len(content) > MAX_FILE_BYTES:
        megabytes = len(content) / 1e6
        raise PictureSizeError(
            f"The picture is a file of {megabytes:.0f} MB; at most {MAX_FILE_BYTES // 10**6} are read."
        )
    return _decode(check_header(read_header(content)))


def read_header(content: bytes) -> Header:
    """Read the header of whichever format it is."""
    if content.startswith(PNG_SIGNATURE):
        return read_png(content)
    if content.startswith(JPEG_SIGNATURE):
        return read_jpeg(content)
    if content.startswith(WEBP_SIGNATURE) and content[8:12] == KIND:
        return read_webp(content)
    raise PictureTypeError


def _decode(header: Header) -> NDArray[np.uint8]:
    try:
        with Image.open(BytesIO(header.content), formats=(header.format,)) as image:
            if image.size != (header.width, header.height):
                raise PictureDamagedError
            image.draft("RGB", _fit(header.width, header.height))
            image.load()
            pixels = _shrink(image)
            exif = image.info.get("exif", b"") if header.format == "WEBP" else b""
    except DECODING_ERRORS as error:
        raise PictureDamagedError from error
    return _turn_upright(pixels, find_orientation(exif.removeprefix(b"Exif\0\0")) if exif else header.orientation)


def _fit(width: int, height: int) -> tuple[int, int]:
    """Give the size a picture has when its longer side is MAX_SIDE, the least that may be decoded."""
    longer = max(width, height)
    return max(1, width * MAX_SIDE // longer), max(1, height * MAX_SIDE // longer)


def _shrink(image: Image.Image) -> NDArray[np.uint8]:
    """Average a picture's pixels, strip by strip, so that it is held in memory only once."""
    times = -(-max(image.size) // MAX_SIDE)
    width, height = image.size
    step = times * max(1, STRIP_PIXELS // (width * times))
    strips = []
    for top in range(0, height, step):
        strip = _to_rgba(image.crop((0, top, width, min(top + step, height))))
        # Premultiplied, so that the colour of what cannot be seen does not count.
        small = strip if times == 1 else strip.convert("RGBa").reduce(times).convert("RGBA")
        strips.append(np.asarray(small))
    return np.concatenate(strips)


def _to_rgba(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # 16 bits of grey; Pillow would cut off what is lighter than 255.
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    return image.convert("RGBA")


def _turn_upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn and mirror a picture as its Exif orientation, 1 to 8, says."""
    if orientation >= 5:
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)
