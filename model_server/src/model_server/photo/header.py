"""What a picture's file says of it, read without decoding anything; one rule for the three formats."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from model_server.photo.errors import PictureDamagedError, PictureSizeError

MAX_DECODED_BYTES = 50_000_000
"""What a decoder may allocate: with the file, its copy and base64's, that stays under 100 MB (docs/decisions/0049)."""

MAX_PIXELS = 50_000_000
"""The largest of telephones' cameras. Decoding more takes seconds, even where it takes little memory."""

MAX_SIDE_PX = 16_384
"""Rows of so many pixels fit into a strip (pixels.py). Telephones' panoramas, WebP and some canvases end there, too."""

MAX_PARTS = 20_000
"""Segments or chunks of a file: each costs some hundred bytes however empty it is. Large files have a few thousand."""

Part = TypeVar("Part")


class Header(NamedTuple):
    """
    What is known of a picture before it is decoded.

    Attributes:
        format: Pillow's name of it.
        width, height: px, before it is turned upright.
        decoded_bytes: what decoding it allocates, about.
        orientation: 1 to 8, as in Exif; 1 upright.
        content: the file without what the pixels do not need: previews, comments, colour profiles.
    """

    format: str
    width: int
    height: int
    decoded_bytes: int
    orientation: int
    content: bytes


def check_header(header: Header) -> Header:
    """
    Refuse what would take too long or too much memory.

    Returns:
        the same header.

    Raises:
        PictureSizeError: the picture has too many pixels, in all or in a row or a column.
        PictureDamagedError: it has none.
    """
    num_pixels = header.width * header.height
    if num_pixels == 0:
        raise PictureDamagedError("The picture is 0 pixels wide or high; nothing can be seen in it.")
    if max(header.width, header.height) > MAX_SIDE_PX:
        raise PictureSizeError(
            f"The picture has {header.width} x {header.height} pixels; at most {MAX_SIDE_PX} of a side are opened: "
            "make it smaller."
        )
    if num_pixels > MAX_PIXELS or header.decoded_bytes > MAX_DECODED_BYTES:
        most = min(MAX_PIXELS, MAX_DECODED_BYTES * num_pixels // header.decoded_bytes)
        raise PictureSizeError(
            f"The picture has {header.width} x {header.height} pixels; of a {header.format} of this kind at most "
            f"{most / 1e6:.0f} million are opened: make it smaller."
        )
    return header


def limit_parts(parts: Iterable[Part]) -> Iterator[Part]:
    """
    Give the parts a file is made of, one by one.

    Raises:
        PictureSizeError: there are more than MAX_PARTS.
    """
    for number, part in enumerate(parts):
        if number == MAX_PARTS:
            raise PictureSizeError(f"The file is made of more than {MAX_PARTS} parts; save the picture anew.")
        yield part
