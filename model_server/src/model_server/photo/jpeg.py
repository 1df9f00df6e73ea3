"""JPEG: markers and segments up to the first scan, from there on compressed data (ITU-T T.81)."""

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from model_server.photo.errors import PictureDamagedError, PictureSizeError
from model_server.photo.exif import UPRIGHT, find_orientation
from model_server.photo.header import Header, limit_parts

SIGNATURE = b"\xff\xd8\xff"

START = b"\xff\xd8"
SCAN = 0xDA
COMMENT = 0xFE
EXIF = 0xE1
APPLICATION = range(0xE0, 0xF0)
NEEDED_APPLICATION = {0xE0, 0xEE}
"""JFIF and Adobe: they say how colours are meant."""

FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}

MAX_SCANS = 20
"""A progressive picture has ten or so; each one costs as much time as the whole picture."""

EXIF_BEGIN = b"Exif\0\0"

_NUMBER = Struct(">H")
_FRAME = Struct(">xHHB")


class _Frame(NamedTuple):
    """What the frame header says; samples: of all components, each a number of two bytes where they must be kept."""

    width: int
    height: int
    num_components: int
    num_samples: int
    is_progressive: bool


def read_jpeg(content: bytes) -> Header:
    """
    Read a JPEG's header.

    Raises:
        PictureDamagedError: it ends too early, or is none but for its first bytes.
        PictureSizeError: it is made of too many segments or scans.
    """
    kept, orientation, frame, place = [START], UPRIGHT, None, len(content)
    num_scanned = 0
    for marker, begin, end in limit_parts(_walk(content)):
        if marker == SCAN:
            place, num_scanned = begin - 4, content[begin]
        elif marker in FRAMES:
            if frame is not None:
                raise PictureDamagedError
            frame = _read_frame(marker, content[begin:end])
        elif marker == EXIF and content.startswith(EXIF_BEGIN, begin):
            orientation = find_orientation(content[begin + len(EXIF_BEGIN) : end])
        if marker not in (SCAN, COMMENT) and (marker not in APPLICATION or marker in NEEDED_APPLICATION):
            kept.append(content[begin - 4 : end])
    if frame is None:
        raise PictureDamagedError
    if content.count(bytes([0xFF, SCAN]), place) > MAX_SCANS:
        raise PictureSizeError(f"The JPEG is made of more than {MAX_SCANS} scans; save the picture anew.")
    kept.append(content[place:])
    # Decoded at a half to an eighth of its size a picture takes little, unless scans have to be put together first.
    is_kept_whole = frame.is_progressive or num_scanned < frame.num_components
    decoded_bytes = 2 * frame.num_samples if is_kept_whole else frame.width * frame.height // 2
    return Header("JPEG", frame.width, frame.height, max(decoded_bytes, 1), orientation, b"".join(kept))


def _walk(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Walk over the segments up to the first scan: marker, and where their data begins and ends."""
    place, marker = len(START), 0
    while marker != SCAN:
        while content[place : place + 2] == b"\xff\xff":
            place += 1
        if place + 4 >= len(content) or content[place] != 0xFF:
            raise PictureDamagedError
        marker = content[place + 1]
        (length,) = _NUMBER.unpack_from(content, place + 2)
        begin, end = place + 4, place + 2 + length
        if length < 3 or end > len(content):
            raise PictureDamagedError
        yield marker, begin, end
        place = end


def _read_frame(marker: int, segment: bytes) -> _Frame:
    height, width, num = _FRAME.unpack_from(segment.ljust(_FRAME.size, b"\0"))
    if num == 0 or len(segment) < _FRAME.size + 3 * num:
        raise PictureDamagedError
    # Each component's factors, across in the upper and down in the lower four bits.
    factors = [segment[_FRAME.size + 3 * k + 1] for k in range(num)]
    areas = [(each >> 4) * (each & 15) for each in factors]
    whole = max(each >> 4 for each in factors) * max(each & 15 for each in factors)
    if whole == 0:
        raise PictureDamagedError
    return _Frame(width, height, num, width * height * sum(areas) // whole, marker in PROGRESSIVE)
