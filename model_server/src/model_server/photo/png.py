"""PNG: signature, then chunks of length, type, data and checksum (ISO/IEC 15948)."""

from collections.abc import Iterator
from struct import Struct

from model_server.photo.errors import PictureDamagedError
from model_server.photo.exif import UPRIGHT, find_orientation
from model_server.photo.header import Header, limit_parts

SIGNATURE = b"\x89PNG\r\n\x1a\n"

NEEDED = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
"""All that pixels are made of; without the animation's chunks it is the picture that stands for it."""

GREY, PALETTE = 0, 3
"""Colour types that Pillow keeps in less than four bytes a pixel."""

_CHUNK = Struct(">I4s")
_SIZE = Struct(">II2B")


def read_png(content: bytes) -> Header:
    """
    Read a PNG's header.

    Raises:
        PictureDamagedError: it ends too early, or is none but for its first bytes.
        PictureSizeError: it is made of too many chunks.
    """
    kept, orientation = [SIGNATURE], UPRIGHT
    size = b""
    for kind, begin, end in limit_parts(_walk(content)):
        if kind in NEEDED:
            kept.append(content[begin - _CHUNK.size : end + 4])
        if kind == b"IHDR" and not size:
            size = content[begin:end]
        if kind == b"eXIf":
            orientation = find_orientation(content[begin:end])
    if len(size) < _SIZE.size:
        raise PictureDamagedError("The PNG has no header; save the picture anew.")
    width, height, depth, colour = _SIZE.unpack_from(size)
    pixel_bytes = {GREY: 2 if depth == 16 else 1, PALETTE: 1}.get(colour, 4)
    return Header("PNG", width, height, width * height * pixel_bytes, orientation, b"".join(kept))


def _walk(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Walk over the chunks: type, and where their data begins and ends."""
    place, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        if place + _CHUNK.size > len(content):
            raise PictureDamagedError
        length, kind = _CHUNK.unpack_from(content, place)
        begin = place + _CHUNK.size
        place = begin + length + 4
        if place > len(content):
            raise PictureDamagedError
        yield kind, begin, begin + length
