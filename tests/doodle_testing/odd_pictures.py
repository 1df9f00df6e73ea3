"""Pictures of legal files that are small, or say little, and cost a reader much."""

import struct
import zlib
from io import BytesIO

from PIL import Image

SIDE_PX = 32


def blank_png(width: int, height: int) -> bytes:
    """Write a PNG of one bit a pixel: of 50 million pixels some kilobytes are left."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + bytes(-(-width // 8))) * height, 9)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(kind, data) for kind, data in chunks)


def png_in_pieces(num: int) -> bytes:
    """Write a PNG with so many chunks that hold nothing."""
    end = _png_chunk(b"IEND", b"")
    return blank_png(SIDE_PX, SIDE_PX).removesuffix(end) + _png_chunk(b"IDAT", b"") * num + end


def jpeg_in_pieces(num: int) -> bytes:
    """Write a JPEG with so many segments of one byte; no decoder takes them for tables."""
    content = _encode("JPEG")
    return content[:2] + b"\xff\xdb\0\3\0" * num + content[2:]


def webp_in_pieces(num: int) -> bytes:
    """Write a WebP with so many chunks that hold nothing."""
    return _extended_webp(_encode("WEBP")[12:] + b"none\0\0\0\0" * num)


def webp_frame_in_pieces(num: int) -> bytes:
    """Write a WebP with so many such chunks in what claims to be one frame of an animation."""
    inside = bytes(16) + b"none\0\0\0\0" * num
    return _extended_webp(_encode("WEBP")[12:] + b"ANMF" + struct.pack("<I", len(inside)) + inside)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _extended_webp(chunks: bytes) -> bytes:
    side = (SIDE_PX - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + 2 * side + chunks
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _encode(kind: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (SIDE_PX, SIDE_PX), (200, 30, 30)).save(file, kind)
    return file.getvalue()
