"""Picture files of drawings, as people have them: exported, photographed, on the dark, turned; and spoilt ones."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, ImageDraw

from doodle_db.ink.limits import BOX_MAX
from doodle_testing.real_drawings import InkStrokes

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
PAPER: Colour = (247, 245, 240)
PENCIL: Colour = (38, 40, 52)
NIGHT: Colour = (18, 20, 28)
CHALK: Colour = (235, 233, 225)

TURNED_LEFT = 6
"""Exif orientation of a picture that must be turned clockwise by 90 degrees to be seen upright."""


@dataclass(frozen=True)
class Look:
    """
    How a drawing is put into a picture.

    Attributes:
        width_px: of the picture.
        height_px: of the picture.
        pen_px: width of its lines.
        ink: their colour, RGB.
        paper: what they are on, RGB.
    """

    width_px: int = 900
    height_px: int = 700
    pen_px: int = 9
    ink: Colour = PENCIL
    paper: Colour = WHITE


def paint(strokes: InkStrokes, look: Look = Look()) -> Image.Image:
    """Draw strokes in the middle of a picture, with round joints and ends."""
    image = Image.new("RGB", (look.width_px, look.height_px), look.paper)
    draw_on = ImageDraw.Draw(image)
    scale = 0.7 * min(look.width_px, look.height_px) / BOX_MAX
    left, top = (look.width_px - scale * BOX_MAX) / 2, (look.height_px - scale * BOX_MAX) / 2
    for xs, ys in strokes:
        points = [(left + scale * x, top + scale * y) for x, y in zip(xs, ys, strict=True)]
        draw_on.line(points, fill=look.ink, width=look.pen_px, joint="curve")
        for x, y in points:
            radius = look.pen_px / 2
            draw_on.ellipse((x - radius, y - radius, x + radius, y + radius), fill=look.ink)
    return image


def as_png(image: Image.Image) -> bytes:
    """Save as PNG."""
    return _save(image, "PNG")


def as_webp(image: Image.Image) -> bytes:
    """Save as WebP without loss."""
    return _save(image, "WEBP", lossless=True)


def as_transparent_png(strokes: InkStrokes, look: Look = Look()) -> bytes:
    """Save as PNG with ink only: what is paper is transparent, and black underneath."""
    ink = paint(strokes, Look(look.width_px, look.height_px, look.pen_px, ink=WHITE, paper=(0, 0, 0))).convert("L")
    image = Image.new("RGBA", ink.size, (0, 0, 0, 0))
    image.paste((*look.ink, 255), mask=ink)
    return as_png(image)


def as_turned_jpeg(image: Image.Image) -> bytes:
    """Save as a camera does that was held sideways: the pixels lie on their side, and Exif says so."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = TURNED_LEFT
    return _save(image.rotate(90, expand=True), "JPEG", quality=90, exif=exif)


def cut_off(content: bytes) -> bytes:
    """Keep the head of a file, as when a download breaks off."""
    return content[:200]


def declare_pixels(width: int, height: int) -> bytes:
    """Make a PNG that says that it is so large, with hardly anything in it: a decompression bomb's outside."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_as_chunk(kind, data) for kind, data in chunks)


def _as_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _save(image: Image.Image, form: str, **options: object) -> bytes:
    content = BytesIO()
    image.save(content, form, **options)
    return content.getvalue()
