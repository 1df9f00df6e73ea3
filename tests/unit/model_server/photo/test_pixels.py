"""Files that people send, well-meant and not."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from doodle_testing.odd_pictures import (
    SIDE_PX,
    blank_png,
    jpeg_in_pieces,
    png_in_pieces,
    webp_frame_in_pieces,
    webp_in_pieces,
)
from model_server.photo import (
    PhotoError,
    PictureDamagedError,
    PictureSizeError,
    PictureTypeError,
    read_pixels,
)

Pixels = NDArray[np.uint8]

ORIENTATION = 0x0112

PEAK = """
import sys
from pathlib import Path
from model_server.photo import read_pixels

def read_peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024

before = read_peak()
for path in sys.argv[1:]:
    read_pixels(Path(path).read_bytes())
print(read_peak() - before)
"""


def picture() -> Pixels:
    """Make a small picture of four fields that no turn and no mirror maps onto itself."""
    fields = np.array([[[200, 30, 30], [30, 200, 30], [30, 30, 200]], [[240, 240, 240], [20, 20, 20], [200, 200, 40]]])
    return np.kron(fields, np.ones((16, 16, 1))).astype(np.uint8)


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Write a picture to a file."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def measure_distance(pixels: Pixels, expected: Pixels) -> float:
    """Give the mean distance of colours, 0..255."""
    assert pixels[..., :3].shape == expected.shape
    return float(np.abs(pixels[..., :3].astype(int) - expected).mean())


@pytest.mark.parametrize(
    ("kind", "mode", "options", "tolerance"),
    [
        ("PNG", "RGB", {}, 0),
        ("PNG", "RGBA", {}, 0),
        ("PNG", "P", {}, 30),
        ("JPEG", "RGB", {"quality": 95}, 4),
        ("JPEG", "RGB", {"quality": 95, "progressive": True}, 4),
        ("JPEG", "CMYK", {"quality": 95}, 4),
        ("WEBP", "RGB", {"lossless": True}, 0),
        ("WEBP", "RGBA", {"quality": 95}, 6),
    ],
)
def test_formats(kind: str, mode: str, options: dict[str, Any], tolerance: float) -> None:
    """A picture is the same whatever file it comes in."""
    content = encode(Image.fromarray(picture()).convert(mode), kind, **options)

    pixels = read_pixels(content)

    assert measure_distance(pixels, picture()) <= tolerance
    assert pixels.dtype == np.uint8
    assert (pixels[..., 3] == 255).all()


@pytest.mark.parametrize("mode", ["L", "LA", "1"])
def test_grey_formats(mode: str) -> None:
    """Grey pictures are read with as many bits as they have."""
    grey = np.kron(np.array([[0, 255], [255, 0]]), np.ones((20, 20))).astype(np.uint8)

    pixels = read_pixels(encode(Image.fromarray(grey).convert(mode), "PNG"))

    assert np.array_equal(pixels[..., 0], grey)


def test_sixteen_bits() -> None:
    """16 bits of grey are scaled to 8, not cut off at 255."""
    grey = np.arange(0, 65536, 64, dtype=np.uint16).reshape(32, 32)

    pixels = read_pixels(encode(Image.fromarray(grey), "PNG"))

    assert np.array_equal(pixels[..., 0], grey >> 8)


def test_transparent_palette() -> None:
    """A palette's transparent colour is transparent."""
    image = Image.new("P", (8, 8), 1)
    image.putpalette([255, 0, 0, 0, 0, 255])

    assert (read_pixels(encode(image, "PNG", transparency=1))[..., 3] == 0).all()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_orientation(kind: str, orientation: int) -> None:
    """A telephone's picture stands upright however it was held."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    # How an upright picture lies in the file: the inverse of what Exif says is to be done.
    held: dict[int, Image.Transpose] = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = Image.fromarray(picture())
    lying = image.transpose(held[orientation]) if orientation in held else image

    pixels = read_pixels(encode(lying, kind, exif=exif, quality=95))

    assert measure_distance(pixels, picture()) < 6


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animation(kind: str) -> None:
    """Of an animation the first frame counts."""
    image = Image.fromarray(picture())
    frames = [image.rotate(90), image.rotate(180)]

    pixels = read_pixels(encode(image, kind, save_all=True, append_images=frames, lossless=True))

    assert measure_distance(pixels, picture()) == 0


def test_shrinks() -> None:
    """A large picture comes small, its averages kept and its transparent parts' colour not mixed in."""
    large = np.zeros((1000, 1500, 4), np.uint8)
    large[:, 750:] = (200, 100, 50, 255)

    pixels = read_pixels(encode(Image.fromarray(large), "PNG"))

    assert pixels.shape == (334, 500, 4)
    assert pixels[100, 100, 3] == 0
    assert pixels[100, 400].tolist() == [200, 100, 50, 255]


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_formats(kind: str) -> None:
    """What is no PNG, JPEG or WebP is refused, though Pillow could read it."""
    content = encode(Image.fromarray(picture()), kind)

    with pytest.raises(PictureTypeError, match="neither a PNG"):
        read_pixels(content)


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"\x89PNG", b"RIFF\0\0\0\0WAVE", b"\xff\xd8", b"a.png", bytes(64)])
def test_no_pictures(content: bytes) -> None:
    """It is the content that counts, not what somebody calls it."""
    with pytest.raises(PictureTypeError):
        read_pixels(content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_cut_off(kind: str) -> None:
    """A picture that ends too early is refused, wherever it ends."""
    content = encode(Image.fromarray(picture()), kind)

    for length in range(12, len(content) - 12, 7):
        with pytest.raises((PictureDamagedError, PictureTypeError)):
            read_pixels(content[:length])


def test_damaged() -> None:
    """Whatever is wrong with a file, it is said to be its fault, not ours."""
    image = Image.fromarray(picture())
    files = [
        encode(image, "PNG"),
        encode(image, "JPEG"),
        encode(image, "WEBP"),
        encode(image, "JPEG", progressive=True),
    ]
    random = Random(7)

    for _ in range(400):
        content = bytearray(random.choice(files))
        for _ in range(random.choice([1, 3, 10])):
            content[random.randrange(12, len(content))] = random.randrange(256)
        with suppress(PhotoError):
            read_pixels(bytes(content))


def _claim(content: bytes, place: int, size: bytes) -> bytes:
    return content[:place] + size + content[place + len(size) :]


def _bombs() -> dict[str, bytes]:
    """Make small files that claim to be large pictures."""
    image = Image.fromarray(picture())
    jpeg, progressive = encode(image, "JPEG"), encode(image, "JPEG", progressive=True, subsampling=0)
    png, webp = encode(image, "PNG"), encode(image, "WEBP", lossless=True)
    return {
        "PNG of 60,000 x 60,000": _claim(png, 16, (60_000).to_bytes(4, "big") * 2),
        "PNG of 4,000 x 4,000 in colour": _claim(png, 16, (4_000).to_bytes(4, "big") * 2),
        "JPEG of 65,000 x 65,000": _claim(jpeg, jpeg.index(b"\xff\xc0") + 5, (65_000).to_bytes(2, "big") * 2),
        "JPEG of 65,535 x 700, in scans": _claim(
            progressive, progressive.index(b"\xff\xc2") + 5, (700).to_bytes(2, "big") + b"\xff\xff"
        ),
        "JPEG of 40 scans": progressive[:-2] + b"\xff\xda" * 40,
        "WebP of 16,384 x 16,384": _claim(webp, 21, b"\xff\xff\xff\x0f"),
        "a file of 21 MB": png + bytes(21_000_000),
    }


@pytest.mark.parametrize(("width", "height"), [(100_000, 500), (500, 100_000), (49_999_999, 1), (16_385, 9)])
def test_long_sides(width: int, height: int) -> None:
    """A row's length costs memory of its own: of few pixels in all, too many may lie in one."""
    with pytest.raises(PictureSizeError, match="of a side"):
        read_pixels(blank_png(width, height))


@pytest.mark.parametrize("write", [png_in_pieces, jpeg_in_pieces, webp_in_pieces, webp_frame_in_pieces])
def test_pieces(write: Callable[[int], bytes]) -> None:
    """So does each part of a file, however little is in it: too many are refused before anything is kept of them."""
    with pytest.raises(PictureSizeError, match="parts"):
        read_pixels(write(21_000))


@pytest.mark.parametrize("write", [png_in_pieces, webp_in_pieces])
def test_some_pieces(write: Callable[[int], bytes]) -> None:
    """A picture that was written in thousands of pieces is read like any other."""
    assert read_pixels(write(3_000)).shape == (SIDE_PX, SIDE_PX, 4)


@pytest.mark.parametrize(("name", "content"), _bombs().items(), ids=_bombs().keys())
def test_bombs(name: str, content: bytes) -> None:
    """A picture that would take too much is refused by its header, before anything is decoded."""
    with pytest.raises(PictureSizeError):
        read_pixels(content)


def test_empty_picture() -> None:
    """A picture of no pixels is no picture."""
    with pytest.raises(PictureDamagedError):
        read_pixels(_claim(encode(Image.fromarray(picture()), "PNG"), 16, bytes(8)))


def test_memory(tmp_path: Path) -> None:
    """The largest pictures that are taken stay under 100 MB, the file included."""
    grey: Any = (200, 200, 200)
    paths = [tmp_path / name for name in ("png", "jpeg", "scans", "webp", "wide", "high", "pieces")]
    paths[0].write_bytes(encode(Image.new("RGBA", (4_000, 3_100), (*grey, 99)), "PNG", compress_level=1))
    paths[1].write_bytes(encode(Image.new("L", (8_000, 6_200), 200), "JPEG"))
    paths[2].write_bytes(encode(Image.new("RGB", (4_600, 3_600), grey), "JPEG", progressive=True))
    paths[3].write_bytes(encode(Image.new("RGBA", (2_040, 2_030), (*grey, 99)), "WEBP", lossless=True, method=0))
    paths[4].write_bytes(blank_png(16_384, 3_051))
    paths[5].write_bytes(blank_png(3_051, 16_384))
    paths[6].write_bytes(png_in_pieces(19_000))

    done = subprocess.run([sys.executable, "-c", PEAK, *paths], capture_output=True, text=True, check=True)

    assert float(done.stdout) + max(path.stat().st_size for path in paths) / 2**20 < 95
