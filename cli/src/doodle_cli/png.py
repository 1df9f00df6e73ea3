"""Drawings as PNG, with the standard library alone."""

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREYSCALE = 0


def encode_png(bitmap: bytes, height: int, width: int) -> bytes:
    """
    Write a drawing as PNG: ink on paper.

    Args:
        bitmap: height x width bytes, row by row; 0 paper, 255 full ink.
        height, width: in pixels.

    Source: PNG (Third Edition), W3C 2025: 8 bits of grey, no interlacing, filter 0 in each row.

    >>> encode_png(bytes([0, 255]), 1, 2)[:4]
    b'\\x89PNG'
    """
    # In PNG 255 is white.
    pixels = bytes(255 - value for value in bitmap)
    rows = b"".join(b"\x00" + pixels[start : start + width] for start in range(0, height * width, width))
    header = struct.pack(">IIBBBBB", width, height, 8, _GREYSCALE, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b""))
    return _SIGNATURE + b"".join(parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
