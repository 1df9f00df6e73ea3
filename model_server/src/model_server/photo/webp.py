"""WebP: a RIFF file whose first chunk says how large the picture is (RFC 9649)."""

from collections import deque
from collections.abc import Iterator

from model_server.photo.errors import PictureDamagedError
from model_server.photo.exif import UPRIGHT
from model_server.photo.header import Header, limit_parts

SIGNATURE = b"RIFF"
KIND = b"WEBP"

PIXEL_BYTES = 12
"""What libwebp's decoder of animations, which Pillow uses for all, keeps of each pixel besides Pillow's own four."""

FRAME, FRAME_HEADER_BYTES = b"ANMF", 16
"""An animation's frame is chunks in a chunk, behind so many bytes."""

_DATA = 20
"""Where the first chunk's data begins."""


def read_webp(content: bytes) -> Header:
    """
    Read a WebP's header.

    Raises:
        PictureDamagedError: it ends too early, or is none but for its first bytes.
        PictureSizeError: it is made of too many chunks.
    """
    if len(content) < _DATA + 10:
        raise PictureDamagedError
    # The decoder keeps a note of every chunk, whatever is in it.
    deque(limit_parts(_walk(content)), maxlen=0)
    width, height = _read_size(content[12:16], content[_DATA : _DATA + 10])
    return Header("WEBP", width, height, width * height * PIXEL_BYTES, UPRIGHT, content)


def _read_size(kind: bytes, data: bytes) -> tuple[int, int]:
    """Read a picture's size out of its first chunk: extended, lossy or lossless."""
    if kind == b"VP8X":
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if kind == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF
    if kind == b"VP8L" and data[:1] == b"\x2f":
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise PictureDamagedError


def _walk(content: bytes) -> Iterator[bytes]:
    """Walk over the chunks, and those in frames: type."""
    place = _DATA - 8
    while place + 8 <= len(content):
        kind = content[place : place + 4]
        length = int.from_bytes(content[place + 4 : place + 8], "little")
        yield kind
        # Data of an odd length have a byte more behind them.
        place += 8 + (FRAME_HEADER_BYTES if kind == FRAME else length + length % 2)
