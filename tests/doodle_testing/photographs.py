"""Pictures of real drawings as people send them: other pens, other paper, photographed, squeezed into a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from math import cos, pi, radians, sin
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from doodle_db.ink import InkStrokes, rasterise

Plane = NDArray[np.float64]
Colour = tuple[int, int, int]
Rng = np.random.Generator

OVERSAMPLING = 2
"""Lines are drawn this many times as large, then averaged: their edges are soft."""


@dataclass(frozen=True)
class Scene:
    """
    How a drawing was made and photographed.

    Attributes:
        size: height and width of the picture, px.
        share: of the picture's shorter side that the drawing takes, least and most.
        pen: diameter over the drawing's size, least and most.
        ink, paper: colours.
        max_turn: degrees to either side.
        light: how much darker the far corner may be, 0..1.
        has_shadow: whether something with a hard edge throws one.
        has_table: whether there is a table around the sheet.
        rule: px between the sheet's printed lines; 0 none.
        grain: standard deviation of the paper's and of the camera's noise, of 255.
        fills: whether the largest shape is filled.
        quality: of the JPEG; None: PNG.
    """

    size: tuple[int, int] = (500, 500)
    share: tuple[float, float] = (0.75, 0.75)
    pen: tuple[float, float] = (0.02, 0.02)
    ink: Colour = (20, 20, 25)
    paper: Colour = (255, 255, 255)
    max_turn: float = 0
    light: float = 0
    has_shadow: bool = False
    has_table: bool = False
    rule: int = 0
    grain: float = 0
    fills: bool = False
    quality: int | None = None


PLAIN = Scene()
PHOTO = Scene(
    (800, 600), (0.45, 0.7), (0.01, 0.03), (25, 30, 90), (243, 240, 232), 15, 0.5, False, True, grain=4, quality=70
)
CHALK = replace(PHOTO, pen=(0.02, 0.04), ink=(225, 225, 215), paper=(45, 65, 52), has_table=False)

SCENES: Mapping[str, Scene] = MappingProxyType(
    {
        "thin pen, 600 px": replace(PLAIN, size=(600, 600), pen=(0.003, 0.003)),
        "pen, 64 px": replace(PLAIN, size=(64, 64), pen=(0.03, 0.03)),
        "thick marker": replace(PLAIN, pen=(0.08, 0.08)),
        "thick, cropped tightly": replace(PLAIN, size=(300, 300), share=(0.98, 0.98), pen=(0.06, 0.06)),
        "yellow ink": replace(PLAIN, ink=(250, 215, 30), pen=(0.03, 0.03)),
        "filled": replace(PLAIN, ink=(60, 60, 60), fills=True),
        "light on dark": replace(PLAIN, ink=(235, 235, 235), paper=(30, 30, 34)),
        "turned by up to 15 degrees": replace(PLAIN, max_turn=15),
        "JPEG, quality 20": replace(PLAIN, quality=20),
        "scan": replace(PHOTO, max_turn=0, light=0.1, has_table=False, grain=3),
        "photo": PHOTO,
        "photo, pencil": replace(PHOTO, pen=(0.005, 0.009), ink=(115, 115, 118)),
        "photo, marker": replace(PHOTO, pen=(0.04, 0.07)),
        "photo, hard shadow": replace(PHOTO, has_shadow=True),
        "photo, squared paper": replace(PHOTO, rule=22),
        "photo, chalk on a board": CHALK,
    }
)

Take = Callable[[InkStrokes, Rng], bytes]


def photograph(scene: Scene) -> Take:
    """Give what makes a file of a drawing in a scene."""

    def take(strokes: InkStrokes, rng: Rng) -> bytes:
        ink = _draw(strokes, scene, rng)[..., np.newaxis]
        sheet = np.asarray(scene.paper) + _make_grain(scene, rng, 1)
        if scene.rule:
            for lines in (sheet[:: scene.rule], sheet[:, :: scene.rule]):
                lines[:] = lines * 0.4 + 0.6 * np.array([150, 180, 225])
        picture = sheet * (1 - ink) + np.asarray(scene.ink) * ink
        if scene.has_table:
            picture = _lay_on_table(picture, scene, rng)
        picture *= _light(scene, rng)[..., np.newaxis]
        return encode(picture + _make_grain(scene, rng, 3), scene.quality, rng.uniform(0.3, 1.3) if scene.grain else 0)

    return take


def screenshot(strokes: InkStrokes, rng: Rng) -> bytes:
    """Give a drawing on nothing, in black or in white."""
    ink = _draw(strokes, PLAIN, rng)
    pixels = np.zeros((*ink.shape, 4))
    pixels[..., :3] = 255 * rng.integers(2)
    pixels[..., 3] = 255 * ink
    return encode(pixels)


def own_bitmap(strokes: InkStrokes, rng: Rng) -> bytes:
    """Give the very bitmap that the network is trained on."""
    return encode(np.repeat(rasterise(strokes, 28, 28)[..., np.newaxis], 3, axis=-1).astype(float))


TAKES: Mapping[str, Take] = MappingProxyType(
    {"the bitmap itself, 28 x 28": own_bitmap, "transparent, black or white": screenshot}
    | {name: photograph(scene) for name, scene in SCENES.items()}
)


def encode(picture: Plane, quality: int | None = None, blur: float = 0) -> bytes:
    """Write a picture, 0..255, shape (height, width, 3 or 4), to a file: JPEG of some quality, or PNG."""
    image = Image.fromarray(np.clip(np.round(picture), 0, 255).astype(np.uint8))
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    file = BytesIO()
    image.save(file, "JPEG" if quality else "PNG", quality=quality)
    return file.getvalue()


def _draw(strokes: InkStrokes, scene: Scene, rng: Rng) -> Plane:
    """Draw with a round pen somewhere on the sheet; 0 paper, 1 ink."""
    height, width = scene.size
    turn = radians(rng.uniform(-scene.max_turn, scene.max_turn))
    turned = [
        [(x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)) for x, y in zip(*stroke, strict=True)]
        for stroke in strokes
    ]
    points = np.array([point for stroke in turned for point in stroke])
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    side = rng.uniform(*scene.share) * min(height, width)
    scale = side / max(extent.max(), 1)
    # In the middle, or, where there is room, a little beside it.
    where = rng.uniform(0.5 - scene.light / 3, 0.5 + scene.light / 3, 2)
    offset = (np.array([width, height]) - extent * scale) * where
    pen = max(rng.uniform(*scene.pen) * side, 0.8) * OVERSAMPLING
    image = Image.new("L", (width * OVERSAMPLING, height * OVERSAMPLING))
    largest = max(range(len(turned)), key=lambda index: _measure_area(turned[index]))
    for index, stroke in enumerate(turned):
        path = (((np.array(stroke) - low) * scale + offset) * OVERSAMPLING).tolist()
        _draw_stroke(ImageDraw.Draw(image), [tuple(point) for point in path], pen, scene.fills and index == largest)
    return np.asarray(image.reduce(OVERSAMPLING), np.float64) / 255


def _draw_stroke(canvas: ImageDraw.ImageDraw, path: list[tuple[float, float]], pen: float, is_filled: bool) -> None:
    if is_filled and len(path) > 2:
        canvas.polygon(path, fill=255)
    canvas.line(path, fill=255, width=max(1, round(pen)))
    for x, y in path:
        canvas.ellipse([x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2], fill=255)


def _measure_area(stroke: list[tuple[float, float]]) -> float:
    xs, ys = np.array(stroke).T
    return abs(float(np.sum(xs * np.roll(ys, 1) - ys * np.roll(xs, 1)))) / 2


def _make_grain(scene: Scene, rng: Rng, num_channels: int) -> Plane:
    """Make noise of single pixels and of patches, as paper and cameras have it."""
    height, width = scene.size
    if not scene.grain:
        return np.zeros((height, width, num_channels))
    patches = _make_clouds(scene.size, 6, rng) + _make_clouds(scene.size, 24, rng)
    noise = rng.standard_normal((height, width, num_channels), np.float32)
    return np.asarray(scene.grain * (noise + patches[..., np.newaxis]))


def _make_clouds(size: tuple[int, int], scale: int, rng: Rng) -> Plane:
    height, width = size
    coarse = rng.normal(0, 1, (height // scale + 2, width // scale + 2)).astype(np.float32)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC), np.float64)


def _lay_on_table(sheet: Plane, scene: Scene, rng: Rng) -> Plane:
    """Put a sheet, a little askew, on wood or cloth."""
    height, width = scene.size
    y, x = np.mgrid[0:height, 0:width]
    left, right, top, bottom = rng.uniform(0.02, 0.1, 4)
    askew = rng.uniform(-0.04, 0.04)
    across, down = x / width - askew * (y / height - 0.5), y / height + askew * (x / width - 0.5)
    on_sheet = (across > left) & (across < 1 - right) & (down > top) & (down < 1 - bottom)
    colour = np.array([(120, 85, 55), (60, 60, 65), (160, 130, 100), (35, 70, 50)][rng.integers(4)])
    grain = 12 * _make_clouds(scene.size, 8, rng) + 8 * np.sin(y / height * 120 + _make_clouds(scene.size, 40, rng))
    return np.where(on_sheet[..., np.newaxis], sheet, colour + grain[..., np.newaxis])


def _light(scene: Scene, rng: Rng) -> Plane:
    """Make light that falls off to one side and to the corners, and a shadow; 1 is full light."""
    height, width = scene.size
    y, x = np.mgrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j]
    turn = rng.uniform(0, 2 * pi)
    along = x * cos(turn) + y * sin(turn)
    light = 1 + scene.light * (along - 0.5 - 0.5 * (x * x + y * y))
    if scene.has_shadow:
        light = light * np.where(along > rng.uniform(-0.2, 0.2), 0.65, 1)
    return np.asarray(light)
